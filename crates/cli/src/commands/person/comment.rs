//! `countersign comment`.

use clap::Args;
use countersign_wire::comments::MessageView;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{card, fields, table, word};

/// Remark on a request or a task; without a text, list the remarks on a task.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  countersign comment apr_01J9Z3V5 \"asked billing\"\n  \
    countersign comment --task TASK-7 \"take the smaller cluster\"")]
pub(crate) struct Comment {
    /// The request, or with --task the task
    id: String,
    /// The remark
    #[arg(required_unless_present = "task")]
    text: Option<String>,
    /// The id is that of a task
    #[arg(long)]
    task: bool,
}

impl Comment {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        match (&self.text, self.task) {
            (Some(text), true) => {
                let message = client.comment_on_task(&self.id, text).await?;
                output.show(&message, || fields([("message", message.id.clone())]))?;
            }
            (None, _) => {
                let list = client.task_comments(&self.id).await?;
                output.show(&list, || messages(&list.items))?;
            }
            (Some(text), false) => {
                let view = client.comment(&self.id, text).await?;
                output.show(&view, || card::card(&view))?;
            }
        }
        Ok(Exit::Success)
    }
}

fn messages(items: &[MessageView]) -> String {
    let row = |item: &MessageView| {
        [item.at.to_string(), item.by.clone(), word(&item.kind), item.body.clone()]
    };
    table(["at", "by", "kind", "text"], items.iter().map(row))
}
