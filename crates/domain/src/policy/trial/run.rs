//! Asking a set of documents what it says, without a server.

use std::collections::HashMap;

use jiff::Timestamp;
use ulid::Ulid;

use super::fixture::{Expected, ExpectedStage, Given, PolicyTest};
use crate::approval::{Proposal, ToolRef};
use crate::identity::{Agent, AgentStatus, Trust};
use crate::policy::account::escaped;
use crate::policy::document::parse::nearest;
use crate::policy::document::{AgentDocument, Document, DocumentKind};
use crate::policy::{
    CompileError, Counter, Parts, Purpose, Quantity, Question, Rulebook, Verdict, evaluate,
};
use crate::{AgentId, OrgId, Revision, Settings};

/// A set of documents, made ready to be asked.
#[derive(Debug)]
pub struct Bench {
    book: Rulebook,
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// What policy said.
    pub verdict: Verdict,
    /// What was expected and is otherwise, a sentence each; none if it passed.
    pub differs: Vec<String>,
}

impl Bench {
    /// Makes a set ready, or says everything that is wrong with it.
    pub fn of(documents: Vec<Document>) -> Result<Self, Vec<CompileError>> {
        let book = Rulebook::compile(Parts { documents, ..Parts::default() })?;
        Ok(Self { book })
    }

    /// The same where these settings hold.
    pub fn under(documents: Vec<Document>, settings: Settings) -> Result<Self, Vec<CompileError>> {
        let parts = Parts { settings, documents, ..Parts::default() };
        Ok(Self { book: Rulebook::compile(parts)? })
    }

    /// What policy says to this.
    pub fn ask(&self, given: &Given) -> Verdict {
        let agent = self.agent(given);
        let proposal = Proposal {
            org: OrgId::first(),
            agent: agent.id,
            action: given.action.clone(),
            tool: given.tool.clone().map(|name| ToolRef { name, schema_version: None }),
            resource: None,
            params: given.params.clone(),
        };
        let nothing: HashMap<Counter, Quantity> = HashMap::new();
        let cost = given.cost.clone().unwrap_or_default();
        let blank = Question {
            agent: &agent,
            proposal: &proposal,
            context: &given.context,
            cost: &cost,
            task: given.task.as_deref(),
            purpose: Purpose::Ask,
            capability: None,
            now: given.now,
            counters: &nothing,
        };
        let needed = self.book.counters(&blank).into_iter();
        let standing: HashMap<Counter, Quantity> =
            needed.map(|counter| (counter.clone(), used(&counter.name, given))).collect();
        evaluate(&Question { counters: &standing, ..blank }, &self.book)
    }

    /// Runs a test.
    pub fn test(&self, test: &PolicyTest) -> Tested {
        let verdict = self.ask(&test.given);
        let misspelt = self.unheard_of(&test.given);
        let differs = misspelt.into_iter().chain(differs(&test.expect, &verdict)).collect();
        Tested { name: test.name.clone(), verdict, differs }
    }

    /// What is given and not there: a test of something else than was meant shows nothing.
    fn unheard_of(&self, given: &Given) -> Vec<String> {
        let names = |kind: DocumentKind| {
            let all = self.book.documents().iter().filter(move |document| document.kind() == kind);
            all.map(Document::name)
        };
        let missing = |kind: DocumentKind, what: &str, name: &String| {
            if names(kind).any(|known| known == name) {
                return None;
            }
            let meant = nearest(name, names(kind)).map(|near| format!("; did you mean `{near}`?"));
            Some(format!("there is no {what} `{name}`{}", meant.unwrap_or_default()))
        };
        let budgets =
            given.budgets.keys().filter_map(|n| missing(DocumentKind::Budget, "budget", n));
        let grants = given.grants.keys().filter_map(|n| missing(DocumentKind::Grant, "grant", n));
        // Agents need no document; one that is spelt nearly like one that has is probably meant to be that.
        let is_slip = |known: &&str| {
            let letters = |name: &str| name.chars().filter(|c| !c.is_numeric()).collect::<String>();
            let (known, given) = (letters(known), letters(&given.agent));
            known != given && strsim::damerau_levenshtein(&known, &given) == 1
        };
        let has_document = names(DocumentKind::Agent).any(|known| known == given.agent);
        let slip = names(DocumentKind::Agent).find(is_slip).filter(|_| !has_document);
        let agent = slip.map(|known| {
            format!("no document is for the agent `{}`; did you mean `{known}`?", given.agent)
        });
        agent.into_iter().chain(budgets).chain(grants).collect()
    }

    /// The agent as its document says, or one that nothing is known of.
    fn agent(&self, given: &Given) -> Agent {
        let document = self.book.documents().iter().find_map(|document| match document {
            Document::Agent(agent) if agent.name == given.agent => Some(agent),
            _ => None,
        });
        let trust = given.trust.or_else(|| document.map(|document| document.trust));
        Agent {
            id: AgentId::new(Ulid(1)),
            revision: Revision::FIRST,
            name: given.agent.clone(),
            version: document.map(|document| document.version.clone()).unwrap_or_default(),
            status: document
                .map_or(AgentStatus::Active, |document: &AgentDocument| document.status),
            trust: trust.unwrap_or(Trust::Standard),
            owner: document.and_then(|document| document.owner.clone()),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

/// What a test says was counted under this name.
fn used(counter: &str, given: &Given) -> Quantity {
    let whole = |number: u32| Quantity::whole(u64::from(number)).unwrap_or_default();
    let (kind, rest) = counter.split_once(':').unwrap_or_default();
    let mut parts = rest.split('/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match (kind, second) {
        ("seen", _) if given.seen => Quantity::ONE,
        ("budget", _) => {
            let budget = given.budgets.iter().find(|(name, _)| escaped(name) == first);
            budget.and_then(|(_, used)| Quantity::of(*used)).unwrap_or_default()
        }
        ("grant", what) => {
            let grant = given.grants.iter().find(|(name, _)| escaped(name) == first);
            grant.map_or(Quantity::default(), |(_, grant)| match what {
                "usd" => Quantity::of(grant.usd).unwrap_or_default(),
                _ => whole(grant.uses),
            })
        }
        ("history" | "rate", window) => {
            given.history.map_or(Quantity::default(), |history| match window {
                "hour" => whole(history.hour),
                "day" => whole(history.day),
                "total" => whole(history.total),
                "runs" => whole(history.runs),
                _ => Quantity::default(),
            })
        }
        _ => Quantity::default(),
    }
}

/// What was expected and is otherwise.
fn differs(expected: &Expected, verdict: &Verdict) -> Vec<String> {
    let mut differs = Vec::new();
    let mut compare = |what: &str, wanted: String, given: String| {
        if wanted != given {
            differs.push(format!("{what}: expected {wanted}, it is {given}"));
        }
    };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    compare(
        "verdict",
        word(serde_json::json!(expected.verdict)),
        word(serde_json::json!(verdict.decision)),
    );
    if let Some(code) = &expected.reason_code {
        compare("reason_code", code.to_string(), verdict.reason_code.to_string());
    }
    if let Some(risk) = expected.risk {
        let given = verdict.risk_floor.map_or_else(|| "none".to_owned(), |risk| risk.to_string());
        compare("risk", risk.to_string(), given);
    }
    if let Some(stages) = &expected.stages {
        compare("stages", named(stages.clone()), named(stages_of(verdict)));
    }
    if let Some(rule) = &expected.rule
        && !verdict.rules.contains(rule)
    {
        let given =
            if verdict.rules.is_empty() { "no rule".into() } else { verdict.rules.join(", ") };
        differs.push(format!("rule: expected {rule}, it is {given}"));
    }
    differs
}

fn stages_of(verdict: &Verdict) -> Vec<ExpectedStage> {
    let stages = verdict.requirements.stages.iter();
    stages.map(|stage| ExpectedStage { name: stage.name.clone(), need: stage.need }).collect()
}

fn named(mut stages: Vec<ExpectedStage>) -> String {
    stages.sort();
    let one = |stage: &ExpectedStage| format!("{} ({})", stage.name, stage.need);
    stages.iter().map(one).collect::<Vec<_>>().join(", ")
}
