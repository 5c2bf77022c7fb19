//! Whether a yes still stands, as people, agents and grants are now.

use countersign_domain::approval::{Answer, AnsweredBy, Approval, PersonRef};
use countersign_domain::identity::{AgentStatus, Email};

use super::Snapshot;

impl Snapshot {
    /// Why a yes does not count any more: one of the people who said it, or in whose place it was said, was locked
    /// or lost the right, or the grant that stood in for them was revoked, or the token that it was asked with. That a delegation ended
    /// does not unsay what was said while it held.
    pub fn no_longer_stands(&self, approval: &Approval) -> Option<String> {
        if let Some(why) = self.asked_with_a_revoked_token(approval) {
            return Some(why);
        }
        if let Some(AnsweredBy::Auto(by)) = approval.answered_by() {
            let name = by.grant();
            return self
                .grant(name)
                .is_none()
                .then(|| format!("the grant `{name}`, which approved it, was revoked"));
        }
        let relays = |answer: &&Answer| {
            let agent = answer.relayed_by.as_ref().map(|by| self.agent_by_id(by.id));
            agent.is_some_and(|agent| agent.is_none_or(|a| a.status != AgentStatus::Active))
        };
        if let Some(answer) = approval.counting_answers().find(relays) {
            let by = answer.relayed_by.as_ref().map_or("", |by| by.name.as_str());
            return Some(format!("the agent `{by}`, which reported a yes, is not active any more"));
        }
        if let Some(who) = approval.counting_answers().find_map(|answer| self.fallen(answer)) {
            return Some(format!("{who}, may no longer answer"));
        }
        self.answers_for_themselves(approval, None)
    }

    /// Why what was asked with a capability token must not run: the token was revoked.
    pub fn asked_with_a_revoked_token(&self, approval: &Approval) -> Option<String> {
        let why = self.why_revoked(approval.card.requester.token.as_ref()?)?;
        Some(format!("the capability token that it was asked with was revoked: {why}"))
    }

    /// Who of those behind an answer was locked since, or lost the right.
    fn fallen(&self, answer: &Answer) -> Option<String> {
        let silent = |who: &PersonRef| !self.person_by_id(who.id).is_some_and(|p| p.answers());
        let behind = answer.in_place_of.as_ref().map(|of| &of.person);
        let by = silent(&answer.by).then(|| format!("{}, who approved it", answer.by.email));
        by.or_else(|| {
            let behind = behind.filter(|who| silent(who))?;
            Some(format!("{}, in whose place it was approved", behind.email))
        })
    }

    /// A request as the next answer finds it: the yes of whoever may not answer any more does not count.
    pub fn with_standing_yeses(&self, approval: Approval) -> Approval {
        approval.without_yeses(|answer| self.fallen(answer).is_some())
    }

    /// Whether someone who said yes stands behind it by now: as the owner of the agent, or as the person it says
    /// it acts for.
    pub fn answers_for_themselves(
        &self,
        approval: &Approval,
        on_behalf_of: Option<&Email>,
    ) -> Option<String> {
        let agent = self.agent_by_id(approval.card.requester.agent);
        let owner = agent.and_then(|agent| agent.owner.as_ref());
        let behind = |answer: &&Answer| {
            let who = Some(&answer.by.email);
            !answer.self_approved && (who == owner || who == on_behalf_of)
        };
        let answer = approval.counting_answers().find(behind)?;
        Some(format!("{}, who approved it, stands behind it by now", answer.by.email))
    }
}
