//! What agents did by themselves and reported afterwards.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Agent;
use countersign_domain::json::Object;
use countersign_domain::{Change, LogId, LoggedAction, Write, display};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Asker, Error};

impl App {
    /// Records what an agent did.
    pub async fn log(
        &self,
        asker: &Asker,
        agent: &Agent,
        (action, status): (&str, &str),
        context: Option<&Object>,
    ) -> Result<LoggedAction, Error> {
        let now = self.now();
        let logged = LoggedAction {
            id: LogId::new(self.ids.ulid(now)),
            agent: agent.id,
            action: action.to_owned(),
            status: status.to_owned(),
            context: context.map(display::redact_object),
            created_at: now,
        };
        let mut record = fact(Kind::ActionLogged, &asker.caller, json!({"logged": logged}), now);
        record.agent = Some(agent.id);
        let change = Change {
            org: asker.org().clone(),
            writes: vec![Write::Log(logged.clone())],
            records: vec![record],
        };
        match self.commit(change).await? {
            Commit::Done => Ok(logged),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the report could not be kept")),
        }
    }
}
