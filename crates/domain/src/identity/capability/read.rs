//! What a token says, for whoever holds it; nothing is verified here.

use biscuit_auth::UnverifiedBiscuit;
use serde::Serialize;

use super::{BlockId, TokenError, bytes};

/// A token as anyone can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspected {
    /// Its blocks, the organization's first.
    pub blocks: Vec<InspectedBlock>,
}

/// One block of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedBlock {
    /// Names it, to revoke the token from here on.
    pub revocation_id: BlockId,
    /// What it claims and demands, in the Datalog of Biscuit.
    pub source: String,
}

/// Reads a token without the key of its organization.
pub fn inspect(token: &str) -> Result<Inspected, TokenError> {
    let token = UnverifiedBiscuit::from(bytes(token)?).map_err(|_| TokenError::Damaged)?;
    let ids = token.revocation_identifiers();
    let block = |(index, id): (usize, &Vec<u8>)| {
        let source = token.print_block_source(index).map_err(|_| TokenError::Damaged)?;
        Ok(InspectedBlock { revocation_id: BlockId::of(id), source: source.trim().to_owned() })
    };
    Ok(Inspected { blocks: ids.iter().enumerate().map(block).collect::<Result<_, _>>()? })
}
