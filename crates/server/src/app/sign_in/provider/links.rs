//! The accounts at identity providers that people sign in with: seen, and taken away.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::identity::sign_in::ProviderAccount;
use countersign_domain::{Change, PersonId, Write};
use serde_json::json;

use crate::app::commit::Commit;
use crate::app::identities::person_named;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};

impl App {
    /// The accounts that the viewer signs in with.
    pub async fn provider_accounts(
        &self,
        viewer: &SignedIn,
    ) -> Result<Vec<ProviderAccount>, Error> {
        Ok(self.store.provider_accounts(viewer.org(), viewer.person.id).await?)
    }

    /// Takes away the link to one of the viewer's own accounts.
    pub async fn unlink_own(&self, viewer: &SignedIn, issuer: &str) -> Result<(), Error> {
        let accounts = self.provider_accounts(viewer).await?;
        let found = accounts.into_iter().find(|account| account.issuer == issuer);
        let account = found.ok_or_else(|| Error::not_found("linked account", issuer))?;
        self.unlink(viewer, viewer.person.id, vec![account]).await.map(drop)
    }

    /// Takes away every link of a person, for one who has another account there by now. Gives how many.
    pub async fn unlink_person(&self, admin: &SignedIn, id_or_email: &str) -> Result<usize, Error> {
        admin.must(Right::Administer)?;
        let person = person_named(admin, id_or_email)?.id;
        let accounts = self.store.provider_accounts(admin.org(), person).await?;
        self.unlink(admin, person, accounts).await
    }

    async fn unlink(
        &self,
        by: &SignedIn,
        person: PersonId,
        accounts: Vec<ProviderAccount>,
    ) -> Result<usize, Error> {
        let count = accounts.len();
        for account in accounts {
            let data = json!({"account": account});
            let record = fact(Kind::ProviderUnlinked, &by.caller, data, self.now());
            let writes = vec![Write::ProviderUnlinked(person, account.issuer)];
            let change = Change { org: by.org().clone(), writes, records: vec![record] };
            // Whoever was faster took it away as well.
            let _gone: Commit = self.commit(change).await?;
        }
        Ok(count)
    }
}
