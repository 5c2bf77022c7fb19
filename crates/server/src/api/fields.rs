//! Fields that become domain types where they enter.

use std::str::FromStr;

use countersign_domain::approval::{Cost, Link};
use countersign_domain::{Money, names, time};
use jiff::{SignedDuration, Timestamp};

use crate::app::Error;

/// The longest time people can be given to answer.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// A field that has to be a `T`.
pub(super) fn parsed<T>(field: &str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Error::invalid(field, error))
}

/// A field that has to be a `T`, if it is there.
pub(super) fn optional<T>(field: &str, text: Option<&str>) -> Result<Option<T>, Error>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.map(|text| parsed(field, text)).transpose()
}

/// A length of time, up to a year, if it is there.
pub(super) fn length(field: &str, text: Option<&str>) -> Result<Option<SignedDuration>, Error> {
    let Some(text) = text else { return Ok(None) };
    let length = time::parse_duration(text).map_err(|error| Error::invalid(field, error))?;
    if length > LONGEST {
        return Err(Error::invalid(field, "a year is the longest time that can be given"));
    }
    Ok(Some(length))
}

/// A point in time, if it is there.
pub(super) fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Error> {
    let refuse = |text: &str| {
        let shown = countersign_domain::display::sanitise(text);
        Error::invalid(
            field,
            format!("`{shown}` is not a time: write it as `2026-01-31T09:00:00Z`"),
        )
    };
    text.map(|text| text.parse().map_err(|_| refuse(text))).transpose()
}

/// A cost that is none below zero.
pub(super) fn cost(cost: Option<Cost>) -> Result<Cost, Error> {
    let cost = cost.unwrap_or_default();
    if cost.usd < Money::default() {
        return Err(Error::invalid(
            "$.cost.usd",
            "a cost cannot be negative; zero is said as zero",
        ));
    }
    Ok(cost)
}

/// A text of at most so many characters.
pub(super) fn short(
    field: &str,
    text: Option<String>,
    most: usize,
) -> Result<Option<String>, Error> {
    let length = text.as_deref().map_or(0, |text| text.chars().count());
    if length > most {
        return Err(Error::invalid(
            field,
            format!("at most {most} characters fit here; this has {length}"),
        ));
    }
    Ok(text)
}

/// A name that is not empty, of at most 200 characters, if it is there.
pub(super) fn name(field: &str, text: Option<String>) -> Result<Option<String>, Error> {
    if text.as_deref().is_some_and(countersign_domain::display::is_blank) {
        return Err(Error::invalid(field, "leave it out rather than empty"));
    }
    short(field, text, 200)
}

/// The name of a tool, if it is there: one that can be seen whole and is written in only one way.
pub(super) fn tool(text: Option<String>) -> Result<Option<String>, Error> {
    let tool = name("$.tool", text)?;
    if let Some(name) = &tool {
        names::must_be_plain(name).map_err(|error| Error::invalid("$.tool", error))?;
    }
    Ok(tool)
}

/// Links that lead to a page, and run nothing.
pub(super) fn links(links: Vec<Link>) -> Result<Vec<Link>, Error> {
    let leads = |link: &Link| link.url.starts_with("https://") || link.url.starts_with("http://");
    match links.iter().position(|link| !leads(link)) {
        Some(index) => {
            let detail = "a link has to start with `https://` or `http://`";
            Err(Error::invalid(format!("$.links[{index}].url"), detail))
        }
        None => Ok(links),
    }
}
