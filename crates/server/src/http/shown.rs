//! Approvals as JSON, written once for everyone who is shown the same. When one decision wakes a hundred
//! who wait for it, the answer is made for the first of them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use countersign_domain::ApprovalId;
use countersign_domain::approval::Approval;
use countersign_wire::approvals::{ApprovalView, Viewer};

/// How many bytes are kept.
const ROOM: usize = 8 << 20;

/// What is shown differs by nothing else.
type Key = (ApprovalId, u64, Viewer);

/// The bodies that were written last.
#[derive(Default)]
pub struct Shown(Mutex<Bodies>);

#[derive(Default)]
struct Bodies {
    written: HashMap<Key, Bytes>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Shown {
    /// The answer that shows an approval.
    pub fn response(&self, approval: &Approval, viewer: Viewer, base_url: &str) -> Response {
        let key = (approval.id, approval.revision.0, viewer);
        let known = self.bodies().written.get(&key).cloned();
        if let Some(body) = known {
            return json(body);
        }
        let view = ApprovalView::of(approval, viewer, base_url);
        match serde_json::to_vec(&view) {
            Ok(body) => {
                let body = Bytes::from(body);
                self.bodies().keep(key, body.clone());
                json(body)
            }
            // Answered as any other value that cannot be written.
            Err(_) => Json(view).into_response(),
        }
    }

    fn bodies(&self) -> MutexGuard<'_, Bodies> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bodies {
    fn keep(&mut self, key: Key, body: Bytes) {
        let size = body.len();
        if size > ROOM || self.written.insert(key, body).is_some() {
            return;
        }
        self.order.push_back(key);
        self.bytes += size;
        while self.bytes > ROOM {
            let oldest = self.order.pop_front().and_then(|key| self.written.remove(&key));
            self.bytes -= oldest.map_or(self.bytes, |body| body.len());
        }
    }
}

fn json(body: Bytes) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
