//! People who sign in and answer.

mod delegations;
mod me;

use countersign_wire::List;
use countersign_wire::people::{LinkView, PersonPatch, PersonRequest, PersonView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Everyone.
    pub async fn people(&self) -> Result<List<PersonView>, ClientError> {
        self.read(self.request(Method::GET, &["users"])?).await
    }

    /// Registers a person; their token is in the answer, and only there.
    pub async fn create_person(&self, person: &PersonRequest) -> Result<PersonView, ClientError> {
        self.read(self.request(Method::POST, &["users"])?.json(person)).await
    }

    /// Changes a person, named by id.
    pub async fn change_person(
        &self,
        id: &str,
        patch: &PersonPatch,
    ) -> Result<PersonView, ClientError> {
        self.read(self.request(Method::PATCH, &["users", id])?.json(patch)).await
    }

    /// Makes a link that signs a person, named by id or address, in once.
    pub async fn sign_in_link(&self, person: &str) -> Result<LinkView, ClientError> {
        self.read(self.request(Method::POST, &["users", person, "link"])?).await
    }
}
