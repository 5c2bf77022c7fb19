//! What is generated and published has to be what stands in `docs/reference`.

use axum::http::Method;
use countersign_domain::audit::Kind;
use countersign_domain::notification::Event;
use countersign_domain::policy::Decision;
use countersign_wire::Code;

use super::Harness;
use crate::metrics::{Metrics, Standing};

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

#[test]
fn the_published_events_are_those_of_the_server() {
    let mut page = String::from(
        "# Events\n\nStreams and webhooks carry these. A webhook's `data` has `approval_id`, `decision`, `action` and `context`\nat its top, frozen at the moment of the event.\n\n| event | told when |\n| --- | --- |\n",
    );
    for event in Event::ALL {
        page.push_str(&format!("| `{event}` | {} |\n", event.meaning()));
    }
    page.push_str("\n## Kinds of records\n\nThe record holds more than is announced:\n\n");
    for kind in Kind::ALL {
        page.push_str(&format!("- `{kind}`\n"));
    }
    assert_published("events.md", &page);
}

#[test]
fn the_published_metrics_are_those_of_the_server() {
    let metrics = Metrics::default();
    // A counter with labels is told of only once it has counted.
    metrics.answered(Decision::Allow);
    metrics.announced(Event::ApprovalCreated);
    let text = metrics.text(Standing::default()).unwrap();
    let mut page = String::from(
        "# Metrics\n\n`GET /metrics` gives these in the OpenMetrics text format. It needs no key: keep it off public networks.\n\n| metric | kind | what it is |\n| --- | --- | --- |\n",
    );
    for line in text.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
        let (name, help) = line.split_once(' ').unwrap();
        let kind =
            text.lines().find_map(|line| line.strip_prefix(&format!("# TYPE {name} "))).unwrap();
        page.push_str(&format!("| `{name}` | {kind} | {help} |\n"));
    }
    assert_published("metrics.md", &page);
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let h = Harness::start().await;
    for (path, kind) in [
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/docs", "text/html; charset=utf-8"),
        ("/api/v1/docs.css", "text/css"),
    ] {
        let response = h.admin.raw(Method::GET, path, &[], "").await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], kind, "{path}");
        assert!(response.headers().contains_key("x-request-id"));
    }
}
