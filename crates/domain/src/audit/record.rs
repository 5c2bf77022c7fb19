//! One fact in the log.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::Digest;
use crate::identity::Caller;
use crate::notification::Notice;
use crate::{AgentId, ApprovalId, OrgId, Seq};

/// A fact before it has its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What happened.
    pub kind: Kind,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub caller: Caller,
    /// The agent it is about.
    pub agent: Option<AgentId>,
    /// The approval it is about.
    pub approval: Option<ApprovalId>,
    /// The digest of the proposal it is about.
    pub digest: Option<Digest>,
    /// The details; secrets are already redacted.
    pub data: serde_json::Value,
    /// What the world is told about it, in the same transaction.
    pub announces: Option<Notice>,
}

/// A fact in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its place, from 1.
    pub seq: Seq,
    /// When it happened.
    pub at: Timestamp,
    /// Whose log this is.
    pub org: OrgId,
    /// What happened.
    pub kind: Kind,
    /// Who did it.
    pub caller: Caller,
    /// The agent it is about.
    pub agent_id: Option<AgentId>,
    /// The approval it is about.
    pub approval_id: Option<ApprovalId>,
    /// The digest of the proposal it is about.
    pub digest: Option<Digest>,
    /// The details.
    pub data: serde_json::Value,
    /// The hash of the record before it.
    pub prev: Hash,
    /// SHA-256 over the canonical form of all fields above.
    pub hash: Hash,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What can happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Kind {
            /// Every kind, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in the log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

kinds! {
    /// The organization came to be.
    OrganizationCreated = "organization.created",
    /// An agent was registered.
    AgentCreated = "agent.created",
    /// An agent was changed.
    AgentChanged = "agent.changed",
    /// A person was registered.
    PersonCreated = "person.created",
    /// A person was changed.
    PersonChanged = "person.changed",
    /// A person lets another one answer in their place for a time.
    DelegationMade = "delegation.made",
    /// A delegation was ended before its time.
    DelegationEnded = "delegation.ended",
    /// A person kept a list of requests under a name.
    ViewSaved = "view.saved",
    /// A person gave up a list that they had kept.
    ViewRemoved = "view.removed",
    /// A key was made.
    KeyCreated = "key.created",
    /// A key was revoked.
    KeyRevoked = "key.revoked",
    /// A link that signs a person in was made.
    LinkMade = "link.made",
    /// A person signed in.
    SessionStarted = "session.started",
    /// A session was ended before its time.
    SessionEnded = "session.ended",
    /// Someone who tried to sign in was refused.
    SessionRefused = "session.refused",
    /// A person set a password.
    PasswordChanged = "password.changed",
    /// A person confirmed the codes of an authenticator app.
    TotpEnrolled = "totp.enrolled",
    /// A person gave up the codes of an authenticator app.
    TotpRemoved = "totp.removed",
    /// A recovery code was used up.
    RecoveryUsed = "recovery.used",
    /// A person added a passkey.
    PasskeyAdded = "passkey.added",
    /// A person removed a passkey.
    PasskeyRemoved = "passkey.removed",
    /// Someone was invited.
    InvitationMade = "invitation.made",
    /// Someone accepted an invitation.
    InvitationAccepted = "invitation.accepted",
    /// An invitation was withdrawn.
    InvitationWithdrawn = "invitation.withdrawn",
    /// An account at an identity provider was linked to a person.
    ProviderLinked = "provider.linked",
    /// The link to an account at an identity provider was taken away.
    ProviderUnlinked = "provider.unlinked",
    /// A person let the command line of a machine in.
    MachineConfirmed = "machine.confirmed",
    /// A person refused the command line of a machine.
    MachineRefused = "machine.refused",
    /// A person showed that they mean one answer.
    StepUpGiven = "step_up.given",
    /// Someone who was to show that they mean one answer did not.
    StepUpRefused = "step_up.refused",
    /// A capability token was minted.
    TokenMinted = "token.minted",
    /// A capability token, or a block of one, was revoked.
    TokenRevoked = "token.revoked",
    /// The use of an approval was refused to the holder of a capability token; it stays for the agent.
    ExecutionRefused = "execution.refused",
    /// A permission was set.
    PermissionSet = "permission.set",
    /// A permission was removed.
    PermissionRemoved = "permission.removed",
    /// The settings were changed.
    SettingsChanged = "settings.changed",
    /// Something was frozen.
    FreezeSet = "freeze.set",
    /// Something that was frozen may go on.
    FreezeLifted = "freeze.lifted",
    /// A grant was made from an approval.
    GrantMade = "grant.made",
    /// A grant was revoked.
    GrantRevoked = "grant.revoked",
    /// A budget came near its limit.
    BudgetNearLimit = "budget.near_limit",
    /// A real cost was reported, and budgets were corrected by it.
    CostReported = "cost.reported",
    /// Policy documents were applied or removed.
    PolicyApplied = "policy.applied",
    /// A check was answered with allow.
    CheckAllowed = "check.allowed",
    /// A check was answered with deny.
    CheckDenied = "check.denied",
    /// A check was answered with escalate and joined an approval that was already pending.
    CheckJoined = "check.joined",
    /// An approval was opened.
    ApprovalOpened = "approval.opened",
    /// A person said yes, and more yeses are needed.
    ApprovalSupported = "approval.supported",
    /// An edit made a new version; earlier yeses no longer count.
    ApprovalEdited = "approval.edited",
    /// The last yes was said.
    ApprovalApproved = "approval.approved",
    /// A person said no.
    ApprovalDenied = "approval.denied",
    /// Time ran out.
    ApprovalExpired = "approval.expired",
    /// Time ran out, and further people were asked.
    ApprovalEscalated = "approval.escalated",
    /// It was withdrawn.
    ApprovalCanceled = "approval.canceled",
    /// A person asked the agent something.
    QuestionAsked = "question.asked",
    /// The agent answered.
    QuestionAnswered = "question.answered",
    /// Someone wrote a comment.
    CommentWritten = "comment.written",
    /// The approval was used: the one run started.
    ExecutionStarted = "execution.started",
    /// The run succeeded.
    ExecutionSucceeded = "execution.succeeded",
    /// The run failed.
    ExecutionFailed = "execution.failed",
    /// A run was started and its end was not seen.
    ExecutionUnknown = "execution.unknown",
    /// A person said how an unknown run ended, or that it may be tried again.
    ExecutionResolved = "execution.resolved",
    /// The approval was not used in time.
    ExecutionLapsed = "execution.lapsed",
    /// The approval was stopped before it was used.
    ExecutionRevoked = "execution.revoked",
    /// A webhook was added.
    WebhookCreated = "webhook.created",
    /// A webhook was changed.
    WebhookChanged = "webhook.changed",
    /// A webhook was removed.
    WebhookRemoved = "webhook.removed",
    /// A webhook got a new secret.
    WebhookRotated = "webhook.rotated",
    /// A delivery of a webhook was asked for again.
    WebhookReplayed = "webhook.replayed",
    /// An agent reported what it did by itself.
    ActionLogged = "action.logged",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// SHA-256 of a record; written in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub(super) [u8; 32]);

impl Hash {
    /// What stands before the first record.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Hash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
