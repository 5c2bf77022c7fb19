//! `countersign audit checkpoint` and `countersign audit keys`.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Writes a checkpoint as the note that is kept.
pub(super) async fn checkpoint(globals: &Globals) -> Result<Exit, Failure> {
    let checkpoint = globals.client()?.checkpoint().await?;
    globals.output().show(&checkpoint, || checkpoint.note.trim_end().to_owned())?;
    Ok(Exit::Success)
}

/// Writes the public keys as the server shows them to everyone.
pub(super) async fn keys(globals: &Globals) -> Result<Exit, Failure> {
    let (client, _) = globals.client_or_stranger()?;
    let keys = client.signing_keys().await?;
    globals.output().show(&keys, || keys.to_string())?;
    Ok(Exit::Success)
}
