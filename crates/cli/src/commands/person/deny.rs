//! `countersign deny`.

use clap::Args;
use countersign_client::Client;
use countersign_wire::approvals::{ApprovalView, DenyRequest};

use super::answering::{Verdict, answer_all, code_for};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::Output;

/// Say no; the agent is told why.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign deny apr_01J9Z3V5 --reason \"refunds over 200 go through finance\""
)]
pub(crate) struct Deny {
    /// The requests
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
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

impl Deny {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let no = DenyRequest {
            reason: self.reason.clone(),
            notes: self.notes.clone(),
            evidence: self.evidence.clone(),
            operator: self.operator.clone(),
            expected_digest: None,
            code: self.code.clone(),
        };
        answer_all(&globals.client()?, &self.ids, &no, globals.output()).await
    }
}

impl Verdict for DenyRequest {
    async fn give(
        &self,
        client: &Client,
        shown: &ApprovalView,
        output: Output,
    ) -> Result<ApprovalView, Failure> {
        let code = code_for(shown, self.code.as_deref(), output)?;
        let expected_digest = Some(shown.digest.clone());
        let no = Self { expected_digest, code, ..self.clone() };
        Ok(client.deny(&shown.id, &no).await?)
    }
}
