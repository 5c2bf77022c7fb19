//! The settings of an organization.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::policy::document::Defaults;
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

    /// The fields of the settings that the policy document `Defaults` says.
    pub fn settings_of_documents(&self, reader: &SignedIn) -> Vec<&'static str> {
        reader.snapshot.defaults().map(Defaults::governs).unwrap_or_default()
    }

    /// Changes the settings; what is open already keeps what it was opened with.
    pub async fn change_settings(
        &self,
        admin: &SignedIn,
        wanted: impl FnOnce(&mut Settings) + Send,
    ) -> Result<Settings, Error> {
        admin.must(Right::Administer)?;
        let before = admin.snapshot.own_settings.clone();
        let mut settings = before.clone();
        wanted(&mut settings);
        if let Some(field) = contested(admin, &before, &settings) {
            let detail =
                "the policy document `Defaults` says this; change it there, or take it out first";
            return Err(Error::invalid(format!("$.{field}"), detail));
        }
        settings.revision = before.revision.next();
        let data = json!({"before": before, "after": settings});
        let record = fact(Kind::SettingsChanged, &admin.caller, data, self.now());
        match self
            .configure(change(admin, vec![Write::Settings(settings.clone())], vec![record]))
            .await?
        {
            Commit::Done => Ok(admin.snapshot.settings_from(&settings)),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "someone else changed the settings"))
            }
        }
    }
}

/// The first field that was changed although a document says it.
fn contested(admin: &SignedIn, before: &Settings, after: &Settings) -> Option<&'static str> {
    let governed = admin.snapshot.defaults()?.governs();
    governed.into_iter().find(|field| match *field {
        "expires_in" => before.expires_in != after.expires_in,
        "use_within" => before.use_within != after.use_within,
        "denial_cooldown" => before.denial_cooldown != after.denial_cooldown,
        "self_approval" => before.self_approval != after.self_approval,
        "unrated_risk" => before.unrated_risk != after.unrated_risk,
        _ => before.pending_per_agent != after.pending_per_agent,
    })
}
