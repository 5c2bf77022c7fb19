//! Questions, answers to them, and comments.

use countersign_wire::List;
use countersign_wire::approvals::{AnswerRequest, ApprovalView, QuestionRequest};
use countersign_wire::comments::{CommentRequest, MessageView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Asks the agent something before deciding.
    pub async fn ask_question(
        &self,
        id: &str,
        question: &str,
    ) -> Result<ApprovalView, ClientError> {
        let body = QuestionRequest { question: question.to_owned() };
        self.read(self.request(Method::POST, &["approvals", id, "ask"])?.json(&body)).await
    }

    /// Answers, as the agent, the open question.
    pub async fn answer_question(
        &self,
        id: &str,
        answer: &str,
    ) -> Result<ApprovalView, ClientError> {
        let body = AnswerRequest { answer: answer.to_owned() };
        self.read(self.request(Method::POST, &["approvals", id, "answer"])?.json(&body)).await
    }

    /// Remarks on an approval.
    pub async fn comment(&self, id: &str, body: &str) -> Result<ApprovalView, ClientError> {
        let body = CommentRequest { body: body.to_owned() };
        self.read(self.request(Method::POST, &["approvals", id, "comments"])?.json(&body)).await
    }

    /// The comments on a task, oldest first.
    pub async fn task_comments(&self, task: &str) -> Result<List<MessageView>, ClientError> {
        self.read(self.request(Method::GET, &["tasks", task, "comments"])?).await
    }

    /// Remarks on a task.
    pub async fn comment_on_task(
        &self,
        task: &str,
        body: &str,
    ) -> Result<MessageView, ClientError> {
        let body = CommentRequest { body: body.to_owned() };
        self.read(self.request(Method::POST, &["tasks", task, "comments"])?.json(&body)).await
    }
}
