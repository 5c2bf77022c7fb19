//! Signing in with an account at an identity provider: whom it belongs to here, and who may join by it.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::PersonId;
use crate::identity::{Email, Role};

/// An account at an identity provider that a person signs in with. It is known by what never changes of it;
/// the address may go to someone else there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderAccount {
    /// Who vouches for it.
    pub issuer: String,
    /// What it is called there, for ever.
    pub subject: String,
    /// Who signs in with it here.
    pub person: PersonId,
    /// The address that it had when it was linked.
    pub email: Email,
    /// When it was linked.
    pub linked_at: Timestamp,
}

/// What a provider says about whoever signed in there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The account.
    pub subject: String,
    /// The address.
    pub email: Option<Email>,
    /// Whether the provider has verified the address.
    pub verified: bool,
    /// When they proved there who they are, if the provider tells.
    pub proved_at: Option<Timestamp>,
}

impl Claims {
    /// Fails unless they proved who they are after the provider was told to ask them anew, which it may leave.
    pub fn proved_since(&self, asked_at: Timestamp) -> Result<(), AdmissionError> {
        let earliest = asked_at.checked_sub(CLOCKS_APART).unwrap_or(asked_at);
        let is_since = self.proved_at.is_some_and(|at| at >= earliest);
        if is_since { Ok(()) } else { Err(AdmissionError::NotAskedAnew) }
    }
}

/// How far the clock of a provider may be behind ours.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(60);

/// Who may sign in with a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderRules {
    /// Only addresses of these domains; of every domain, if there are none.
    pub domains: Vec<String>,
    /// Whoever has an address of these domains may join without an invitation.
    pub joins: Vec<Joining>,
}

/// A domain whose people may join, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The domain.
    pub domain: String,
    /// What they may do.
    pub role: Role,
}

/// Why a text does not say who may join.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not say who may join: write it as `example.com`, or as `example.com=approver`; nobody joins as an admin"
)]
pub struct JoiningError(String);

/// What is known here about an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Who signs in with it.
    pub linked: Option<PersonId>,
    /// Who has its address.
    pub person: Option<PersonId>,
    /// Whether that person signs in with another account of the same provider.
    pub other_account: bool,
    /// Whether its address is invited.
    pub invited: bool,
}

/// How someone comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// With an account that is linked to them.
    Linked(PersonId),
    /// For the first time with it: it is linked to the person who has its address.
    Links(PersonId, Email),
    /// By the invitation of its address.
    Accepts(Email),
    /// Because everyone of its domain may.
    Joins(Email, Role),
}

/// Why someone does not come in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// The provider does not tell an address.
    #[error("the identity provider does not tell your e-mail address")]
    NoAddress,
    /// The provider does not vouch for the address.
    #[error("the identity provider does not say that it verified your address `{0}`")]
    Unverified(Email),
    /// The address is of a domain that does not sign in here.
    #[error("addresses like `{0}` do not sign in here")]
    OtherDomain(Email),
    /// The person signs in with another account.
    #[error(
        "`{0}` is linked to another account of the identity provider; an admin can take that link away"
    )]
    OtherAccount(Email),
    /// The provider did not ask them anew who they are, or does not tell.
    #[error(
        "the identity provider does not say that you proved there just now who you are; sign out there, and \
         sign in again"
    )]
    NotAskedAnew,
    /// Nobody here has the address.
    #[error("nobody here has the address `{0}`; an admin can invite you")]
    Unknown(Email),
}

impl ProviderRules {
    /// Who someone is here. What is linked stays so whatever becomes of the address; an address counts only
    /// where the provider has verified it.
    pub fn admit(&self, claims: &Claims, known: Known) -> Result<Admission, AdmissionError> {
        let address = match &claims.email {
            None => Err(AdmissionError::NoAddress),
            Some(email) if !claims.verified => Err(AdmissionError::Unverified(email.clone())),
            Some(email) if !self.takes(email) => Err(AdmissionError::OtherDomain(email.clone())),
            Some(email) => Ok(email.clone()),
        };
        if let Some(person) = known.linked {
            // A domain that is closed is closed for those who came before, too.
            return if self.domains.is_empty() {
                Ok(Admission::Linked(person))
            } else {
                address.map(|_| Admission::Linked(person))
            };
        }
        let email = address?;
        match known.person {
            Some(_) if known.other_account => Err(AdmissionError::OtherAccount(email)),
            Some(person) => Ok(Admission::Links(person, email)),
            None if known.invited => Ok(Admission::Accepts(email)),
            None => match self.joins.iter().find(|join| is_of(&email, &join.domain)) {
                Some(join) => Ok(Admission::Joins(email, join.role)),
                None => Err(AdmissionError::Unknown(email)),
            },
        }
    }

    fn takes(&self, email: &Email) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| is_of(email, domain))
    }
}

/// Whether an address is of exactly this domain; one below it is another.
fn is_of(email: &Email, domain: &str) -> bool {
    email.as_str().rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
}

impl FromStr for Joining {
    type Err = JoiningError;

    fn from_str(text: &str) -> Result<Self, JoiningError> {
        let refused = || JoiningError(crate::display::sanitise(text));
        let (domain, role) = match text.split_once('=') {
            None => (text, Role::Viewer),
            Some((domain, "viewer")) => (domain, Role::Viewer),
            Some((domain, "auditor")) => (domain, Role::Auditor),
            Some((domain, "approver")) => (domain, Role::Approver),
            Some(_) => return Err(refused()),
        };
        let plain = format!("x@{domain}").parse::<Email>().is_ok();
        if plain { Ok(Self { domain: domain.to_ascii_lowercase(), role }) } else { Err(refused()) }
    }
}

impl fmt::Display for Joining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.domain, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(domains: &[&str], joins: &[&str]) -> ProviderRules {
        ProviderRules {
            domains: domains.iter().map(|text| (*text).to_owned()).collect(),
            joins: joins.iter().map(|text| text.parse().unwrap()).collect(),
        }
    }

    fn claims(email: Option<&str>, verified: bool) -> Claims {
        let email = email.map(|text| text.parse().unwrap());
        Claims { subject: "s".to_owned(), email, verified, proved_at: None }
    }

    type Case<'a> = (&'a str, Claims, Known, Result<Admission, AdmissionError>);

    fn holds(rules: &ProviderRules, table: Vec<Case<'_>>) {
        for (what, claims, known, expected) in table {
            assert_eq!(rules.admit(&claims, known), expected, "{what}");
        }
    }

    fn mail() -> Email {
        "ana@x.org".parse().unwrap()
    }

    fn known() -> Known {
        Known { person: Some(PersonId::new(ulid::Ulid(1))), ..Known::default() }
    }

    #[test]
    fn an_account_is_whoever_it_was_linked_to() {
        let (ana, ben) = (PersonId::new(ulid::Ulid(1)), PersonId::new(ulid::Ulid(2)));
        let linked = Known { linked: Some(ana), person: Some(ben), ..Known::default() };
        let theirs = || Ok(Admission::Linked(ana));
        let ok = || claims(Some("ana@x.org"), true);
        holds(
            &rules(&[], &["x.org"]),
            vec![
                ("the address went to someone else", ok(), linked, theirs()),
                ("no address any more", claims(None, false), linked, theirs()),
                ("not verified any more", claims(Some("b@z"), false), linked, theirs()),
            ],
        );
        holds(
            &rules(&["y.org"], &[]),
            vec![
                ("domain shut", ok(), linked, Err(AdmissionError::OtherDomain(mail()))),
                ("none told", claims(None, true), linked, Err(AdmissionError::NoAddress)),
                ("not linked", ok(), known(), Err(AdmissionError::OtherDomain(mail()))),
            ],
        );
    }

    #[test]
    fn an_address_counts_once_and_verified() {
        use Admission::{Accepts, Joins, Links};
        let ana = PersonId::new(ulid::Ulid(1));
        let ok = || claims(Some("ana@x.org"), true);
        let doubtful = claims(Some("ana@x.org"), false);
        let taken = Known { other_account: true, ..known() };
        let (nobody, invited) = (Known::default(), Known { invited: true, ..Known::default() });
        let of = |text: &str| text.parse::<Email>().unwrap();
        let (as_more, below) = (claims(Some("a@Y.org"), true), claims(Some("a@a.x.org"), true));
        holds(
            &rules(&[], &["x.org", "y.org=approver"]),
            vec![
                ("first time", ok(), known(), Ok(Links(ana, mail()))),
                ("another account", ok(), taken, Err(AdmissionError::OtherAccount(mail()))),
                ("unverified", doubtful, known(), Err(AdmissionError::Unverified(mail()))),
                ("no address", claims(None, true), known(), Err(AdmissionError::NoAddress)),
                ("invited", ok(), invited, Ok(Accepts(mail()))),
                ("of a domain that joins", ok(), nobody, Ok(Joins(mail(), Role::Viewer))),
                ("as more", as_more, nobody, Ok(Joins(of("a@y.org"), Role::Approver))),
                ("below", below, nobody, Err(AdmissionError::Unknown(of("a@a.x.org")))),
            ],
        );
        let stranger = ("stranger", ok(), nobody, Err(AdmissionError::Unknown(mail())));
        holds(&rules(&[], &[]), vec![stranger]);
    }

    #[test]
    fn whoever_was_to_be_asked_anew_was() {
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let proved = |proved_at| Claims { proved_at, ..claims(None, false) };
        for (proved_at, holds) in [
            (Some(at(5)), true),
            (Some(at(-60)), true),
            (Some(at(-61)), false),
            (Some(at(-3_600)), false),
            (None, false),
        ] {
            assert_eq!(proved(proved_at).proved_since(at(0)).is_ok(), holds, "{proved_at:?}");
        }
    }

    #[test]
    fn nobody_joins_as_an_admin() {
        assert_eq!("X.org".parse::<Joining>().unwrap().to_string(), "x.org=viewer");
        for text in ["x.org=admin", "x.org=", "=viewer", "", "a@b", "x y"] {
            assert!(text.parse::<Joining>().is_err(), "{text}");
        }
    }
}
