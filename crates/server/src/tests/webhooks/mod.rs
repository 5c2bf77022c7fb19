//! Webhooks, with receivers on this machine.

mod guarded;
mod kept;
mod measured;
mod pages;
mod receiver;
mod retried;
mod told;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::receiver::{Answers, Receiver};
use super::{Caller, Harness, error};

/// A webhook as the admin sees it.
struct Hook {
    admin: Caller,
    id: String,
    secret: String,
}

impl Hook {
    /// Adds one that wants everything.
    async fn add(h: &Harness, url: &str) -> Self {
        Self::add_for(h, url, &[]).await
    }

    /// Adds one that wants these events.
    async fn add_for(h: &Harness, url: &str, events: &[&str]) -> Self {
        let made = h.admin.posts("webhooks", json!({"url": url, "events": events})).await;
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        Self { admin: h.admin.clone(), id: text("id"), secret: text("secret") }
    }

    fn path(&self, rest: &str) -> String {
        format!("webhooks/{}{rest}", self.id)
    }

    /// Changes it.
    async fn changes(&self, patch: Value) -> Value {
        let (status, answer) = self.admin.sends(Method::PATCH, &self.path(""), Some(patch)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Its deliveries, newest first.
    async fn deliveries(&self, query: &str) -> Vec<Value> {
        let list = self.admin.gets(&self.path(&format!("/deliveries{query}"))).await;
        list["items"].as_array().unwrap().clone()
    }

    /// Its deliveries once all of them look like this.
    async fn all(&self, looks: impl Fn(&Value) -> bool) -> Vec<Value> {
        loop {
            let deliveries = self.deliveries("").await;
            if !deliveries.is_empty() && deliveries.iter().all(&looks) {
                return deliveries;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Its one delivery after so many attempts.
    async fn attempted(&self, times: usize) -> Value {
        let tried = |d: &Value| d["attempts"].as_array().is_some_and(|a| a.len() == times);
        self.all(tried).await.remove(0)
    }

    /// Asks for a delivery again.
    async fn replays(&self, delivery: &Value) -> Value {
        let id = delivery["id"].as_str().unwrap();
        self.admin.posts(&self.path(&format!("/deliveries/{id}/replay")), json!({})).await
    }
}
