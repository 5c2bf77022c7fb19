//! `countersign users`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use countersign_client::Client;
use countersign_domain::display::sanitise;
use countersign_domain::identity::{PersonStatus, Role};
use countersign_wire::people::{
    InvitationRequest, InvitationView, LinkView, PersonPatch, PersonRequest, PersonView,
};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::{Globals, Place};
use crate::input::words;
use crate::output::{fields, table, word};

const ROLES: &[&str] = &["admin", "approver", "auditor", "viewer"];

/// People who sign in and answer. A person is named by their id or address.
#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// List everyone
    List,
    /// Register a person; their token is printed once
    Create(Create),
    /// Let nothing a person holds work any more
    Lock(Named),
    /// Let a person in again
    Unlock(Named),
    /// Change what a person may do
    SetRole(SetRole),
    /// Make a link that signs a person in to the dashboard, once
    #[command(
        after_help = "Without anyone who could sign in, --data-dir writes to the database itself."
    )]
    Link(Link),
    /// Take away the link to an account at the identity provider, so that another one can be linked
    Unlink(Named),
    /// Invite someone; the link is printed once
    Invite(Create),
    /// List the invitations that still stand
    Invitations,
    /// Withdraw an invitation
    Withdraw(Withdraw),
}

/// An invitation to withdraw.
#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The invitation, by id
    invitation: String,
}

/// A person to register.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign users create ben@example.com --role approver --group finance"
)]
pub(crate) struct Create {
    /// Their address
    email: String,
    /// What they may do
    #[arg(long, value_parser = words::<Role>(ROLES))]
    role: Role,
    /// A group they are a member of (repeatable)
    #[arg(long = "group", value_name = "NAME")]
    groups: Vec<String>,
}

/// A person who is registered.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The person, by id or address
    person: String,
}

/// Who is to be signed in.
#[derive(Debug, Args)]
pub(crate) struct Link {
    #[command(flatten)]
    who: Named,
    /// Write to the database in this directory, whether a server runs on it or not; --url is where people reach it
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Link {
    async fn make(&self, globals: &Globals) -> Result<LinkView, Failure> {
        let person = &self.who.person;
        let Some(dir) = &self.data_dir else {
            return Ok(globals.client()?.sign_in_link(person).await?);
        };
        let Place { url, org, .. } = globals.place()?;
        let (url, expires_at) = countersign_server::link_locally(dir, (&org, person), &url).await?;
        Ok(LinkView { url, expires_at })
    }
}

/// A person and their new role.
#[derive(Debug, Args)]
pub(crate) struct SetRole {
    /// The person, by id or address
    person: String,
    /// What they may do from now on
    #[arg(value_parser = words::<Role>(ROLES))]
    role: Role,
}

impl Users {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (|| globals.client(), globals.output());
        let person = match self {
            Self::Link(wanted) => {
                let link = wanted.make(globals).await?;
                output.show(&link, || {
                    let until = link.expires_at.to_string();
                    fields([
                        ("link (works once, shown only now)", link.url.clone()),
                        ("until", until),
                    ])
                })?;
                return Ok(Exit::Success);
            }
            Self::List => {
                let people = client()?.people().await?;
                output.show(&people, || list(&people.items))?;
                return Ok(Exit::Success);
            }
            Self::Unlink(named) => {
                let done = client()?.unlink_person(&named.person).await?;
                output.show(&done, || fields([("links taken away", done.unlinked.to_string())]))?;
                return Ok(Exit::Success);
            }
            Self::Invite(create) => {
                let made = client()?.invite(&create.invitation()).await?;
                output.show(&made, || invited(&made))?;
                return Ok(Exit::Success);
            }
            Self::Invitations => {
                let open = client()?.invitations().await?;
                output.show(&open, || invitations(&open.items))?;
                return Ok(Exit::Success);
            }
            Self::Withdraw(named) => {
                client()?.withdraw_invitation(&named.invitation).await?;
                let gone = serde_json::json!({"withdrawn": named.invitation});
                output.show(&gone, || fields([("withdrawn", named.invitation.clone())]))?;
                return Ok(Exit::Success);
            }
            Self::Create(create) => client()?.create_person(&create.request()).await?,
            Self::Lock(named) => {
                change(&client()?, &named.person, status(PersonStatus::Locked)).await?
            }
            Self::Unlock(named) => {
                change(&client()?, &named.person, status(PersonStatus::Active)).await?
            }
            Self::SetRole(set) => {
                let patch = PersonPatch { role: Some(set.role), ..PersonPatch::default() };
                change(&client()?, &set.person, patch).await?
            }
        };
        output.show(&person, || one(&person))?;
        Ok(Exit::Success)
    }
}

impl Create {
    fn request(&self) -> PersonRequest {
        PersonRequest { email: self.email.clone(), role: self.role, groups: self.groups.clone() }
    }

    fn invitation(&self) -> InvitationRequest {
        let Self { email, role, groups } = self;
        InvitationRequest { email: email.clone(), role: *role, groups: groups.clone() }
    }
}

fn invited(made: &InvitationView) -> String {
    fields([
        ("id", made.id.clone()),
        ("email", made.email.clone()),
        ("role", word(&made.role)),
        ("groups", made.groups.join(", ")),
        ("link (works once, shown only now)", made.url.clone().unwrap_or_default()),
        ("until", made.expires_at.to_string()),
    ])
}

fn invitations(open: &[InvitationView]) -> String {
    let row = |one: &InvitationView| {
        let until = one.expires_at.to_string();
        [one.id.clone(), one.email.clone(), word(&one.role), one.groups.join(", "), until]
    };
    table(["id", "email", "role", "groups", "until"], open.iter().map(row))
}

fn status(status: PersonStatus) -> PersonPatch {
    PersonPatch { status: Some(status), ..PersonPatch::default() }
}

/// Changes a person who is named by id or address; the API knows them by id.
async fn change(client: &Client, person: &str, patch: PersonPatch) -> Result<PersonView, Failure> {
    if !person.contains('@') {
        return Ok(client.change_person(person, &patch).await?);
    }
    let people = client.people().await?;
    let found = people.items.iter().find(|known| known.email.eq_ignore_ascii_case(person));
    let found = found.ok_or_else(|| Failure::Refused {
        what: format!("nobody here has the address `{}`", sanitise(person)),
        next: "see `countersign users list`",
        exit: Exit::Conflict,
    })?;
    Ok(client.change_person(&found.id, &patch).await?)
}

fn one(person: &PersonView) -> String {
    fields([
        ("id", person.id.clone()),
        ("email", person.email.clone()),
        ("role", word(&person.role)),
        ("groups", person.groups.join(", ")),
        ("status", word(&person.status)),
        ("created at", person.created_at.to_string()),
        ("token (shown only now)", person.token.clone().unwrap_or_default()),
    ])
}

fn list(people: &[PersonView]) -> String {
    let row = |person: &PersonView| {
        [
            person.id.clone(),
            person.email.clone(),
            word(&person.role),
            person.groups.join(", "),
            word(&person.status),
        ]
    };
    table(["id", "email", "role", "groups", "status"], people.iter().map(row))
}
