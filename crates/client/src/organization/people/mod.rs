//! People who sign in and answer.

mod delegations;
mod me;

use countersign_wire::List;
use countersign_wire::people::{
    InvitationRequest, InvitationView, LinkView, PersonPatch, PersonRequest, PersonView,
    UnlinkedView,
};
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

    /// Invites someone; the link is in the answer, and only there.
    pub async fn invite(
        &self,
        invitation: &InvitationRequest,
    ) -> Result<InvitationView, ClientError> {
        self.read(self.request(Method::POST, &["invitations"])?.json(invitation)).await
    }

    /// The invitations that still stand.
    pub async fn invitations(&self) -> Result<List<InvitationView>, ClientError> {
        self.read(self.request(Method::GET, &["invitations"])?).await
    }

    /// Withdraws an invitation.
    pub async fn withdraw_invitation(&self, id: &str) -> Result<(), ClientError> {
        self.read(self.request(Method::DELETE, &["invitations", id])?).await
    }

    /// Takes away every link of a person, named by id or address, to an account at an identity provider.
    pub async fn unlink_person(&self, person: &str) -> Result<UnlinkedView, ClientError> {
        self.read(self.request(Method::DELETE, &["users", person, "provider-accounts"])?).await
    }
}
