//! How people sign in, as their browsers see it.

mod authenticator;
mod browser;
mod codes;
mod guarded;
mod links;
mod machines;
mod passkeys;
mod passwords;
mod provider;
mod sessions;
mod step_up;

pub(crate) use browser::{Browser, Seen};

use super::Harness;

/// The password of everyone here.
pub(crate) const PASSWORD: &str = "tin coffee umbrella";

impl Harness {
    /// The secret of a link that signs the admin in.
    pub(crate) async fn link(&self) -> String {
        let link = self.app.first_link(&self.admin.token).await.unwrap();
        link.secret.reveal().to_owned()
    }

    /// A browser in which the admin is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let path = format!("/sign-in/link/{}", self.link().await);
        browser.get(&path).await;
        let seen = browser.post(&path, &[]).await;
        assert_eq!(seen.location(), "/account/password", "{}", seen.body);
        browser
    }

    /// The same, with a password.
    pub(crate) async fn with_password(&self) -> Browser {
        let mut browser = self.signed_in().await;
        browser.get("/account/password").await;
        let seen = browser.post("/account/password", &[("password", PASSWORD)]).await;
        assert_eq!(seen.location(), "/account", "{}", seen.body);
        browser
    }

    /// Every kind in the record after a place, and the record as text.
    pub(crate) async fn recorded_after(&self, kind: &str) -> (Vec<String>, String) {
        let records = self.admin.gets("audit?limit=1000").await;
        let kinds = records["items"].as_array().unwrap().iter();
        let kinds: Vec<String> = kinds.map(|r| r["kind"].as_str().unwrap().to_owned()).collect();
        let from = kinds.iter().rposition(|known| known == kind).map_or(0, |at| at + 1);
        (kinds[from..].to_vec(), records.to_string())
    }
}
