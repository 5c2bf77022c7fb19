//! What a server is set to, and where each value comes from.

use serde::Serialize;

/// A setting of a server as it holds. The field names are public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveSetting {
    /// The option, as it is called in the file.
    #[serde(rename = "setting")]
    pub name: String,
    /// Its value, if it has one; of a secret only that it is set.
    pub value: Option<String>,
    /// `flag`, `environment`, `file`, `default`, or `unset`.
    pub from: &'static str,
}
