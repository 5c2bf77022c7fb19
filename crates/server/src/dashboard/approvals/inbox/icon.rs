//! The icon of the tab, with how many requests wait.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// A picture of the seal, and a number beside it: `3.svg`, at most 99.
pub(in crate::dashboard::approvals) async fn show(Path(name): Path<String>) -> Response {
    let count = name.strip_suffix(".svg").and_then(|count| count.parse::<u32>().ok());
    let Some(count) = count.filter(|count| (1..=99).contains(count)) else {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    };
    let size = if count > 9 { 10 } else { 12 };
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path fill=\"#1f6f5c\" \
         d=\"M2 2h16v9c0 5-3.5 8-8 9.5C5.5 19 2 16 2 11z\"/><circle cx=\"15.500\" cy=\"15.500\" r=\"8.500\" fill=\"#b3261e\"/>\
         <text x=\"15.500\" y=\"{y}\" text-anchor=\"middle\" fill=\"#fff\" font-family=\"system-ui,sans-serif\" font-weight=\"700\" \
         font-size=\"{size}\">{count}</text></svg>",
        y = if count > 9 { "19.000" } else { "19.700" },
    );
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, picture).into_response()
}
