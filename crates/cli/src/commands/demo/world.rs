//! What the demo starts with: a person, agents, and what they may do.

use std::collections::HashMap;
use std::time::Duration;

use countersign_client::{Client, ClientError};
use countersign_domain::identity::Role;
use countersign_domain::policy::Effect;
use countersign_server::Initialised;
use countersign_wire::agents::{AgentRequest, PermissionBody};
use countersign_wire::people::PersonRequest;

use crate::failure::Failure;

/// What each agent may do.
const PERMISSIONS: &[(&str, &str, Effect)] = &[
    ("support-bot", "crm.read.**", Effect::Allow),
    ("support-bot", "stripe.refund", Effect::RequiresApproval),
    ("deploy-bot", "k8s:deploy", Effect::RequiresApproval),
    ("deploy-bot", "k8s:delete:**", Effect::Deny),
];

/// A running demo.
pub(super) struct World {
    /// Where it runs.
    pub(super) url: String,
    /// The link that signs the person who watches in, once.
    pub(super) link: String,
    /// The token of the person who watches.
    pub(super) token: String,
    agents: HashMap<String, Client>,
}

impl World {
    /// Creates everyone, once the server answers.
    pub(super) async fn create(url: &str, first: &Initialised) -> Result<Self, Failure> {
        let admin = Client::new(url, &first.admin_token, &first.org)?;
        is_up(&admin).await?;
        let you = PersonRequest {
            email: "you@example.com".to_owned(),
            role: Role::Admin,
            groups: Vec::new(),
        };
        let token = admin.create_person(&you).await?.token.unwrap_or_default();
        // The person of a demo needs no password: the link leads to what waits for them.
        let link = format!("{}?next=/approvals", admin.sign_in_link(&you.email).await?.url);
        let mut agents = HashMap::new();
        for (name, version) in
            [("support-bot", "1.4.0"), ("deploy-bot", "2.1.0"), ("ops-bot", "0.3.2")]
        {
            let request = AgentRequest {
                name: name.to_owned(),
                version: version.to_owned(),
                ..AgentRequest::default()
            };
            let key = admin.create_agent(&request).await?.key.unwrap_or_default();
            agents.insert(name.to_owned(), Client::new(url, &key, &first.org)?);
        }
        for (agent, action, effect) in PERMISSIONS {
            let body =
                PermissionBody { action: (*action).to_owned(), effect: *effect, max_amount: None };
            admin.permit(agent, &body).await?;
        }
        Ok(Self { url: url.to_owned(), link, token, agents })
    }

    /// The client of an agent.
    pub(super) fn agent(&self, name: &str) -> Option<Client> {
        self.agents.get(name).cloned()
    }
}

async fn is_up(admin: &Client) -> Result<(), Failure> {
    let mut tries = 0;
    loop {
        match admin.me().await {
            Err(ClientError::Unreachable(_)) if tries < 200 => {
                tries += 1;
                super::agent::pause(Duration::from_millis(25)).await;
            }
            other => return Ok(other.map(|_| ())?),
        }
    }
}
