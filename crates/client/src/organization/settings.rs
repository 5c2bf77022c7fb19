//! What holds for all approvals of the organization.

use countersign_wire::settings::{SettingsPatch, SettingsView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// The settings.
    pub async fn settings(&self) -> Result<SettingsView, ClientError> {
        self.read(self.request(Method::GET, &["settings"])?).await
    }

    /// Changes the settings.
    pub async fn change_settings(
        &self,
        patch: &SettingsPatch,
    ) -> Result<SettingsView, ClientError> {
        self.read(self.request(Method::PATCH, &["settings"])?.json(patch)).await
    }
}
