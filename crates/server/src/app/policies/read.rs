//! The documents that are in force.

use countersign_domain::identity::Right;
use countersign_domain::policy::document::plan::to_file;
use countersign_domain::policy::document::{DocumentKind, StoredDocument};

use super::super::{App, Error, SignedIn};

impl App {
    /// Every document in force, or those of one kind, by kind and name.
    pub fn policies(
        &self,
        reader: &SignedIn,
        kind: Option<DocumentKind>,
    ) -> Result<Vec<StoredDocument>, Error> {
        reader.must(Right::Read)?;
        let wanted =
            |stored: &&StoredDocument| kind.is_none_or(|kind| stored.document.kind() == kind);
        Ok(reader.snapshot.documents().iter().filter(wanted).cloned().collect())
    }

    /// One document.
    pub fn policy(
        &self,
        reader: &SignedIn,
        kind: DocumentKind,
        name: &str,
    ) -> Result<StoredDocument, Error> {
        reader.must(Right::Read)?;
        let named = |stored: &&StoredDocument| {
            stored.document.kind() == kind && stored.document.name() == name
        };
        let found = reader.snapshot.documents().iter().find(named).cloned();
        found.ok_or_else(|| Error::not_found(&format!("document of kind {}", kind.as_str()), name))
    }

    /// Everything in force as one file, which applies again and changes nothing.
    pub fn export_policies(&self, reader: &SignedIn) -> Result<String, Error> {
        reader.must(Right::Read)?;
        Ok(to_file(reader.snapshot.documents()))
    }
}
