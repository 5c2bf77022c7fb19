//! Where the links in answers lead: a page that says how to look at an approval. It shows nothing of it,
//! because it does not know who is looking.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use crate::http::{ApprovalPath, Failure, Shared};

/// The routes of the pages.
pub(crate) fn router() -> Router<Shared> {
    Router::new().route("/", get(start)).route("/approvals/{id}", get(approval))
}

async fn start() -> impl IntoResponse {
    page(
        "Countersign",
        "<p>The server is running.</p><pre>countersign pending\ncountersign --help</pre>",
    )
}

async fn approval(id: Result<ApprovalPath, Failure>) -> Result<impl IntoResponse, Failure> {
    let id = id?.0;
    let body = format!(
        "<p>Look at it and answer it in a terminal, with your own token:</p><pre>countersign show {id}\n\
         countersign approve {id}\ncountersign deny {id} --reason \"…\"\ncountersign ask {id} \"…?\"</pre>"
    );
    Ok(page(&format!("Approval {id}"), &body))
}

fn page(title: &str, body: &str) -> impl IntoResponse + use<> {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content='width=device-width, initial-scale=1'><title>{title}</title>\
         <link rel=stylesheet href='/api/v1/docs.css'><main><h1>{title}</h1>{body}\
         <p><a href='/api/v1/docs'>API reference</a></p></main></html>"
    );
    (headers, Html(html))
}
