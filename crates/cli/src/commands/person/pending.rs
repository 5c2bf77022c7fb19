//! `countersign pending`.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::Args;
use countersign_client::approvals::{ApprovalQuery, Sort};
use countersign_client::record::Events;
use countersign_client::{Client, ClientError};
use countersign_domain::approval::{Risk, Status};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::words;
use crate::output::{Output, PendingItem, pending_table};

/// Clears a terminal and goes to its first line.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";
/// How long to stay away from a server that cannot be heard.
const PAUSE: Duration = Duration::from_secs(2);

/// List what waits for an answer, the most dangerous and most urgent first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign pending --watch\n  countersign pending --risk critical --json"
)]
pub(crate) struct Pending {
    /// Stay, and show each change as it happens
    #[arg(long)]
    watch: bool,
    /// Only of this agent, by id or name
    #[arg(long)]
    agent: Option<String>,
    /// Only for this action
    #[arg(long)]
    action: Option<String>,
    /// Only with this risk
    #[arg(long, value_parser = words::<Risk>(&["low", "medium", "high", "critical"]))]
    risk: Option<Risk>,
    /// Only with this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// The order
    #[arg(long, value_parser = words::<Sort>(&["risk", "created", "expires"]))]
    sort: Option<Sort>,
}

impl Pending {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let items = self.list(&client).await?;
        print(&items, output, self.watch)?;
        if self.watch { self.watch(&client, output, items).await } else { Ok(Exit::Success) }
    }

    async fn list(&self, client: &Client) -> Result<Vec<PendingItem>, ClientError> {
        let query = ApprovalQuery {
            status: Some(Status::Pending),
            agent_id: self.agent.clone(),
            action: self.action.clone(),
            risk: self.risk,
            q: self.search.clone(),
            sort: self.sort,
            ..ApprovalQuery::default()
        };
        Ok(client.all_approvals(&query).await?.iter().map(PendingItem::from).collect())
    }

    /// Lists again after each event, for ever. The list is fetched after the stream is open, so that
    /// nothing falls between the two.
    async fn watch(
        &self,
        client: &Client,
        output: Output,
        mut shown: Vec<PendingItem>,
    ) -> Result<Exit, Failure> {
        let mut stream: Option<Events> = None;
        loop {
            let heard = match &mut stream {
                Some(events) => events.next().await.map(|event| event.is_some()),
                None => client.events(None).await.map(|events| stream.insert(events)).map(|_| true),
            };
            let items = match heard {
                Ok(true) => self.list(client).await,
                Ok(false) => Err(ClientError::Unreachable("the stream ended".to_owned())),
                Err(error) => Err(error),
            };
            match items {
                Ok(items) if items == shown => {}
                Ok(items) => {
                    print(&items, output, true)?;
                    shown = items;
                }
                Err(error) if error.is_passing() => {
                    stream = None;
                    output.tell("not live, reconnecting");
                    pause().await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "there is no event to wait for while the server is not heard"
)]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

fn print(items: &[PendingItem], output: Output, live: bool) -> Result<(), Failure> {
    let clear = if live && io::stdout().is_terminal() { CLEAR } else { "" };
    output.show(&json!({"items": items}), || format!("{clear}{}", pending_table(items)))
}
