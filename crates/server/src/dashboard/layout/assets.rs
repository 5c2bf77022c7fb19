//! Style sheets and scripts, in the binary. Their address holds a hash of all of them, so that a browser keeps
//! them for ever and still never mixes two versions.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::http::Shared;

/// Everything that is served, by name.
const FILES: &[(&str, &str)] = &[
    ("countersign.css", ""),
    ("admin.css", include_str!("../static/css/admin.css")),
    ("main.js", include_str!("../static/main.js")),
    ("times.js", include_str!("../static/times.js")),
    ("live.js", include_str!("../static/live.js")),
    ("inbox.js", include_str!("../static/inbox.js")),
    ("frozen.js", include_str!("../static/frozen.js")),
    ("card.js", include_str!("../static/card.js")),
    ("keys.js", include_str!("../static/keys.js")),
    ("passkeys.js", include_str!("../static/passkeys.js")),
    ("palette.js", include_str!("../static/palette.js")),
    ("step_up.js", include_str!("../static/step_up.js")),
    ("webauthn.js", include_str!("../static/webauthn.js")),
    ("icon.svg", include_str!("../static/icon.svg")),
];

/// The style sheet, layer by layer.
const STYLE: &[&str] = &[
    include_str!("../static/css/tokens.css"),
    include_str!("../static/css/base.css"),
    include_str!("../static/css/layout.css"),
    include_str!("../static/css/components.css"),
    include_str!("../static/css/inbox.css"),
    include_str!("../static/css/card.css"),
    include_str!("../static/css/figures.css"),
];

static STYLE_SHEET: LazyLock<String> = LazyLock::new(|| squeezed(&STYLE.concat()));

/// Where the files are, without a slash at the end.
pub(crate) static BASE: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (name, content) in FILES {
        hash.update(name.as_bytes());
        hash.update(content.as_bytes());
    }
    hash.update(STYLE_SHEET.as_bytes());
    let short: String = hex::encode(hash.finalize()).chars().take(16).collect();
    format!("/static/{short}")
});

/// A style sheet without the blanks that only its readers need. No text in quotes is touched by these rules.
fn squeezed(css: &str) -> String {
    let lines: Vec<&str> = css.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let rules =
        [("; ", ";"), ("{ ", "{"), (" {", "{"), (" }", "}"), ("} ", "}"), (": ", ":"), (", ", ",")];
    rules.iter().fold(lines.join(" "), |css, (from, to)| css.replace(from, to))
}

/// The routes of the files.
pub(in crate::dashboard) fn router() -> Router<Shared> {
    Router::new().route("/static/{version}/{name}", get(file))
}

async fn file(Path((version, name)): Path<(String, String)>) -> Response {
    let current = BASE.ends_with(&version) && version.len() == 16;
    let Some((name, content)) = FILES.iter().find(|(known, _)| current && *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content: &str = if content.is_empty() { &STYLE_SHEET } else { content };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "text/javascript; charset=utf-8",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::squeezed;

    #[test]
    fn a_style_sheet_loses_blanks_and_nothing_else() {
        let css = "@layer pages {\n  .a, .b > i:hover {\n    margin: 0 1px; inset: calc(1px + 2px) auto; &::before { content: \" \"; }\n  }\n}\n";
        let short = "@layer pages{.a,.b > i:hover{margin:0 1px;inset:calc(1px + 2px) auto;&::before{content:\" \";}}}";
        assert_eq!(squeezed(css), short);
    }
}
