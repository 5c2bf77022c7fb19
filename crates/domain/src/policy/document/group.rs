//! `kind: Group` and `kind: Defaults`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Length};
use crate::Settings;
use crate::approval::Risk;
use crate::identity::{Email, Person};

/// People under one name. They are members in addition to those who have the group by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its members.
    #[schemars(with = "Vec<String>")]
    pub members: Vec<Email>,
}

/// What holds where nothing else is said; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// How long people have to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<Length>,
    /// How long an approval can be used after it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_within: Option<Length>,
    /// How long an equal request is refused after a denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denial_cooldown: Option<Length>,
    /// Up to which risk people may answer their own requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_approval: Option<Risk>,
    /// How many requests one agent may have pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_per_agent: Option<u32>,
    /// How dangerous that is which no rule and no tool rates: `high`, unless this says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrated_risk: Option<Risk>,
}

impl Defaults {
    /// The settings with what this says in the place of their own.
    pub fn over(&self, settings: &Settings) -> Settings {
        Settings {
            revision: settings.revision,
            expires_in: self.expires_in.map_or(settings.expires_in, |length| length.0),
            use_within: self.use_within.map_or(settings.use_within, |length| length.0),
            denial_cooldown: self.denial_cooldown.map_or(settings.denial_cooldown, |l| l.0),
            self_approval: self.self_approval.or(settings.self_approval),
            pending_per_agent: self.pending_per_agent.unwrap_or(settings.pending_per_agent),
            unrated_risk: self.unrated_risk.unwrap_or(settings.unrated_risk),
        }
    }

    /// The fields of the settings that this says something about.
    pub fn governs(&self) -> Vec<&'static str> {
        let fields = [
            ("expires_in", self.expires_in.is_some()),
            ("use_within", self.use_within.is_some()),
            ("denial_cooldown", self.denial_cooldown.is_some()),
            ("self_approval", self.self_approval.is_some()),
            ("pending_per_agent", self.pending_per_agent.is_some()),
            ("unrated_risk", self.unrated_risk.is_some()),
        ];
        fields.into_iter().filter(|(_, says)| *says).map(|(field, _)| field).collect()
    }
}

/// The settings that hold under these documents: what `Defaults` says goes before what was set.
pub fn settings_under(documents: &[Document], settings: &Settings) -> Settings {
    defaults_of(documents).map_or_else(|| settings.clone(), |defaults| defaults.over(settings))
}

/// The document `Defaults`, if there is one.
pub fn defaults_of(documents: &[Document]) -> Option<&Defaults> {
    documents.iter().find_map(|document| match document {
        Document::Defaults(defaults) => Some(defaults),
        Document::Agent(_)
        | Document::Policy(_)
        | Document::Budget(_)
        | Document::Grant(_)
        | Document::Tool(_)
        | Document::Group(_) => None,
    })
}

/// The person with the groups that these documents make them a member of.
pub fn member_under(documents: &[Document], person: &Person) -> Person {
    let mut member = person.clone();
    for document in documents {
        if let Document::Group(group) = document
            && group.members.contains(&person.email)
            && !member.groups.contains(&group.name)
        {
            member.groups.push(group.name.clone());
        }
    }
    member
}
