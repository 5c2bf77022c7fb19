use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderMap;

use super::*;
use crate::delivery::{Bounds, Egress, EgressError, Names, Network, Refusal};

const BOUNDS: Bounds = Bounds { time: Duration::from_millis(500), answer: 64 * 1024 };

/// A way out with names of its own: `inside.test` and `mixed.test` lead to this machine.
fn egress(opened: &[&str]) -> Egress {
    let here: IpAddr = "127.0.0.1".parse().unwrap();
    let other: IpAddr = "127.0.0.9".parse().unwrap();
    let names = HashMap::from([
        ("inside.test".to_owned(), vec![here]),
        ("mixed.test".to_owned(), vec![other, here]),
    ]);
    let opened: Vec<Network> = opened.iter().map(|net| net.parse().unwrap()).collect();
    Egress::with(&opened, Names::Table(names), BOUNDS)
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([("webhook-id".parse().unwrap(), "dlv_1".parse().unwrap())])
}

async fn post(egress: &Egress, url: &str) -> Result<(u16, Vec<u8>), EgressError> {
    let answered = egress.post(url, headers(), "{}".to_owned()).await?;
    Ok((answered.status, answered.body))
}

#[tokio::test]
async fn an_address_in_a_url_is_refused_before_anything_is_connected() {
    let receiver = Receiver::start(Answers::With(200, "")).await;
    let closed = egress(&[]);
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "127.1"] {
        let url = receiver.url_of(host);
        let refused = post(&closed, &url).await;
        assert!(matches!(refused, Err(EgressError::Refused(Refusal::NotPublic(_)))), "{url}");
        assert_eq!(post(&egress(&["127.0.0.0/8"]), &url).await, Ok((200, vec![])), "{url}");
    }
    assert_eq!(receiver.calls(), 6, "only where it was opened");
}

#[tokio::test]
async fn a_webhook_to_an_address_that_is_never_called_is_refused_when_it_is_added() {
    let h = Harness::with_egress(egress(&[])).await;
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "10.0.0.7",
        "100.64.1.1",
        "[fd00::1]",
        "[fe80::1]",
    ] {
        let body = json!({"url": format!("http://{host}/hook")});
        let (status, answer) = h.admin.sends(Method::POST, "webhooks", Some(body)).await;
        assert_eq!((status.as_u16(), &answer["path"]), (422, &json!("$.url")), "{host}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.contains("is not a public address"), "{detail}");
    }
    assert_eq!(h.admin.gets("webhooks").await["items"], json!([]));
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused_at_delivery() {
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let h = Harness::with_egress(egress(&["127.0.0.9"])).await;
    let agent = h.agent("support").await;
    for name in ["inside.test", "mixed.test"] {
        let hook = Hook::add_for(&h, &receiver.url_of(name), &["approval.created"]).await;
        agent.asks(1).await;
        let delivery = hook.attempted(1).await;
        let error = delivery["attempts"][0]["error"].as_str().unwrap();
        let expected = format!("`{name}` leads to `127.0.0.1`, which is not a public address; ");
        assert!(error.starts_with(&expected), "{error}");
        h.admin.sends(Method::DELETE, &hook.path(""), None).await;
    }
    let unknown = Hook::add_for(&h, "http://nowhere.test/", &["approval.created"]).await;
    agent.asks(2).await;
    assert_eq!(unknown.attempted(1).await["attempts"][0]["error"], "the name is not known");
    assert_eq!(receiver.calls(), 0);

    let h = Harness::with_egress(egress(&["127.0.0.1"])).await;
    Hook::add_for(&h, &receiver.url_of("inside.test"), &["approval.created"]).await;
    h.agent("support").await.asks(1).await;
    assert!(receiver.gets().await.header("host").starts_with("inside.test:"));
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_goes_nowhere() {
    let h = Harness::start().await;
    let inside = Receiver::start(Answers::With(200, "secret")).await;
    let mut receiver = Receiver::start(Answers::Elsewhere(inside.url())).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    h.agent("support").await.asks(1).await;
    receiver.gets().await;
    let delivery = hook.attempted(1).await;
    assert_eq!(
        (&delivery["state"], &delivery["attempts"][0]["status"]),
        (&json!("pending"), &json!(307))
    );
    let came = h.admin.posts(&hook.path("/test"), json!({})).await;
    assert_eq!((&came["succeeded"], &came["status"]), (&json!(false), &json!(307)));
    assert_eq!(inside.calls(), 0);
}

#[tokio::test]
async fn answers_are_cut_in_size_and_in_time() {
    let open = egress(&["127.0.0.0/8"]);
    for (answers, length) in [
        (Answers::Bytes(10), 10),
        (Answers::Bytes(64 * 1024), 64 * 1024),
        (Answers::Bytes(5_000_000), 64 * 1024),
        (Answers::Endless, 64 * 1024),
        (Answers::Silent, 0),
    ] {
        let receiver = Receiver::start(answers.clone()).await;
        let start = tokio::time::Instant::now();
        let (status, body) = post(&open, &receiver.url()).await.unwrap();
        assert_eq!((status, body.len()), (200, length), "{answers:?}");
        assert!(start.elapsed() < Duration::from_secs(2), "{answers:?}");
    }
    let receiver = Receiver::start(Answers::Never).await;
    assert_eq!(post(&open, &receiver.url()).await, Err(EgressError::Late(BOUNDS.time)));
}

#[tokio::test]
async fn of_an_answer_the_beginning_is_kept() {
    let h = Harness::start().await;
    let receiver = Receiver::start(Answers::Endless).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    h.agent("support").await.asks(1).await;
    let delivery = hook.attempted(1).await;
    assert_eq!(delivery["state"], "delivered");
    assert_eq!(delivery["attempts"][0]["answer"], "y".repeat(500));
}
