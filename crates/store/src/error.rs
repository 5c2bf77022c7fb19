//! Why a database did not answer.

/// Why a database did not answer. None of these is ever taken for a yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It is closed, or its thread is gone.
    #[error("the database is closed")]
    Closed,
    /// It is too busy, full, or broken.
    #[error("the database failed: {0}")]
    Failed(String),
    /// A row does not read as what it should be.
    #[error("a stored row is not readable: {0}")]
    Unreadable(String),
    /// The file is a database of something else.
    #[error("the file is not a database of Countersign")]
    Foreign,
    /// Another program has written since the last commit of this one, so that what is kept in memory of the
    /// rows may not be true any more. Nothing of the batch was kept; the next one is taken again.
    #[error(
        "another program has written to the database: what is known of it has to be read again"
    )]
    Overtaken,
    /// The database was made by a newer version of Countersign.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: use a newer program"
    )]
    TooNew {
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// A migration that was applied is not the one this program has.
    #[error("migration {0} in the database is not the one of this program")]
    OtherHistory(i64),
}
