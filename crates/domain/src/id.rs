//! Every id of the domain, one newtype each, so that none is mistaken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// Why a text is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {kind}: it should look like `{prefix}01J9Z3V5…`")]
pub struct IdError {
    text: String,
    kind: &'static str,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id of a ULID, which carries the time in its first 48 bits.
            pub const fn new(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .and_then(|rest| Ulid::from_string(rest).ok())
                    .map(Self)
                    .filter(|id| id.to_string() == text)
                    .ok_or_else(|| IdError { text: text.to_owned(), kind: $kind, prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An approval: the case opened by an escalation or by an agent's own wish.
    ApprovalId "apr_" "an approval id";
    /// An agent: a program that acts.
    AgentId "agt_" "an agent id";
    /// A person: a human with a verified identity.
    PersonId "usr_" "a person's id";
    /// A key; never the secret itself.
    KeyId "key_" "a key id";
    /// One message in the thread of an approval or a task.
    MessageId "msg_" "a message id";
    /// One logged action that an agent ran by itself.
    LogId "log_" "a log id";
    /// A webhook: a receiver of events outside.
    WebhookId "whk_" "a webhook id";
    /// One event on its way to one webhook.
    DeliveryId "dlv_" "a delivery id";
    /// A delegation: a person answers in another one's place.
    DelegationId "dlg_" "a delegation id";
    /// A browser in which a person is signed in.
    SessionId "ses_" "a session id";
    /// An invitation to become a person here.
    InvitationId "inv_" "an invitation id";
    /// One receipt, given out when an approval is redeemed.
    ReceiptId "rcp_" "a receipt id";
}

/// The short name of an organization, such as `default`; it stands in every URL and every row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgId(String);

impl OrgId {
    /// The first organization of every installation.
    pub fn first() -> Self {
        Self("default".to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for OrgId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError { text: text.to_owned(), kind: "an organization", prefix: "" })
        }
    }
}

impl TryFrom<String> for OrgId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<OrgId> for String {
    fn from(org: OrgId) -> Self {
        org.0
    }
}

/// How often a row has been written; the guard of every change. The first version is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a row that was just made.
    pub const FIRST: Self = Self(1);

    /// The revision after one more write.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The revision that must stand in the store for this one to be written; `None` for a new row.
    pub const fn guards(self) -> Option<Self> {
        if self.0 <= 1 { None } else { Some(Self(self.0 - 1)) }
    }
}

/// The place of a record in its organization's log; also the id of the event it announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The next place.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// An id that a client of a compatibility surface chose itself, scoped to the key it came with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExternalId {
    /// The key it came with.
    pub key: KeyId,
    /// What it names, for example `function_call`.
    pub kind: String,
    /// The client's own text.
    pub id: String,
}
