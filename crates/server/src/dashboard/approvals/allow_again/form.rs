//! What is written in the form, and the parameters that stay as they are.

use std::str::FromStr;

use countersign_domain::approval::Approval;
use countersign_domain::policy::document::Grant;
use countersign_domain::time;
use jiff::Timestamp;

use crate::app::{Error, GrantWish};
use crate::dashboard::layout::{Form, Text};

/// The longest name.
const LONGEST: usize = 200;

/// What is written in the form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) uses: String,
    pub(super) usd: String,
    pub(super) expires_in: String,
    pub(super) except: Vec<String>,
}

/// A parameter, and whether it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) name: Text,
    pub(super) key: String,
    pub(super) value: Text,
    /// Whether no grant holds its value.
    pub(super) is_secret: bool,
    /// Whether what is less is covered as well.
    pub(super) is_bound: bool,
    /// Whether it may have other values.
    pub(super) is_open: bool,
}

impl Written {
    /// What was sent.
    pub(super) fn sent(form: &Form) -> Self {
        let text = |name: &str| form.text(name).unwrap_or_default().trim().to_owned();
        Self {
            name: text("name"),
            uses: text("uses"),
            usd: text("usd"),
            expires_in: text("expires_in"),
            except: form.all("except").map(str::to_owned).collect(),
        }
    }

    /// What a grant that was drafted comes to.
    pub(super) fn of(grant: &Grant, now: Timestamp) -> Self {
        let length = grant.expires_at.map(|end| end.duration_since(now));
        let days = length.map(|length| length.as_hours() / 24);
        Self {
            name: grant.name.clone(),
            uses: grant.limit.uses.map(|uses| uses.to_string()).unwrap_or_default(),
            usd: grant.limit.usd.map(|usd| usd.to_string()).unwrap_or_default(),
            expires_in: days.map(|days| format!("{days}d")).unwrap_or_default(),
            except: Vec::new(),
        }
    }

    /// How the grant is to differ from the narrowest one.
    pub(super) fn wish(&self) -> Result<GrantWish, Error> {
        if self.name.chars().count() > LONGEST {
            return Err(Error::invalid("name", "at most 200 characters fit here"));
        }
        let length = |text: &str| {
            time::parse_duration(text).map_err(|error| Error::invalid("expires_in", error))
        };
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(GrantWish {
            name: filled(&self.name),
            uses: parsed("uses", &self.uses)?,
            usd: parsed("usd", &self.usd)?,
            expires_in: filled(&self.expires_in).as_deref().map(length).transpose()?,
            except: self.except.clone(),
        })
    }
}

fn parsed<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, Error>
where
    T::Err: std::fmt::Display,
{
    let filled = (!text.is_empty()).then_some(text);
    filled.map(|text| text.parse().map_err(|error| Error::invalid(field, error))).transpose()
}

/// The parameters of a request.
pub(super) fn params(approval: &Approval, written: &Written) -> Vec<Param> {
    let params = &approval.proposal().params;
    let shown = approval.card.shown(params);
    let param = |(name, value): (&String, &serde_json::Value)| {
        let visible = shown.get(name);
        let is_secret = visible != Some(value);
        let text =
            visible.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        Param {
            name: Text::key(name),
            key: name.clone(),
            value: Text::said(&text.unwrap_or_default()),
            is_secret,
            is_bound: name == "amount" && value.as_f64().is_some_and(|amount| amount >= 0.0),
            is_open: is_secret || written.except.contains(name),
        }
    };
    params.iter().map(param).collect()
}
