//! Who calls: extractors that let in only the kind of caller a route is for.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use countersign_domain::OrgId;
use countersign_wire::Code;

use super::{Failure, Shared};
use crate::app::{Asker, Device, Error, OnTheLine, SignedIn};

/// An agent or an application, with a key of its own.
#[derive(Debug)]
pub struct Asking(pub Asker);

/// An agent or an application, or whoever holds a capability token of an agent. A token lets its holder ask,
/// wait and use; every route that is for more takes one of the others.
#[derive(Debug)]
pub struct Holding(pub Asker);

/// A person.
#[derive(Debug)]
pub struct Person(pub SignedIn);

/// Whoever has no key yet, by where they are.
#[derive(Debug)]
pub struct Stranger(pub Device);

/// Anyone with a valid key.
#[derive(Debug)]
pub struct Anyone(pub OnTheLine);

/// Anyone with a valid key or capability token.
#[derive(Debug)]
pub struct AnyHolder(pub OnTheLine);

impl FromRequestParts<Shared> for Stranger {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let device = super::device(parts, surface);
        surface.limits.admit_visitor(&device)?;
        Ok(Self(device))
    }
}

impl FromRequestParts<Shared> for Anyone {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let caller = AnyHolder::from_request_parts(parts, surface).await?.0;
        match &caller {
            OnTheLine::Asker(asker) if asker.capability.is_some() => {
                let detail = "a capability token lets its holder ask, wait and use an approval, \
                              and nothing else";
                Err(Failure(Error::new(Code::Forbidden, detail)))
            }
            OnTheLine::Asker(_) | OnTheLine::Person(_) => Ok(Self(caller)),
        }
    }
}

impl FromRequestParts<Shared> for AnyHolder {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let org = org(parts, surface).await?;
        let secret = secret(&parts.headers)?;
        let ip = super::device(parts, surface).ip;
        let caller = surface.app.authenticate(org.as_ref(), secret, ip)?;
        surface.limits.admit(&caller)?;
        Ok(Self(caller))
    }
}

impl FromRequestParts<Shared> for Asking {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        asker(Anyone::from_request_parts(parts, surface).await?.0).map(Self)
    }
}

impl FromRequestParts<Shared> for Holding {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        asker(AnyHolder::from_request_parts(parts, surface).await?.0).map(Self)
    }
}

fn asker(caller: OnTheLine) -> Result<Asker, Failure> {
    match caller {
        OnTheLine::Asker(asker) => Ok(asker),
        OnTheLine::Person(person) => {
            let detail = format!("{} is a person; this is for agents", person.person.email);
            Err(Failure(Error::new(Code::AgentsOnly, detail)))
        }
    }
}

impl FromRequestParts<Shared> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        match AnyHolder::from_request_parts(parts, surface).await?.0 {
            OnTheLine::Person(person) => Ok(Self(person)),
            OnTheLine::Asker(_) => {
                let detail = "agent and application keys can ask, and never answer or administer";
                Err(Failure(Error::new(Code::PeopleOnly, detail)))
            }
        }
    }
}

/// The organization in the path; `None` on surfaces whose paths name none.
async fn org(parts: &mut Parts, surface: &Shared) -> Result<Option<OrgId>, Failure> {
    let params = RawPathParams::from_request_parts(parts, surface).await;
    let params = params.map_err(|_| Error::invalid("path", "the path is not UTF-8"))?;
    match params.iter().find(|(name, _)| *name == "org") {
        Some((_, text)) => {
            let org = text
                .parse()
                .map_err(|_| Error::new(Code::Unauthenticated, "the key is not valid here"))?;
            Ok(Some(org))
        }
        None => Ok(None),
    }
}

fn secret(headers: &HeaderMap) -> Result<&str, Failure> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(header::AUTHORIZATION).and_then(|value| {
        let (scheme, secret) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
    });
    let api_key = || headers.get("x-api-key").and_then(|value| value.to_str().ok());
    bearer
        .or_else(api_key)
        .ok_or_else(|| Failure(Error::new(Code::Unauthenticated, "no key was sent")))
}
