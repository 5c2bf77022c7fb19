//! Step-up: a person shows, for one answer, that they are there and mean it. A passkey signs a challenge that
//! is made of the very proposal; what it signed is kept with the answer.

mod challenge;
mod verify;

use countersign_domain::identity::sign_in::Hidden;

pub use challenge::StepUpChallenge;

use crate::app::{App, Error, SignedIn};

/// What a person shows to say that they mean one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// What their passkey signed of a challenge.
    Passkey {
        /// The secret that came with the challenge.
        ticket: Hidden,
        /// What came back, as JSON.
        credential: String,
    },
    /// A code of their authenticator app.
    Code(Hidden),
}

/// What a person has to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepUpMeans {
    /// A passkey.
    pub passkey: bool,
    /// Codes of an authenticator app.
    pub code: bool,
}

impl App {
    /// What the viewer could show for an answer that demands it.
    pub async fn step_up_means(&self, viewer: &SignedIn) -> Result<StepUpMeans, Error> {
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let passkey = self.sign_in.passkeys.is_some() && !theirs.passkeys.is_empty();
        Ok(StepUpMeans { passkey, code: theirs.second_step().is_some() })
    }
}
