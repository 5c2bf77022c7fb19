//! A scripted agent: it asks, waits, does exactly what was approved, and says what it does.

use std::time::Duration;

use countersign_client::Client;
use countersign_domain::approval::OutcomeKind;
use countersign_domain::display::sanitise;
use countersign_domain::policy::Decision;
use countersign_wire::approvals::{ApprovalView, RedeemRequest, ResultRequest, ResultStatus};
use countersign_wire::{Object, checks::VerdictView};

use super::script::{Call, Script, Wish};
use crate::failure::Failure;
use crate::output::print_line;

/// How long an agent pauses between two wishes.
const PAUSE: Duration = Duration::from_secs(4);

/// One agent at work.
pub(super) struct Agent {
    /// What it wants.
    pub(super) script: Script,
    /// How it asks.
    pub(super) client: Client,
}

impl Agent {
    /// Plays the script again and again.
    pub(super) async fn play(self) -> Result<(), Failure> {
        for round in 0_u64.. {
            for wish in &self.script.wishes {
                self.pursue(wish, round).await?;
                pause(PAUSE).await;
            }
        }
        Ok(())
    }

    async fn pursue(&self, wish: &Wish, round: u64) -> Result<(), Failure> {
        match &wish.call {
            Call::Check(check) => {
                let mut check = check.clone();
                // So that a request that was denied before is not simply repeated.
                check.params.insert("round".to_owned(), round.into());
                let verdict = self.client.check(&check, None).await?;
                self.says(&format!(
                    "{} {}: {}",
                    word(verdict.verdict),
                    check.action,
                    verdict.reason
                ))?;
                self.follow(wish, &check.params, verdict).await
            }
            Call::Ask(ask) => {
                let mut ask = ask.clone();
                ask.params.insert("round".to_owned(), round.into());
                let asked = self.client.ask(&ask, None).await?;
                self.says(&format!("asks for a person: {} ({})", ask.action, asked.id))?;
                self.wait(wish, &ask.params, &asked.id).await
            }
        }
    }

    async fn follow(
        &self,
        wish: &Wish,
        params: &Object,
        verdict: VerdictView,
    ) -> Result<(), Failure> {
        match (verdict.verdict, verdict.approval_id) {
            (Decision::Allow, _) => {
                self.says(&format!("{}, without anyone being asked", wish.work))
            }
            (Decision::Escalate, Some(id)) => {
                self.says(&format!("waits for you: {id}"))?;
                self.wait(wish, params, &id).await
            }
            (Decision::Deny | Decision::Escalate, _) => Ok(()),
        }
    }

    async fn wait(&self, wish: &Wish, params: &Object, id: &str) -> Result<(), Failure> {
        loop {
            let view = self.client.wait(id, None).await?;
            match view.outcome {
                OutcomeKind::Pending => {}
                OutcomeKind::AskedQuestion => {
                    let question = view.question.unwrap_or_default();
                    self.says(&format!("is asked: {question} It answers: {}", wish.explanation))?;
                    self.client.answer_question(id, wish.explanation).await?;
                }
                OutcomeKind::Approved | OutcomeKind::Edited => {
                    return self.work(wish, params, &view).await;
                }
                OutcomeKind::Denied | OutcomeKind::Expired | OutcomeKind::Canceled => {
                    self.says(&format!("does not do it: {}", view.reason))?;
                    return Ok(());
                }
            }
        }
    }

    async fn work(&self, wish: &Wish, params: &Object, view: &ApprovalView) -> Result<(), Failure> {
        let effective = view.effective.as_ref().map_or(params, |effective| &effective.params);
        let redeem = RedeemRequest { params: effective.clone(), tool: None };
        let redeemed = self.client.redeem(&view.id, &redeem).await?;
        let by = view.answered_by.clone().unwrap_or_default();
        let edits = view
            .edits
            .as_ref()
            .map(|edits| format!(", with your edits {}", serde_json::Value::from(edits.clone())));
        self.says(&format!("was approved by {by}: it {}{}", wish.work, edits.unwrap_or_default()))?;
        let end = ResultRequest {
            status: ResultStatus::Succeeded,
            result: None,
            error: None,
            cost: None,
        };
        self.client.report(&redeemed.approval.id, &end).await?;
        Ok(())
    }

    fn says(&self, text: &str) -> Result<(), Failure> {
        print_line(&format!("{:>12}  {}", self.script.agent, sanitise(text)))
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "may run",
        Decision::Deny => "may not run",
        Decision::Escalate => "has to ask before",
    }
}

/// Lets time pass, as a busy agent does.
pub(super) async fn pause(length: Duration) {
    tokio::time::sleep_until(tokio::time::Instant::now() + length).await;
}
