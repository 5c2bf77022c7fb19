//! Style sheets and scripts, in the binary. Their address holds a hash of all of them, so that a browser keeps
//! them for ever and still never mixes two versions.
//!
//! They are sent compressed to whoever takes that. Pages are not: a page holds secrets beside text that others chose,
//! and its length would tell whether the two are alike (the attack is called BREACH).

use std::io::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::app::Error;
use crate::http::{Failure, Shared};

/// Everything that is served, by name.
const FILES: &[(&str, &str)] = &[
    ("countersign.css", ""),
    ("admin.css", include_str!("../static/css/admin.css")),
    ("list.css", include_str!("../static/css/list.css")),
    ("main.js", include_str!("../static/main.js")),
    ("times.js", include_str!("../static/times.js")),
    ("live.js", include_str!("../static/live.js")),
    ("inbox.js", include_str!("../static/inbox.js")),
    ("frozen.js", include_str!("../static/frozen.js")),
    ("card.js", include_str!("../static/card.js")),
    ("drafts.js", include_str!("../static/drafts.js")),
    ("unsent.js", include_str!("../static/unsent.js")),
    ("keys.js", include_str!("../static/keys.js")),
    ("passkeys.js", include_str!("../static/passkeys.js")),
    ("palette.js", include_str!("../static/palette.js")),
    ("seen.js", include_str!("../static/seen.js")),
    ("tables.js", include_str!("../static/tables.js")),
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

/// A style sheet without the blanks, the lines of comment and the last semicolons that only its readers need. No text in
/// quotes is touched by these rules.
fn squeezed(css: &str) -> String {
    let says = |line: &&str| !line.is_empty() && !line.starts_with("/*");
    let lines: Vec<&str> = css.lines().map(str::trim).filter(says).collect();
    let rules = [
        ("; ", ";"),
        ("{ ", "{"),
        (" {", "{"),
        (" }", "}"),
        ("} ", "}"),
        (": ", ":"),
        (", ", ","),
        (";}", "}"),
    ];
    rules.iter().fold(lines.join(" "), |css, (from, to)| css.replace(from, to))
}

/// The routes of the files.
pub(in crate::dashboard) fn router() -> Router<Shared> {
    Router::new().route("/static/{version}/{name}", get(file))
}

/// A file as it is sent.
struct File {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    /// RFC 1952; `None` where that is not shorter.
    gzip: Option<Vec<u8>>,
}

static SENT: LazyLock<Vec<File>> = LazyLock::new(|| {
    let file = |&(name, content): &(&'static str, &'static str)| {
        let plain = if content.is_empty() { STYLE_SHEET.as_bytes() } else { content.as_bytes() };
        let kind = match name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some(_) | None => "text/javascript; charset=utf-8",
        };
        File { name, kind, plain, gzip: gzip(plain) }
    };
    FILES.iter().map(file).collect()
});

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory fails never; if it did, the file would be sent as it is.
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().filter(|gzip| gzip.len() < plain.len())
}

async fn file(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let current = BASE.ends_with(&version) && version.len() == 16;
    let Some(file) = SENT.iter().find(|file| current && file.name == name) else {
        return Failure(Error::not_found("file", &name)).into_response();
    };
    let sent = [
        (header::CONTENT_TYPE, file.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-encoding"),
    ];
    match &file.gzip {
        Some(gzip) if takes_gzip(&headers) => {
            (sent, [(header::CONTENT_ENCODING, "gzip")], gzip.as_slice()).into_response()
        }
        Some(_) | None => (sent, file.plain).into_response(),
    }
}

/// Whether `gzip` is among what a client takes (RFC 9110, 12.5.3), and not with a weight of zero.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).into_iter();
    listed.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn whoever_takes_it_gets_a_file_compressed_and_whole() {
        let style = SENT.iter().find(|file| file.name == "countersign.css").unwrap();
        let gzip = style.gzip.as_deref().unwrap();
        let mut read = Vec::new();
        GzDecoder::new(gzip).read_to_end(&mut read).unwrap();
        assert_eq!(read, style.plain);
        assert!(gzip.len() * 3 < style.plain.len(), "{}", gzip.len());
        for (accept, takes) in [
            (None, false),
            (Some("br"), false),
            (Some("gzip"), true),
            (Some("br, GZIP;q=0.5"), true),
            (Some("gzip;q=0, br"), false),
            (Some("gzip; q=0.0"), false),
            (Some("gzipped"), false),
        ] {
            let headers = accept.map(|value| (header::ACCEPT_ENCODING, value.parse().unwrap()));
            assert_eq!(takes_gzip(&headers.into_iter().collect()), takes, "{accept:?}");
        }
    }

    #[test]
    fn a_style_sheet_loses_blanks_and_nothing_else() {
        let css = "@layer pages {\n  /* why */\n  .a, .b > i:hover {\n    margin: 0 1px; inset: calc(1px + 2px) auto; &::before { content: \" \"; }\n  }\n}\n";
        let short = "@layer pages{.a,.b > i:hover{margin:0 1px;inset:calc(1px + 2px) auto;&::before{content:\" \"}}}";
        assert_eq!(squeezed(css), short);
    }
}
