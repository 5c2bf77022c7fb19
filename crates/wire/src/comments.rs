//! Comments on approvals and tasks.

use countersign_domain::approval::{Message, MessageKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A comment to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentRequest {
    /// Its text.
    pub body: String,
}

/// One message in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who wrote it: `agent:…`, `application:…` or `person:…`.
    pub by: String,
    /// `question`, `answer` or `comment`.
    #[schema(value_type = String)]
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
}

impl From<&Message> for MessageView {
    fn from(message: &Message) -> Self {
        Self {
            id: message.id.to_string(),
            at: message.at,
            by: crate::audit::caller_text(&message.by),
            kind: message.kind,
            body: message.readable().into_owned(),
        }
    }
}
