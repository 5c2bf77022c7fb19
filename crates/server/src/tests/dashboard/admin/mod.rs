//! The pages of those who set the rules.

mod again;
mod freezes;
mod limits;
mod once;
mod organization;
mod policies;
mod refused;

use crate::tests::Harness;
use crate::tests::sign_in::Browser;

impl Harness {
    /// A browser in which this person is signed in.
    pub(in crate::tests) async fn signed_in_as(&self, email: &str) -> Browser {
        let mut admin = self.signed_in().await;
        admin.get("/people").await;
        let made = admin.post(&format!("/people/{email}/link"), &[]).await;
        let (_, rest) = made.body.split_once("/sign-in/link/").expect("the link is shown");
        let path = format!("/sign-in/link/{}", rest.split('<').next().unwrap());
        let mut browser = self.browser();
        browser.get(&path).await;
        assert_eq!(browser.post(&path, &[]).await.status, 303, "{email}");
        browser
    }
}
