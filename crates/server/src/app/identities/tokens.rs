//! A person's own tokens, with which they use the API and the command line.

use countersign_domain::audit::Kind;
use countersign_domain::identity::{Key, KeyHolder};
use countersign_domain::{KeyId, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Error, SignedIn};
use super::keys::{check_key_name, someone_governs_without};
use super::{Made, change};

impl App {
    /// The viewer's own tokens that still work, the oldest first.
    pub fn personal_tokens(&self, viewer: &SignedIn) -> Vec<Key> {
        let own = KeyHolder::Person(viewer.person.id);
        let works = |key: &Key| key.holder == own && key.revoked_at.is_none();
        viewer.snapshot.keys().into_iter().filter(works).collect()
    }

    /// Makes a token for the viewer.
    pub async fn make_token(&self, viewer: &SignedIn, name: &str) -> Result<Made<Key>, Error> {
        check_key_name("name", name)?;
        let holder = KeyHolder::Person(viewer.person.id);
        let (row, record, secret) = self.key(name, holder, &viewer.caller, self.now());
        match self.configure(change(viewer, vec![Write::Key(row.clone())], vec![record])).await? {
            Commit::Done => Ok(Made { made: row, secret }),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the token could not be kept")),
        }
    }

    /// Makes one of the viewer's own tokens stop working, at once.
    pub async fn revoke_personal_token(&self, viewer: &SignedIn, id: KeyId) -> Result<(), Error> {
        let found = self.personal_tokens(viewer).into_iter().find(|key| key.id == id);
        let before = found.ok_or_else(|| Error::not_found("token", &id.to_string()))?;
        if viewer.person.role.may(countersign_domain::identity::Right::Administer)
            && !someone_governs_without(viewer, id)
        {
            let detail = "this is the last key of the last active admin; make another one first";
            return Err(Error::invalid("id", detail));
        }
        let now = self.now();
        let key = Key { revoked_at: Some(now), ..before };
        let data = json!({"key_id": id, "name": key.name});
        let record = fact(Kind::KeyRevoked, &viewer.caller, data, now);
        // Whoever was faster revoked it as well.
        let _revoked: Commit =
            self.configure(change(viewer, vec![Write::KeyRevoked(key)], vec![record])).await?;
        Ok(())
    }
}
