//! A person: a human with a verified identity.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PersonId, Revision};

/// A person as they are registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// How often the row was written.
    pub revision: Revision,
    /// Their address, unique in the organization.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// The groups they are a member of.
    pub groups: Vec<String>,
    /// Whether they may sign in.
    pub status: PersonStatus,
    /// When they were registered.
    pub created_at: Timestamp,
    /// The lists of requests that they keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<SavedView>,
}

/// A list of requests under a name: what is looked for, and in what order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// What its owner calls it.
    pub name: String,
    /// The filters, as the address of the inbox has them.
    pub query: String,
    /// Whether everyone is offered it.
    pub shared: bool,
}

impl Person {
    /// Whether they may answer requests at all, as they are now.
    pub const fn answers(&self) -> bool {
        matches!(self.status, PersonStatus::Active) && self.role.may(Right::Answer)
    }
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// They may.
    Active,
    /// They may not; nothing they hold works.
    Locked,
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Read and answer.
    Approver,
    /// Read everything, the record included.
    Auditor,
    /// Read approvals.
    Viewer,
}

/// What a route demands of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// To see approvals.
    Read,
    /// To answer them.
    Answer,
    /// To see the record.
    Audit,
    /// To change policy, people, agents, keys and settings.
    Administer,
}

impl Role {
    /// Whether the role includes the right.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::Answer => matches!(self, Self::Admin | Self::Approver),
            Right::Audit => matches!(self, Self::Admin | Self::Auditor),
            Right::Administer => matches!(self, Self::Admin),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin => "admin",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::Viewer => "viewer",
        })
    }
}

/// An e-mail address in lower case, so that one person is not two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an e-mail address: it should look like `ana@example.com`, in ASCII")]
pub struct EmailError(String);

impl Email {
    /// Who administers an installation that was started without being told.
    pub fn local_admin() -> Self {
        Self("admin@localhost".to_owned())
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        // A host is the same with a dot at its end, and so is the person.
        let text = text.strip_suffix('.').unwrap_or(text);
        let visible = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&b));
        let parts = text.split_once('@').filter(|(name, host)| {
            !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
        if parts.is_some() && visible && text.len() <= 254 {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(EmailError(crate::display::sanitise(text)))
        }
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_one_person() {
        assert_eq!("Ana@Example.COM".parse(), "ana@example.com".parse::<Email>());
        assert_eq!("ana@example.com.".parse(), "ana@example.com".parse::<Email>());
        for text in [
            "ana@example.com..",
            "ana@.",
            "",
            "ana",
            "@x",
            "ana@",
            "a b@x.y",
            "аna@example.com",
            "a@b@c",
            "a\n@b",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_admins_and_approvers_answer() {
        let answering = [Role::Admin, Role::Approver, Role::Auditor, Role::Viewer]
            .map(|role| role.may(Right::Answer));
        assert_eq!(answering, [true, true, false, false]);
    }
}
