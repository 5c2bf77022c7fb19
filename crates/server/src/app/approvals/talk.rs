//! The agent answers questions and withdraws requests; everyone comments.

use std::sync::Arc;

use countersign_domain::approval::{Approval, Message, MessageKind};
use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::{ApprovalId, Change, MessageId, Recorded, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Asker, Error, IdempotencyKey, OnTheLine};
use super::Target;

impl App {
    /// The agent answers the open question.
    pub async fn reply(
        &self,
        asker: &Asker,
        id: ApprovalId,
        text: &str,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        let message = MessageId::new(self.ids.ulid(self.now()));
        let target = Target { org: asker.org(), id, caller: &asker.caller, idempotency: key };
        self.transition(target, |approval, now| {
            asker.reaches(&approval, now)?;
            Ok(approval.reply(text.to_owned(), message, &asker.caller, now)?)
        })
        .await
    }

    /// The agent, or an admin, withdraws it.
    pub async fn cancel(
        &self,
        caller: &OnTheLine,
        id: ApprovalId,
        reason: Option<&str>,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        let target = Target { org: caller.org(), id, caller: caller.caller(), idempotency: key };
        self.transition(target, |approval, now| {
            match caller {
                OnTheLine::Asker(asker) => asker.reaches(&approval, now)?,
                OnTheLine::Person(person) => person.must(Right::Administer)?,
            }
            Ok(approval.cancel(reason.map(str::to_owned), caller.caller(), now)?)
        })
        .await
    }

    /// Whoever can see it remarks.
    pub async fn comment(
        &self,
        caller: &OnTheLine,
        id: ApprovalId,
        text: &str,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        self.visible(caller, id).await?;
        let message = MessageId::new(self.ids.ulid(self.now()));
        let target = Target { org: caller.org(), id, caller: caller.caller(), idempotency: key };
        self.transition(target, |approval, now| {
            Ok(approval.comment(text.to_owned(), message, caller.caller(), now)?)
        })
        .await
    }

    /// Whoever belongs to the organization remarks on a task.
    pub async fn comment_on_task(
        &self,
        caller: &OnTheLine,
        task: &str,
        text: &str,
        key: Option<&IdempotencyKey>,
    ) -> Result<Message, Error> {
        if text.trim().is_empty() {
            return Err(Error::invalid("$.body", "a comment is required"));
        }
        let now = self.now();
        let by = caller.caller().clone();
        let id = MessageId::new(self.ids.ulid(now));
        let message =
            Message { id, at: now, by, kind: MessageKind::Comment, body: text.to_owned() };
        if let Some(before) = self.recorded(caller.org(), caller.caller(), key).await? {
            return self.comment_again(caller, task, &before).await;
        }
        let data = json!({"task_id": task, "message_id": id, "body": message.readable()});
        let change = Change {
            org: caller.org().clone(),
            writes: vec![Write::TaskComment(task.to_owned(), message.clone())],
            records: vec![fact(Kind::CommentWritten, caller.caller(), data, now)],
        };
        let row = key.map(|key| key.records(caller.caller(), Recorded::Other(id.to_string()), now));
        match self.commit(change.under(row)).await? {
            Commit::Done => Ok(message),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "the same comment is being written already"))
            }
        }
    }

    async fn comment_again(
        &self,
        caller: &OnTheLine,
        task: &str,
        before: &Recorded,
    ) -> Result<Message, Error> {
        let comments = self.task_comments(caller, task).await?;
        let found = comments.into_iter().find(|m| *before == Recorded::Other(m.id.to_string()));
        found
            .ok_or_else(|| Error::new(Code::IdempotencyMismatch, "this key came with another call"))
    }

    /// The comments on a task, oldest first.
    pub async fn task_comments(
        &self,
        caller: &OnTheLine,
        task: &str,
    ) -> Result<Vec<Message>, Error> {
        Ok(self.store.task_comments(caller.org(), task).await?)
    }
}

/// What others own is as if it were not there.
pub(in crate::app) fn must_speak_for(asker: &Asker, approval: &Approval) -> Result<(), Error> {
    if asker.speaks_for(approval.card.requester.agent) {
        return Ok(());
    }
    Err(Error::not_found("approval", &approval.id.to_string()))
}
