//! Capability tokens: what an agent hands to a sub-agent, so that it can ask for some of what the agent may ask
//! for, and for nothing else.
//!
//! A token is a Biscuit: a first block that the organization signed, naming agent and token, and blocks that any
//! holder may append offline. Every block holds checks, and all checks of all blocks have to hold, so that a block
//! can only narrow. A token to which a holder added facts, rules or loops is refused whole: they could not widen it, but
//! make whoever verifies it compute.

mod limits;
mod read;
mod verify;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use biscuit_auth::builder::Algorithm;
use biscuit_auth::datalog::SymbolTable;
use biscuit_auth::{Biscuit, KeyPair, PrivateKey, PublicKey, UnverifiedBiscuit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use limits::TokenLimits;
pub use read::{Inspected, InspectedBlock, inspect};
pub use verify::{Capability, Refusal, Wanted};

use crate::display::FingerprintKey;
use crate::{AgentId, KeyId, OrgId};

/// What every capability token starts with.
pub const PREFIX: &str = "csc_";

/// The longest token, in characters; it has to fit into a header.
pub const LONGEST: usize = 6_000;

/// The most blocks of a token; each was signed, and each costs a verification.
const MOST_BLOCKS: usize = 16;

/// Why a token cannot be made, narrowed or read. No text of a token is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no token.
    #[error("this is no capability token: one starts with `csc_`")]
    NotAToken,
    /// It is longer than a header can carry.
    #[error("the token would have more than {LONGEST} characters; narrow one with fewer blocks")]
    TooLong,
    /// It has more blocks than are verified.
    #[error("the token would have more than {MOST_BLOCKS} blocks; narrow one with fewer")]
    TooManyBlocks,
    /// Its bytes or signatures are not those of a token of this organization.
    #[error("the token is damaged, or another organization signed it")]
    Damaged,
    /// A holder added something else than checks.
    #[error("a holder may add checks to a token, and no facts, rules or loops")]
    Unbounded,
    /// Nothing is narrowed.
    #[error("nothing is limited: name actions, an amount, a task or an expiry")]
    Unlimited,
    /// It takes no more blocks.
    #[error("the token is sealed, so that nobody can narrow it")]
    Sealed,
    /// The task cannot be told from something else where a token is shown.
    #[error("the task holds quotes or characters that cannot be seen")]
    Task,
    /// The amount is no amount that can be compared.
    #[error("the amount has to be 0 or more, and at most a billion")]
    Amount,
}

/// The key with which an organization's server signs tokens. It cannot be printed.
pub struct RootKey(KeyPair);

impl RootKey {
    /// The key with this seed.
    pub fn new(seed: &[u8; 32]) -> Result<Self, TokenError> {
        Ok(Self(pair(seed)?))
    }

    /// The key of the fingerprints of secrets, which is drawn from this one.
    pub fn fingerprints(&self) -> FingerprintKey {
        FingerprintKey::from_secret(&self.0.private().to_bytes())
    }

    /// With which its signatures are verified.
    pub fn public(&self) -> PublicKey {
        self.0.public()
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(…)")
    }
}

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The organization.
    pub org: OrgId,
    /// The agent.
    pub agent: AgentId,
    /// The token itself, as it is registered.
    pub token: KeyId,
}

/// A new token of this holder within these limits. `seed` is 32 random bytes, for the key that signs the block
/// after this one.
pub fn mint(
    root: &RootKey,
    holder: &Holder,
    limits: &TokenLimits,
    seed: &[u8; 32],
) -> Result<String, TokenError> {
    let names = [
        ("org", holder.org.to_string()),
        ("agent", holder.agent.to_string()),
        ("token", holder.token.to_string()),
    ];
    let names = names.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let block = limits
        .block()?
        .code_with_params("holder({org}, {agent}, {token});", names, [].into())
        .map_err(|_| TokenError::Damaged)?;
    let builder = Biscuit::builder().merge(block);
    let token = builder.build_with_key_pair(&root.0, SymbolTable::default(), &pair(seed)?);
    text(&token.and_then(|token| token.to_vec()).map_err(|_| TokenError::Damaged)?)
}

/// The token with further limits, which nobody can take off again. Needs no server and no secret; `seed` is as
/// for [`mint`].
pub fn attenuate(token: &str, limits: &TokenLimits, seed: &[u8; 32]) -> Result<String, TokenError> {
    if limits.is_empty() {
        return Err(TokenError::Unlimited);
    }
    let biscuit = UnverifiedBiscuit::from(bytes(token)?).map_err(|_| TokenError::Damaged)?;
    if biscuit.block_count() >= MOST_BLOCKS {
        return Err(TokenError::TooManyBlocks);
    }
    let narrowed = biscuit.append_with_keypair(&pair(seed)?, limits.block()?);
    let narrowed = narrowed.map_err(|error| match error {
        biscuit_auth::error::Token::AppendOnSealed => TokenError::Sealed,
        _ => TokenError::Damaged,
    })?;
    text(&narrowed.to_vec().map_err(|_| TokenError::Damaged)?)
}

/// Names one block of one token, so that it and all that was made of it can be revoked; written in hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlockId(String);

/// Why a text names no block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no revocation id: it has 128 to 160 hex digits; see `countersign token inspect`")]
pub struct BlockIdError;

impl BlockId {
    fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(bytes))
    }

    /// The id in hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BlockId {
    type Err = BlockIdError;

    fn from_str(text: &str) -> Result<Self, BlockIdError> {
        let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let fits = hex && (128..=160).contains(&text.len()) && text.len().is_multiple_of(2);
        if fits { Ok(Self(text.to_owned())) } else { Err(BlockIdError) }
    }
}

impl TryFrom<String> for BlockId {
    type Error = BlockIdError;

    fn try_from(text: String) -> Result<Self, BlockIdError> {
        text.parse()
    }
}

impl From<BlockId> for String {
    fn from(id: BlockId) -> Self {
        id.0
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A capability token that something was asked with, to know later whether it was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The token that the organization made.
    pub token: KeyId,
    /// Its blocks, the organization's first.
    pub blocks: Vec<BlockId>,
}

/// A block that is worth nothing any more, nor is any token that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Which block.
    pub block: BlockId,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

fn pair(seed: &[u8; 32]) -> Result<KeyPair, TokenError> {
    let private = PrivateKey::from_bytes(seed, Algorithm::Ed25519);
    Ok(KeyPair::from(&private.map_err(|_| TokenError::Damaged)?))
}

fn text(bytes: &[u8]) -> Result<String, TokenError> {
    let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    if text.len() > LONGEST { Err(TokenError::TooLong) } else { Ok(text) }
}

fn bytes(token: &str) -> Result<Vec<u8>, TokenError> {
    let encoded = token.strip_prefix(PREFIX).ok_or(TokenError::NotAToken)?;
    if token.len() > LONGEST {
        return Err(TokenError::TooLong);
    }
    URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TokenError::Damaged)
}

#[cfg(test)]
mod tests;
