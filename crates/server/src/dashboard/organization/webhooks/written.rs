//! What stands in the form of a webhook, and what is wrong with it.

use countersign_domain::notification::{Event, Webhook};

use crate::app::Error;
use crate::dashboard::layout::{Phrase, sentence};
use crate::delivery::Egress;

/// What stands in the form of a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) url: String,
    pub(super) events: Vec<&'static str>,
    pub(super) wrong: Option<Wrong>,
}

/// Why an address was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) why: Phrase,
    /// What an operator starts, so that it is taken after all.
    pub(super) opened_by: Option<String>,
}

impl Written {
    /// A webhook as it is.
    pub(super) fn of(webhook: &Webhook) -> Self {
        Self { url: webhook.url.clone(), events: names(&webhook.events), wrong: None }
    }

    /// What was sent and refused for its address; an error about anything else is not for the form.
    pub(super) fn refused(
        (url, events): (&str, &[Event]),
        error: Error,
        egress: &Egress,
    ) -> Result<Self, Error> {
        if error.path.as_deref() != Some("$.url") {
            return Err(error);
        }
        let opened_by = egress.check(url).err().and_then(|refusal| refusal.opened_by());
        // The command stands by itself, so that it can be copied.
        let ends = opened_by.as_ref().map(|command| format!(" with `{command}`"));
        let said = ends.and_then(|end| error.detail.strip_suffix(&end)).unwrap_or(&error.detail);
        let why = Phrase::ticked(&sentence(said));
        Ok(Self {
            url: url.to_owned(),
            events: names(events),
            wrong: Some(Wrong { why, opened_by }),
        })
    }
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}
