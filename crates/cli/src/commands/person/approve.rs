//! `countersign approve`.

use clap::Args;
use countersign_client::Client;
use countersign_wire::Object;
use countersign_wire::approvals::{ApprovalView, ApproveRequest};
use serde_json::Value;

use super::answering::{Verdict, answer_all, code_for};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::{Pair, object_of};
use crate::output::Output;

/// Say yes to exactly what is shown at that moment; if it changes meanwhile, nothing is approved.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign approve apr_01J9Z3V5 --notes \"checked with billing\"\n  \
    countersign approve apr_01J9Z3V5 --set amount=30 --set cost.usd=30\n  \
    countersign approve apr_01J9Z3V5 --add memo=\"order 17\" --remove express"
)]
pub(crate) struct Approve {
    /// The requests
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Approve an edited version: a dotted key and its new value, JSON or text (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Pair>,
    /// Approve a version with a parameter more, or a key more of one (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    add: Vec<Pair>,
    /// Approve a version without this parameter (repeatable)
    #[arg(long, value_name = "KEY")]
    remove: Vec<String>,
    /// Notes for the agent and the record
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// What your answer is based on
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
    /// The code of your authenticator app, where the answer takes one; on a terminal you are asked for it
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Who types this, recorded beside you
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
}

impl Approve {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let edits = self.edits()?;
        let yes = ApproveRequest {
            notes: self.notes.clone(),
            edits: (!edits.is_empty()).then_some(edits),
            evidence: self.evidence.clone(),
            operator: self.operator.clone(),
            expected_digest: None,
            code: self.code.clone(),
        };
        answer_all(&globals.client()?, &self.ids, &yes, globals.output()).await
    }

    /// What is to be changed, added and taken away, as the server reads it.
    fn edits(&self) -> Result<Object, Failure> {
        let added = |pair: &Pair| Pair { key: format!("+{}", pair.key), value: pair.value.clone() };
        let removed = |key: &String| Pair { key: format!("-{key}"), value: Value::Null };
        let edits = object_of(Object::new(), &self.set)?;
        let edits = object_of(edits, &self.add.iter().map(added).collect::<Vec<_>>())?;
        object_of(edits, &self.remove.iter().map(removed).collect::<Vec<_>>())
    }
}

impl Verdict for ApproveRequest {
    async fn give(
        &self,
        client: &Client,
        shown: &ApprovalView,
        output: Output,
    ) -> Result<ApprovalView, Failure> {
        let code = code_for(shown, self.code.as_deref(), output)?;
        let expected_digest = Some(shown.digest.clone());
        let yes = Self { expected_digest, code, ..self.clone() };
        Ok(client.approve(&shown.id, &yes).await?)
    }
}
