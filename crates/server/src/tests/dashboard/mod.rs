//! The dashboard, as a browser without scripts meets it.

mod admin;
mod answering;
mod figures;
mod listing;
mod looking;
mod misreading;
mod recorded;
mod reviewing;
mod safety;
pub(super) mod templates;
mod warned;

use super::sign_in::{Browser, Seen};

/// A page with the frames of what agents wrote as quotation marks.
pub(super) fn framed(html: &str) -> String {
    html.replace("<q class=\"said\" dir=\"ltr\">", "“").replace("</q>", "”")
}

impl Browser {
    /// Opens a request and sends its form, as it stands there.
    async fn answers(&mut self, id: &str, verb: &str, fields: &[(&str, &str)]) -> Seen {
        let page = self.get(&format!("/approvals/{id}")).await;
        let digest = page.field("digest").unwrap_or_default();
        let presented = page.field("presented").unwrap_or_default();
        let mut all = vec![("digest", digest.as_str()), ("presented", presented.as_str())];
        all.extend(fields);
        self.post(&format!("/approvals/{id}/{verb}"), &all).await
    }
}
