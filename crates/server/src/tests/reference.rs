//! What is generated and published has to be what stands in `docs/reference`.

use axum::http::Method;
use countersign_wire::Code;

use super::Harness;

fn reference(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(name)
}

/// Compares with the file; `UPDATE_REFERENCE=1` writes it instead.
fn assert_published(name: &str, generated: &str) {
    let path = reference(name);
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, generated).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == generated,
        "docs/reference/{name} is not what the server does now: run `UPDATE_REFERENCE=1 cargo test -p countersign-server reference`"
    );
}

#[test]
fn the_published_openapi_document_is_the_one_of_the_server() {
    let mut generated = crate::openapi().to_pretty_json().unwrap();
    generated.push('\n');
    assert!(generated.starts_with("{\n  \"openapi\": \"3.1.0\""));
    assert_published("openapi.json", &generated);
}

#[test]
fn the_published_error_codes_are_those_of_the_server() {
    let mut page = String::from(
        "# Error codes\n\nEvery error is `application/problem+json` (RFC 9457) with one of these codes. `detail` says what\nwent wrong this time, `path` where in the request, `next` what to do.\n\n| code | status | means | what to do |\n| --- | --- | --- | --- |\n",
    );
    for code in Code::ALL {
        page.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            code.as_str(),
            code.status(),
            code.title(),
            code.next()
        ));
    }
    assert_published("errors.md", &page);
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let h = Harness::start().await;
    for (path, kind) in [
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/docs", "text/html; charset=utf-8"),
        ("/api/v1/docs.css", "text/css"),
        ("/", "text/html; charset=utf-8"),
        ("/approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA", "text/html; charset=utf-8"),
    ] {
        let response = h.admin.raw(Method::GET, path, &[], "").await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], kind, "{path}");
        assert!(response.headers().contains_key("x-request-id"));
    }
}
