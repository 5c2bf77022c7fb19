//! A webhook: an address outside that is told what happens.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Announcement, Event, SigningSecret, WebhookSecret};
use crate::{Revision, WebhookId, time};

/// How long the secret before signs beside a new one.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A webhook as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// How often it was written.
    pub revision: Revision,
    /// Where it is called.
    pub url: String,
    /// What it wants to be told; empty means everything.
    pub events: Vec<Event>,
    /// Whether it is called.
    pub status: WebhookStatus,
    /// When it was added; it is told only what happens from then on.
    pub created_at: Timestamp,
    /// What its messages are signed with, the newest first. A store keeps them apart.
    #[serde(skip)]
    pub secrets: Vec<SigningSecret>,
}

/// Whether a webhook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// It is called.
    Active,
    /// It is told nothing new, and what is under way waits.
    Disabled,
}

impl Webhook {
    /// Whether it is to be told.
    pub fn wants(&self, announcement: &Announcement) -> bool {
        let chosen = self.events.is_empty() || self.events.contains(&announcement.event);
        chosen && self.is_active() && announcement.at >= self.created_at
    }

    /// Whether it is called.
    pub fn is_active(&self) -> bool {
        self.status == WebhookStatus::Active
    }

    /// The secrets that sign now.
    pub fn signing(&self, now: Timestamp) -> impl Iterator<Item = &WebhookSecret> {
        self.secrets.iter().filter(move |s| s.is_valid(now)).map(|s| &s.secret)
    }

    /// Signs with a new secret alone: those before are worth nothing from now on, as after a leak.
    pub fn replace_secrets(mut self, secret: WebhookSecret) -> Self {
        self.secrets = vec![SigningSecret { secret, valid_until: None }];
        self.revision = self.revision.next();
        self
    }

    /// Signs with a new secret from now on; those before go on for a day beside it.
    pub fn rotate(mut self, secret: WebhookSecret, now: Timestamp) -> Self {
        let end = time::after(now, OVERLAP);
        self.secrets.retain(|before| before.is_valid(now));
        for before in &mut self.secrets {
            before.valid_until.get_or_insert(end);
        }
        self.secrets.insert(0, SigningSecret { secret, valid_until: None });
        self.revision = self.revision.next();
        self
    }
}
