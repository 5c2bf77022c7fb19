//! What a form sends, in its body or in the address: names and texts, in order, each name as often as it comes.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use countersign_domain::display;
use countersign_wire::Code;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::convert::Infallible;
use std::str::FromStr;
use url::form_urlencoded;

use crate::app::Error;
use crate::http::{Failure, Shared};

/// The most bytes of a form: two hundred ids and a long reason fit several times.
const MOST: usize = 512 * 1024;

/// The fields of a form that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

/// The fields of a form that stand in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked(pub(crate) Form);

impl FromRequest<Shared> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let encoded = "application/x-www-form-urlencoded";
        if !kind.is_some_and(|kind| kind.starts_with(encoded)) {
            return Err(Error::invalid("header Content-Type", "a form is sent as a form").into());
        }
        let body = axum::body::to_bytes(request.into_body(), MOST).await;
        let too_large = |_| Error::new(Code::BodyTooLarge, "the form is larger than 512 KiB");
        Ok(Self::of(&body.map_err(too_large)?))
    }
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self(Form::of(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

impl Form {
    /// Reads an encoded form. Browsers send breaks as CR LF; here they are LF.
    pub(crate) fn of(encoded: &[u8]) -> Self {
        let plain = |text: &str| text.replace("\r\n", "\n");
        let pairs = form_urlencoded::parse(encoded);
        Self(pairs.map(|(name, text)| (name.into_owned(), plain(&text))).collect())
    }

    /// The text of a field; `None` where it is missing or blank.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).find(|text| !display::is_blank(text))
    }

    /// The same of a field that looks for something: what holds only what nobody sees would find nothing, and is
    /// refused. Spaces alone are as good as nothing.
    pub(crate) fn seen(&self, name: &str) -> Result<Option<&str>, Error> {
        let unseen = |text: &&str| display::is_blank(text) && !text.trim().is_empty();
        let Some(text) = self.all(name).find(unseen) else { return Ok(self.text(name)) };
        let why = format!("`{text}` holds nothing that can be seen: write what to look for");
        Err(Error::invalid(name, why))
    }

    /// The same, as it is kept.
    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// Every text of a field.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let wanted = name.to_owned();
        self.0.iter().filter(move |(known, _)| *known == wanted).map(|(_, text)| text.as_str())
    }

    /// The fields whose names begin with a prefix, and what follows it.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(name, text)| Some((name.strip_prefix(prefix)?, text.as_str())))
    }

    /// The same form without some of its fields.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    /// A field that has to be a number, if it is filled in; `such` is an example of one.
    pub(crate) fn number<T: FromStr>(&self, name: &str, such: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name).map(str::trim) else { return Ok(None) };
        let shown = display::sanitise(text);
        let refuse = |_| Error::invalid(name, format!("`{shown}` is no number such as {such}"));
        text.parse().map(Some).map_err(refuse)
    }

    /// A field that has to be a `T`, if it is filled in.
    pub(crate) fn parsed<T>(&self, name: &str) -> Result<Option<T>, Error>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let text = self.text(name).map(str::trim);
        text.map(|text| text.parse().map_err(|error| Error::invalid(name, error))).transpose()
    }

    /// A field that has to be a date, if it is filled in: when that day begins, in UTC.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let start = text.parse::<Date>().and_then(|date| date.to_zoned(TimeZone::UTC));
        let start = start.map_err(|_| {
            let text = display::sanitise(text);
            Error::invalid(name, format!("`{text}` is no day: write it as 2026-11-30"))
        })?;
        Ok(Some(start.timestamp()))
    }

    /// A field that has to be one of some names.
    pub(crate) fn one_of<T: Copy>(
        &self,
        name: &str,
        known: &[(&str, T)],
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let shown = display::sanitise(text);
        let refuse = || format!("`{shown}` is none of {}", words.join(", "));
        found.map(Some).ok_or_else(|| Error::invalid(name, refuse()))
    }

    /// The same fields as part of an address, without those that are named, and with one more.
    pub(crate) fn address(&self, without: &[&str], with: Option<(&str, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in &self.0 {
            if !without.contains(&name.as_str()) && !display::is_blank(text) {
                query.append_pair(name, text);
            }
        }
        if let Some((name, text)) = with {
            query.append_pair(name, text);
        }
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_written() {
        let form = Form::of(b"id=a&id=b&reason=two%0D%0Alines&blank=%E2%80%8B+&edit.a%5C.b=1");
        assert_eq!(form.all("id").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.text("reason"), Some("two\nlines"));
        assert_eq!((form.text("blank"), form.text("none")), (None, None));
        assert_eq!(form.under("edit.").collect::<Vec<_>>(), [("a\\.b", "1")]);
        assert_eq!(
            form.address(&["id", "edit.a\\.b"], Some(("q", "x y"))),
            "reason=two%0Alines&q=x+y"
        );
    }

    #[test]
    fn what_is_none_of_the_words_is_refused_with_them() {
        let known = [("low", 1), ("high", 2)];
        assert_eq!(Form::of(b"risk=high").one_of("risk", &known), Ok(Some(2)));
        assert_eq!(Form::of(b"").one_of("risk", &known), Ok(None));
        let refused = Form::of(b"risk=hi").one_of("risk", &known).unwrap_err();
        assert_eq!(refused.detail, "`hi` is none of low, high");
    }
}
