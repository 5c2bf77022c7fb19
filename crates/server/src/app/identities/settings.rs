//! The settings of an organization.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::{Settings, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Error, SignedIn};
use super::change;

impl App {
    /// The settings.
    pub fn settings(&self, reader: &SignedIn) -> Result<Settings, Error> {
        reader.must(Right::Read)?;
        Ok(reader.snapshot.settings.clone())
    }

    /// Changes the settings; what is open already keeps what it was opened with.
    pub async fn change_settings(
        &self,
        admin: &SignedIn,
        wanted: impl FnOnce(&mut Settings) + Send,
    ) -> Result<Settings, Error> {
        admin.must(Right::Administer)?;
        let before = admin.snapshot.settings.clone();
        let mut settings = before.clone();
        wanted(&mut settings);
        settings.revision = before.revision.next();
        let data = json!({"before": before, "after": settings});
        let record = fact(Kind::SettingsChanged, &admin.caller, data, self.now());
        match self
            .configure(change(admin, vec![Write::Settings(settings.clone())], vec![record]))
            .await?
        {
            Commit::Done => Ok(settings),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "someone else changed the settings"))
            }
        }
    }
}
