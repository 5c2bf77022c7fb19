//! An agent that asks once, so that people can try out answering before any of theirs does.

use std::sync::Arc;

use countersign_domain::approval::{Approval, Cost, Risk};
use countersign_domain::identity::{Right, Trust};
use countersign_domain::json::Object;
use countersign_wire::Code;
use serde_json::Value;

use super::super::approvals::Ask;
use super::super::{App, Error, OnTheLine, SignedIn};
use super::agents::NewAgent;
use super::keys::KeyFor;

/// What the agent is called.
const NAME: &str = "try-out";

impl App {
    /// Lets an agent of its own ask for something that does nothing, as every agent asks: with a key, which
    /// works for this one request.
    pub async fn try_out(&self, admin: &SignedIn) -> Result<Arc<Approval>, Error> {
        admin.must(Right::Administer)?;
        let secret = match admin.snapshot.agent(NAME) {
            Some(_) => {
                let holder = KeyFor::Agent(NAME.to_owned());
                self.create_key(admin, (NAME, holder), None).await?.secret
            }
            None => self.create_agent(admin, agent(), None).await?.secret,
        };
        let OnTheLine::Asker(asker) =
            self.authenticate(Some(admin.org()), secret.reveal(), admin.caller.ip)?
        else {
            return Err(Error::new(Code::Internal, "the key of an agent is one of a person"));
        };
        let opened = self.ask(&asker, asker.agent(None)?.as_ref(), &ask(self.request_id())?).await;
        let admin = SignedIn { snapshot: Arc::clone(&asker.snapshot), ..admin.clone() };
        self.revoke_key(&admin, asker.key).await?;
        opened
    }
}

fn agent() -> NewAgent {
    NewAgent { name: NAME.to_owned(), version: String::new(), owner: None, trust: Trust::Standard }
}

/// Another one each time, so that one that was denied does not refuse the next.
fn ask(number: String) -> Result<Ask, Error> {
    let action = "try.out".parse();
    let action = action.map_err(|error| Error::new(Code::Internal, format!("{error}")))?;
    Ok(Ask {
        action,
        summary: Some("Try out an approval".to_owned()),
        reasoning: Some("To see how answering feels. Nothing runs, whatever you say.".to_owned()),
        cost: Cost::default(),
        side_effects: Vec::new(),
        if_denied: Some("Nothing happens.".to_owned()),
        risk: None,
        known_risk: Some(Risk::Low),
        tool: None,
        params: Object::from_iter([("number".to_owned(), Value::from(number))]),
        context: Object::new(),
        task_id: None,
        on_behalf_of: None,
        links: Vec::new(),
        responses: Vec::new(),
        expires_in: None,
        idempotency: None,
        external: None,
    })
}
