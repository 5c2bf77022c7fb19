//! What agents may do.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::policy::{Effect, Permission};
use countersign_domain::{ActionPattern, Money, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Error, SignedIn};
use super::agents::agent_named;
use super::change;

impl App {
    /// What an agent may do, by pattern.
    pub fn permissions(&self, reader: &SignedIn, agent: &str) -> Result<Vec<Permission>, Error> {
        reader.must(Right::Read)?;
        let mut permissions = reader.snapshot.permissions(agent_named(reader, agent)?.id).to_vec();
        permissions.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        Ok(permissions)
    }

    /// Sets what an agent may do under one pattern, in the place of what was set before.
    pub async fn permit(
        &self,
        admin: &SignedIn,
        agent: &str,
        pattern: ActionPattern,
        (effect, max_amount): (Effect, Option<Money>),
    ) -> Result<Permission, Error> {
        admin.must(Right::Administer)?;
        if max_amount.is_some_and(|most| most < Money::default()) {
            return Err(Error::invalid("$.max_amount", "the largest amount cannot be negative"));
        }
        let agent = agent_named(admin, agent)?;
        let permission = Permission { agent: agent.id, pattern, effect, max_amount };
        let mut record =
            fact(Kind::PermissionSet, &admin.caller, json!({"permission": permission}), self.now());
        record.agent = Some(agent.id);
        match self
            .configure(change(admin, vec![Write::Permission(permission.clone())], vec![record]))
            .await?
        {
            Commit::Done => Ok(permission),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "someone else changed this permission"))
            }
        }
    }

    /// Removes what was set for one pattern.
    pub async fn forbid(
        &self,
        admin: &SignedIn,
        agent: &str,
        pattern: ActionPattern,
    ) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        let agent = agent_named(admin, agent)?;
        let data = json!({"agent": agent.id, "pattern": pattern});
        let mut record = fact(Kind::PermissionRemoved, &admin.caller, data, self.now());
        record.agent = Some(agent.id);
        let missing = Error::not_found("permission", pattern.as_str());
        let write = Write::PermissionRemoved(agent.id, pattern);
        match self.configure(change(admin, vec![write], vec![record])).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => Err(missing),
        }
    }
}
