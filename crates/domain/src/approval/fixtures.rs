//! What the tests of approvals begin with: one request of `support` for a refund, and the people around it.
//!
//! Dan owns the agent and Eve is whom it acts for; both are approvers, as are Ana, Ben and Cleo. Vic views.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use ulid::Ulid;

use super::transition::{Answering, Opening, Remarks};
use super::{
    Approval, ApprovalError, Assurance, Card, Cost, Digest, OnTimeout, Origin, Proposal, Requester,
    Requirements, Risk, Stage, Transition,
};
use crate::identity::{Caller, CallerKind, Person, PersonStatus, Role};
use crate::json::Object;
use crate::policy::ReasonCode;
use crate::{AgentId, ApprovalId, MessageId, OrgId, PersonId, ReceiptId, Revision};

/// When people have to have answered, in seconds.
pub(crate) const END: i64 = 4 * 3600;
/// How long a yes can be used, in seconds.
pub(crate) const USE: i64 = 3600;

/// The moment so many seconds after the request.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_352_000 + seconds).unwrap()
}

/// A person together with how the record names them.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) person: Person,
    pub(crate) caller: Caller,
}

/// Somebody with a name, a role and groups; the id follows from the name.
pub(crate) fn somebody(name: &str, role: Role, groups: &[&str]) -> Who {
    let id = PersonId::new(Ulid(name.bytes().fold(0, |n, b| n * 256 + u128::from(b))));
    let email = format!("{name}@example.com");
    Who {
        person: Person {
            id,
            revision: Revision::FIRST,
            email: email.parse().unwrap(),
            role,
            groups: groups.iter().map(ToString::to_string).collect(),
            status: PersonStatus::Active,
            created_at: at(-1000),
            views: Vec::new(),
        },
        caller: Caller {
            kind: CallerKind::Person,
            id: id.to_string(),
            name: email,
            ip: None,
            assurance: Some(Assurance::Session),
        },
    }
}

pub(crate) fn ana() -> Who {
    somebody("ana", Role::Approver, &["finance"])
}

pub(crate) fn ben() -> Who {
    somebody("ben", Role::Approver, &["finance", "security"])
}

pub(crate) fn cleo() -> Who {
    somebody("cleo", Role::Admin, &["security"])
}

/// The owner of the agent.
pub(crate) fn dan() -> Who {
    somebody("dan", Role::Approver, &["finance"])
}

/// Whom the agent acts for.
pub(crate) fn eve() -> Who {
    somebody("eve", Role::Admin, &["finance", "security"])
}

pub(crate) fn vic() -> Who {
    somebody("vic", Role::Viewer, &["finance"])
}

impl Who {
    /// Their answer from a session, without remarks.
    pub(crate) fn answering(&self) -> Answering<'_> {
        Answering {
            person: &self.person,
            stands_in: &[],
            caller: &self.caller,
            assurance: Assurance::Session,
            proof: None,
            remarks: Remarks::default(),
            seen: None,
            presented: None,
        }
    }

    /// Their answer with another assurance.
    pub(crate) fn answering_by(&self, assurance: Assurance) -> Answering<'_> {
        Answering { assurance, ..self.answering() }
    }

    /// Their answer to what they saw.
    pub(crate) fn having_seen(&self, seen: Digest) -> Answering<'_> {
        Answering { seen: Some(seen), ..self.answering() }
    }
}

/// The agent on the line.
pub(crate) fn agent() -> Caller {
    Caller {
        kind: CallerKind::Agent,
        id: AgentId::new(Ulid(7)).to_string(),
        name: "support".to_owned(),
        ip: None,
        assurance: None,
    }
}

pub(crate) fn object(value: &Value) -> Object {
    value.as_object().cloned().unwrap()
}

pub(crate) fn message_id() -> MessageId {
    MessageId::new(Ulid(11))
}

pub(crate) fn receipt_id() -> ReceiptId {
    ReceiptId::new(Ulid(12))
}

/// A refund with these parameters.
pub(crate) fn refund(params: &Value) -> Proposal {
    Proposal {
        org: OrgId::first(),
        agent: AgentId::new(Ulid(7)),
        action: "stripe.refund".parse().unwrap(),
        tool: None,
        resource: None,
        params: object(params),
    }
}

/// One stage that any approver fills, `need` of them.
pub(crate) fn approvers(need: usize) -> Stage {
    Stage { need, ..Stage::any_approver() }
}

/// One stage for the members of a group, `need` of them.
pub(crate) fn group(name: &str, need: usize) -> Stage {
    Stage { name: name.to_owned(), need, groups: vec![name.to_owned()], people: Vec::new() }
}

pub(crate) fn requirements() -> Requirements {
    Requirements {
        stages: vec![approvers(1)],
        expires_in: SignedDuration::from_secs(END),
        use_within: SignedDuration::from_secs(USE),
        on_timeout: OnTimeout::Deny,
        assurance: Assurance::Session,
        self_approval: None,
        relayed: false,
        notify: Vec::new(),
    }
}

pub(crate) fn card(proposal: Proposal) -> Card {
    Card {
        digest: proposal.digest(),
        requester: Requester {
            agent: proposal.agent,
            name: "support".to_owned(),
            version: "1.4.0".to_owned(),
            owner: Some(dan().person.email),
            on_behalf_of: Some(eve().person.email),
            token: None,
        },
        proposal,
        origin: Origin::Check,
        summary: "Refund 500 to cus_1".to_owned(),
        reasoning: None,
        cost: Cost { usd: "30.00".parse().unwrap(), tokens: 1000, ..Cost::default() },
        side_effects: vec!["the customer gets a mail".to_owned()],
        if_denied: None,
        risk: Risk::Medium,
        stated_risk: None,
        context: Object::new(),
        hidden: Vec::new(),
        task_id: None,
        links: Vec::new(),
        responses: Vec::new(),
        reason_code: ReasonCode::RequiresApproval,
        reason: "refunds need a person".to_owned(),
        trace: Vec::new(),
        risk_snapshot: Value::Null,
        created_at: at(0),
    }
}

pub(crate) fn opening() -> Opening {
    Opening {
        id: ApprovalId::new(Ulid(1)),
        card: card(refund(&json!({"amount": 500, "customer": "cus_1"}))),
        requirements: requirements(),
    }
}

/// A fresh approval with these requirements.
pub(crate) fn fresh_with(requirements: Requirements) -> Approval {
    Approval::open(Opening { requirements, ..opening() }, &agent()).next()
}

/// A fresh approval that needs one yes.
pub(crate) fn fresh() -> Approval {
    fresh_with(requirements())
}

/// A fresh approval with these stages.
pub(crate) fn staged(stages: Vec<Stage>) -> Approval {
    fresh_with(Requirements { stages, ..requirements() })
}

impl Transition {
    /// The approval after it.
    pub(crate) fn next(self) -> Approval {
        Approval::clone(&self.approval)
    }
}

impl Approval {
    /// They say yes to what stands.
    pub(crate) fn yes(self, who: &Who, seconds: i64) -> Result<Self, ApprovalError> {
        self.approve(who.answering(), None, at(seconds)).map(Transition::next)
    }

    /// They say yes to an edited version.
    pub(crate) fn yes_if(
        self,
        who: &Who,
        changes: &Value,
        seconds: i64,
    ) -> Result<Self, ApprovalError> {
        let edited = self.edit(object(changes))?;
        self.approve(who.answering(), Some(edited), at(seconds)).map(Transition::next)
    }

    /// They say no.
    pub(crate) fn no(self, who: &Who, seconds: i64) -> Result<Self, ApprovalError> {
        self.deny(who.answering(), "too much".to_owned(), at(seconds)).map(Transition::next)
    }

    /// The agent uses the yes for what was approved.
    pub(crate) fn used(self, seconds: i64) -> Result<Self, ApprovalError> {
        let digest = self.digest();
        self.redeem(digest, receipt_id(), &agent(), at(seconds)).map(Transition::next)
    }
}
