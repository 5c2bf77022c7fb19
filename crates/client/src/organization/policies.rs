//! Policy documents.

use countersign_wire::List;
use countersign_wire::checks::{CheckRequest, VerdictView};
use countersign_wire::policies::{
    DocumentView, PolicyChanges, PolicyFiles, ReplayRequest, ReplayView, SuggestionView, Validation,
};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// What is wrong with files, as they would be in force together with what is.
    pub async fn validate_policies(&self, files: &PolicyFiles) -> Result<Validation, ClientError> {
        self.read(self.request(Method::POST, &["policies", "validate"])?.json(files)).await
    }

    /// What applying files would change.
    pub async fn diff_policies(&self, files: &PolicyFiles) -> Result<PolicyChanges, ClientError> {
        self.read(self.request(Method::POST, &["policies", "diff"])?.json(files)).await
    }

    /// Applies files, whole or not at all.
    pub async fn apply_policies(&self, files: &PolicyFiles) -> Result<PolicyChanges, ClientError> {
        self.read(self.request(Method::POST, &["policies", "apply"])?.json(files)).await
    }

    /// What policy in force says to one check of the agent that it names, for people.
    pub async fn explain_policy(&self, check: &CheckRequest) -> Result<VerdictView, ClientError> {
        self.read(self.request(Method::POST, &["policies", "explain"])?.json(check)).await
    }

    /// What recorded checks would come to under changed documents.
    pub async fn replay_policies(&self, replay: &ReplayRequest) -> Result<ReplayView, ClientError> {
        self.read(self.request(Method::POST, &["policies", "replay"])?.json(replay)).await
    }

    /// What the answers of the last months suggest.
    pub async fn policy_suggestions(&self) -> Result<List<SuggestionView>, ClientError> {
        self.read(self.request(Method::GET, &["policies", "suggestions"])?).await
    }

    /// The documents in force, or those of one kind.
    pub async fn policies(&self, kind: Option<&str>) -> Result<List<DocumentView>, ClientError> {
        self.read(self.request(Method::GET, &["policies"])?.query(&[("kind", kind)])).await
    }

    /// One document.
    pub async fn policy(&self, kind: &str, name: &str) -> Result<DocumentView, ClientError> {
        self.read(self.request(Method::GET, &["policies", kind, name])?).await
    }

    /// Removes one document, unless others need it.
    pub async fn remove_policy(&self, kind: &str, name: &str) -> Result<(), ClientError> {
        self.read(self.request(Method::DELETE, &["policies", kind, name])?).await
    }

    /// Everything in force as one YAML file.
    pub async fn export_policies(&self) -> Result<String, ClientError> {
        self.text(self.request(Method::GET, &["policies", "export"])?).await
    }
}
