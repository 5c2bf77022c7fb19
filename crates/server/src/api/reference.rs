//! A page to read the OpenAPI document on: plain HTML, no script, nothing from elsewhere.

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse};
use countersign_wire::Code;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{OpenApi, PathItem, RefOr};

const STYLE: &str = include_str!("reference.css");

/// The page for a document.
pub(super) fn page(document: &OpenApi) -> String {
    let mut out = String::from("<!doctype html><html lang=en><meta charset=utf-8>");
    out.push_str("<meta name=viewport content='width=device-width, initial-scale=1'><title>Countersign API</title>");
    out.push_str("<link rel=stylesheet href='/api/v1/docs.css'><main><h1>Countersign API</h1>");
    out.push_str(
        "<p>The whole document: <a href='/api/v1/openapi.json'>openapi.json</a>. Errors are ",
    );
    out.push_str("<a href='#errors'>problems with stable codes</a>.</p>");
    for (path, item) in &document.paths.paths {
        for (method, operation) in operations(item) {
            describe(&mut out, (method, path), operation);
        }
    }
    errors(&mut out);
    out.push_str("</main></html>");
    out
}

/// The page with the headers that keep it to itself.
pub(super) fn secured(page: String) -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_SECURITY_POLICY, policy), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, Html(page))
}

/// The page's style sheet.
pub(super) fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css")], STYLE)
}

fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn describe(out: &mut String, (method, path): (&str, &str), operation: &Operation) {
    let summary = operation.summary.as_deref().unwrap_or_default();
    out.push_str(&format!(
        "<section><h2><b>{method}</b> <code>{path}</code></h2><p>{}</p>",
        escaped(summary)
    ));
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    // What stands in the path explains itself.
    let in_path = |parameter: &&Parameter| path.contains(&format!("{{{}}}", parameter.name));
    let parameters: Vec<_> =
        parameters.iter().filter_map(named).filter(|parameter| !in_path(parameter)).collect();
    if !parameters.is_empty() {
        out.push_str("<dl>");
        for parameter in parameters {
            let text = parameter.description.as_deref().unwrap_or_default();
            out.push_str(&format!(
                "<dt><code>{}</code></dt><dd>{}</dd>",
                escaped(&parameter.name),
                escaped(text)
            ));
        }
        out.push_str("</dl>");
    }
    out.push_str("</section>");
}

fn named(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

fn errors(out: &mut String) {
    out.push_str("<h1 id=errors>Errors</h1><dl>");
    for code in Code::ALL {
        let (text, status) = (code.as_str(), code.status());
        out.push_str(&format!(
            "<dt id='error-{text}'><code>{text}</code> ({status})</dt><dd>{}: {}</dd>",
            escaped(code.title()),
            escaped(code.next())
        ));
    }
    out.push_str("</dl>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
