//! Capability tokens: minted for an agent by an admin, revoked at once, and what they let their holder reach.

use std::sync::Arc;

use countersign_domain::approval::Approval;
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::capability::{
    self, BlockId, Holder, Refusal, Revocation, Shown, TokenError, TokenLimits, Wanted,
};
use countersign_domain::identity::{Capability, Ending, Key, KeyHash, KeyHolder, Right};
use countersign_domain::{ApprovalId, Change, KeyId, Write, display};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

use super::commit::Commit;
use super::identities::{agent_named, change};
use super::record::fact;
use super::{App, Asker, Error, IdempotencyKey, SignedIn, Snapshot};

/// A token to mint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The agent, by id or name.
    pub agent: String,
    /// What to call it.
    pub name: String,
    /// What it is limited to.
    pub limits: TokenLimits,
}

/// What is to be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevokeWhat {
    /// A minted token, with all that was made of it.
    Token(KeyId),
    /// A block, with all that was made of it.
    Block(BlockId),
}

impl App {
    /// Mints a token for an agent; the token is in the answer, and only there.
    pub async fn mint_token(
        &self,
        admin: &SignedIn,
        wanted: &NewToken,
        key: Option<&IdempotencyKey>,
    ) -> Result<(Key, String), Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        let now = self.now();
        must_be_sensible(wanted, now)?;
        let agent = agent_named(admin, &wanted.agent)?.id;
        let id = KeyId::new(self.ids.ulid(now));
        let holder = Holder { org: admin.org().clone(), agent, token: id };
        let minted = capability::mint(&self.tokens, &holder, &wanted.limits, &self.ids.seed());
        let token = minted.map_err(|error| refused(&error))?;
        let row = Key {
            id,
            name: wanted.name.clone(),
            holder: KeyHolder::Token(agent),
            hash: KeyHash::of(&token),
            ends: Some(Ending::of(&token)),
            made_by: Some(admin.caller.name.clone()),
            limits: Some(wanted.limits.clone()),
            created_at: now,
            revoked_at: None,
            revoked_because: None,
        };
        let data = json!({"token_id": id, "name": row.name, "limits": row.limits});
        let record =
            Draft { agent: Some(agent), ..fact(Kind::TokenMinted, &admin.caller, data, now) };
        let remembered = key.map(|k| {
            k.records(&admin.caller, countersign_domain::Recorded::Other(id.to_string()), now)
        });
        let change = change(admin, vec![Write::Key(row.clone())], vec![record]).under(remembered);
        match self.configure(change).await? {
            Commit::Done => Ok((row, token)),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "the same call is being made already"))
            }
        }
    }

    /// Every minted token, the revoked ones included; never the token itself.
    pub fn tokens(&self, admin: &SignedIn) -> Result<Vec<Key>, Error> {
        admin.must(Right::Administer)?;
        let tokens = admin.snapshot.keys().into_iter();
        Ok(tokens.filter(|key| matches!(key.holder, KeyHolder::Token(_))).collect())
    }

    /// Every revoked block.
    pub fn revocations(&self, admin: &SignedIn) -> Result<Vec<Revocation>, Error> {
        admin.must(Right::Administer)?;
        Ok(admin.snapshot.revocations())
    }

    /// Makes a token, or a block of one, worth nothing at once, with everything that was made of it.
    pub async fn revoke_token(
        &self,
        admin: &SignedIn,
        what: RevokeWhat,
        reason: &str,
    ) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        if display::is_blank(reason) {
            let missing = Error::new(Code::ReasonRequired, "a reason is required; it is recorded");
            return Err(Error { path: Some("$.reason".to_owned()), ..missing });
        }
        let now = self.now();
        let (write, agent, data) = match what {
            RevokeWhat::Block(block) => {
                let by = admin.person.email.to_string();
                let data = json!({"revocation_id": block, "reason": reason});
                let row = Revocation { block, reason: reason.to_owned(), by, at: now };
                (Write::Revocation(row), None, data)
            }
            RevokeWhat::Token(id) => {
                let Some(key) = self.tokens(admin)?.into_iter().find(|key| key.id == id) else {
                    return Err(Error::not_found("capability token", &id.to_string()));
                };
                let agent = match key.holder {
                    KeyHolder::Token(agent) | KeyHolder::Agent(agent) => Some(agent),
                    KeyHolder::Application(_) | KeyHolder::Person(_) => None,
                };
                let data = json!({"token_id": id, "name": key.name, "reason": reason});
                let because = Some(reason.to_owned());
                let row = Key { revoked_at: Some(now), revoked_because: because, ..key };
                (Write::KeyRevoked(row), agent, data)
            }
        };
        let record = Draft { agent, ..fact(Kind::TokenRevoked, &admin.caller, data, now) };
        match self.configure(change(admin, vec![write], vec![record])).await? {
            // It was revoked before, which is all that was wanted.
            Commit::Done | Commit::Conflict => Ok(()),
        }
    }

    /// Fails for the holder of a token that stands no longer, and leaves on the record that they tried to use
    /// an approval. It stays for the agent, whose own key may use it.
    pub(super) async fn must_stand(&self, asker: &Asker, id: ApprovalId) -> Result<(), Error> {
        let Some(capability) = &asker.capability else {
            return Ok(());
        };
        let approval = self.store.approval(asker.org(), id).await?;
        let Some(approval) = approval.filter(|a| asker.speaks_for(a.card.requester.agent)) else {
            return Ok(());
        };
        let now = self.now();
        let Err(refusal) = capability.permits(asker.wanted(&approval, now)) else {
            return Ok(());
        };
        let data = json!({"reason_code": refusal.code(), "reason": refusal.to_string(), "token_id": asker.key});
        let record = Draft {
            agent: Some(approval.card.requester.agent),
            approval: Some(id),
            digest: Some(approval.digest()),
            ..fact(Kind::ExecutionRefused, &asker.caller, data, now)
        };
        let change = Change::facts(asker.org().clone(), vec![record]);
        let _a_record_alone_meets_no_guard: Commit = self.commit(change).await?;
        Err(unreached(&refusal, id))
    }
}

impl Asker {
    /// Fails unless it speaks for the agent of this approval and, with a token, unless that covers it. What is
    /// not covered is as if it were not there.
    pub(super) fn reaches(&self, approval: &Approval, now: Timestamp) -> Result<(), Error> {
        if !self.speaks_for(approval.card.requester.agent) {
            return Err(Error::not_found("approval", &approval.id.to_string()));
        }
        match &self.capability {
            None => Ok(()),
            Some(capability) => {
                let permitted = capability.permits(self.wanted(approval, now));
                permitted.map_err(|refusal| unreached(&refusal, approval.id))
            }
        }
    }

    /// Whether the token that is shown, if one is, is for what this approval lets run; one that is over or revoked is
    /// told so elsewhere.
    pub(super) fn covers(&self, approval: &Approval, now: Timestamp) -> bool {
        self.reaches(approval, now).map_or_else(|error| error.code != Code::NotFound, |()| true)
    }

    /// What an approval lets run, as a token sees it.
    fn wanted<'a>(&self, approval: &'a Approval, now: Timestamp) -> Wanted<'a> {
        let proposal = approval.proposal();
        let agent = &approval.card.requester.name;
        Wanted {
            action: &proposal.action,
            amount: self.snapshot.rulebook().amount_in(agent, &proposal.params),
            task: approval.card.task_id.as_deref(),
            now,
        }
    }
}

impl Snapshot {
    /// A token as it stands now: with why it was revoked, if it was.
    pub(super) fn standing(&self, capability: Capability) -> Option<Capability> {
        let holder = capability.holder();
        let key = self.key_by_id(holder.token)?;
        if holder.org != self.org || key.holder != KeyHolder::Token(holder.agent) {
            return None;
        }
        let why = self.why_revoked(&capability.shown());
        Some(capability.revoked(why))
    }

    /// Why a token is worth nothing any more: it was revoked, or one of its blocks.
    pub(super) fn why_revoked(&self, shown: &Shown) -> Option<String> {
        let whole = self.key_by_id(shown.token).and_then(|key| {
            let at = key.revoked_at?;
            let why = key.revoked_because.clone();
            Some(why.unwrap_or_else(|| format!("token {} at {at}", key.id)))
        });
        let block = || shown.blocks.iter().find_map(|block| self.revocation(block));
        whole.or_else(|| block().map(|revocation| revocation.reason.clone()))
    }

    /// Whether a token that was let in earlier was revoked since.
    pub(super) fn has_revoked(&self, capability: &Arc<Capability>) -> bool {
        capability.blocks().iter().any(|block| self.revocation(block).is_some())
    }
}

fn unreached(refusal: &Refusal, id: ApprovalId) -> Error {
    match refusal {
        Refusal::Revoked(_) => Error::new(Code::TokenRevoked, refusal.to_string()),
        Refusal::Expired => Error::new(Code::TokenExpired, refusal.to_string()),
        Refusal::Missing(_) | Refusal::Invalid => Error::not_found("approval", &id.to_string()),
    }
}

fn must_be_sensible(wanted: &NewToken, now: Timestamp) -> Result<(), Error> {
    let named = !display::is_blank(&wanted.name) && wanted.name.chars().count() <= 100;
    if !named {
        return Err(Error::invalid("$.name", "a token needs a name of at most 100 characters"));
    }
    if wanted.limits.actions.is_empty() {
        let detail = "name at least one action; `**` stands for everything the agent may ask for";
        return Err(Error::invalid("$.actions", detail));
    }
    match wanted.limits.expires_at {
        Some(end) if end > now => Ok(()),
        Some(_) => Err(Error::invalid("$.expires_in", "the token would be over already")),
        None => Err(Error::invalid("$.expires_in", "say when it ends, such as `8h`")),
    }
}

fn refused(error: &TokenError) -> Error {
    let place = match error {
        TokenError::Amount => "$.amount",
        TokenError::TooLong => "$.actions",
        TokenError::Task => "$.task",
        TokenError::NotAToken
        | TokenError::Damaged
        | TokenError::TooManyBlocks
        | TokenError::Unbounded
        | TokenError::Unlimited
        | TokenError::Sealed => "$",
    };
    Error::invalid(place, error)
}
