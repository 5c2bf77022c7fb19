//! The codes of an authenticator app, and the recovery codes for when it is lost.

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{
    Credentials, Hidden, Purpose, Session, SignInWay, Totp,
};
use countersign_domain::identity::{Caller, KeyHash};
use countersign_domain::{Change, Write};
use countersign_wire::Code;
use serde_json::json;

use super::password::{kept, within};
use super::{Device, NewSession, gone, must_be_fresh};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};
use crate::ids::Secret;

/// How many recovery codes a person gets.
const RECOVERY_CODES: usize = 10;
/// How many characters one has, the dashes aside: 80 bits.
const RECOVERY_LENGTH: usize = 16;
/// RFC 4648, in lower case.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What a person tells their authenticator app.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What the codes are made of, in base 32.
    pub secret: Hidden,
    /// The same with its names, as apps read it from a picture.
    pub url: Hidden,
}

impl App {
    /// Makes the secret of an authenticator app. It does not count before it is confirmed.
    pub async fn enrol_totp(
        &self,
        viewer: &SignedIn,
        session: &Session,
    ) -> Result<Enrolment, Error> {
        must_be_fresh(session, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        if theirs.second_step().is_some() {
            return Err(Error::new(Code::Conflict, "there is an authenticator app already"));
        }
        let bytes = self.ids.seed();
        let secret = Hidden::new(base32(bytes.get(..20).unwrap_or_default()));
        let totp = Totp { secret: secret.clone(), confirmed_at: None, last_step: None };
        self.keep(viewer, Credentials { totp: Some(totp), ..theirs.next() }, None).await?;
        Ok(enrolment(secret, viewer.person.email.as_str()))
    }

    /// The app that is being added, as it was told; for whoever mistyped its code.
    pub async fn enrolling(
        &self,
        viewer: &SignedIn,
        session: &Session,
    ) -> Result<Option<Enrolment>, Error> {
        must_be_fresh(session, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let open = theirs.totp.filter(|totp| totp.confirmed_at.is_none());
        Ok(open.map(|totp| enrolment(totp.secret, viewer.person.email.as_str())))
    }

    /// Lets the codes count, once the person showed one; gives the recovery codes.
    pub async fn confirm_totp(&self, viewer: &SignedIn, code: &str) -> Result<Vec<Secret>, Error> {
        let account = &within(viewer.person.email.as_str());
        self.tries.admit(account, viewer.caller.ip, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let fresh = theirs.totp.clone().filter(|totp| totp.confirmed_at.is_none());
        let fresh = fresh.ok_or_else(|| Error::new(Code::Conflict, "start anew"))?;
        let step = self.step(&fresh, code).ok_or_else(wrong_code)?;
        let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let (confirmed_at, last_step) = (Some(self.now()), Some(step));
        let after = Credentials {
            totp: Some(Totp { confirmed_at, last_step, ..fresh }),
            recovery: codes.iter().map(Secret::hash).collect(),
            ..theirs.next()
        };
        self.keep(viewer, after, Some(Kind::TotpEnrolled)).await?;
        self.tries.forgive(account, viewer.caller.ip);
        Ok(codes)
    }

    /// Gives up the authenticator app, by whoever can still use it, by a recovery code where it is lost, or by
    /// whoever came in with what an admin gave them.
    pub async fn remove_totp(
        &self,
        viewer: &SignedIn,
        session: &Session,
        code: &str,
    ) -> Result<(), Error> {
        let after = if session.may_reset(self.now()) {
            self.credentials(viewer.org(), viewer.person.id).await?.next()
        } else {
            let account = &within(viewer.person.email.as_str());
            self.tries.admit(account, viewer.caller.ip, self.now())?;
            let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
            let (after, _) = self.used(&theirs, code).ok_or_else(wrong_code)?;
            self.tries.forgive(account, viewer.caller.ip);
            after
        };
        let after = Credentials { totp: None, recovery: Vec::new(), ..after };
        self.keep(viewer, after, Some(Kind::TotpRemoved)).await
    }

    /// Whether the viewer's sign-in asks for codes, and how many recovery codes are left.
    pub async fn totp_state(&self, viewer: &SignedIn) -> Result<Option<usize>, Error> {
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        Ok(theirs.second_step().map(|_| theirs.recovery.len()))
    }

    /// Signs in whoever told the right password before, and now tells a code.
    pub async fn enter_code(
        &self,
        (ticket, code): (&str, &str),
        device: &Device,
    ) -> Result<NewSession, Error> {
        let (org, Purpose::SecondStep { person, password }) = self.ticket(ticket).await? else {
            return Err(gone());
        };
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        let person = snapshot.person_by_id(person).cloned().ok_or_else(gone)?;
        let account = person.email.as_str();
        self.tries.admit(account, device.ip, self.now())?;
        let theirs = self.credentials(&org, person.id).await?;
        if kept(&theirs) != Some(password) {
            return Err(gone());
        }
        let Some((after, way)) = self.used(&theirs, code) else {
            let way = (SignInWay::PasswordAndCode, device);
            self.refused(Some((snapshot, person)), way).await?;
            return Err(wrong_code());
        };
        self.tries.forgive(account, device.ip);
        let recovered = (way == SignInWay::PasswordAndRecovery).then(|| {
            let caller = Caller { ip: device.ip, ..Caller::system() };
            let data = json!({"person_id": person.id, "left": after.recovery.len()});
            fact(Kind::RecoveryUsed, &caller, data, self.now())
        });
        let used = (Some(Write::TicketUsed(KeyHash::of(ticket))), recovered);
        self.enter(&snapshot, &person, (way, device), (after, vec![used])).await
    }

    /// What a signed-in person signs in with, after they told a code; it is used up once this is kept.
    pub(super) async fn tell_code(
        &self,
        viewer: &SignedIn,
        code: &str,
    ) -> Result<Credentials, Error> {
        let account = &within(viewer.person.email.as_str());
        self.tries.admit(account, viewer.caller.ip, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let totp = theirs.second_step().ok_or_else(wrong_code)?;
        let step = self.step(totp, code).ok_or_else(wrong_code)?;
        let after = theirs.with_step_used(step).ok_or_else(wrong_code)?;
        self.tries.forgive(account, viewer.caller.ip);
        Ok(after)
    }

    /// These with a code of either kind used up, if it is right.
    fn used(&self, theirs: &Credentials, code: &str) -> Option<(Credentials, SignInWay)> {
        let totp = theirs.second_step()?;
        if let Some(step) = self.step(totp, code) {
            return Some((theirs.with_step_used(step)?, SignInWay::PasswordAndCode));
        }
        let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let dashed = dashed(&plain.to_ascii_lowercase());
        let after = theirs.with_recovery_used(KeyHash::of(&dashed))?;
        Some((after, SignInWay::PasswordAndRecovery))
    }

    /// The time step that a code is of, one before or after now at most.
    fn step(&self, totp: &Totp, code: &str) -> Option<u64> {
        let secret = bytes(totp.secret.reveal())?;
        let codes = totp_rs::Builder::new().with_secret(secret).with_digits(6).with_skew(1);
        let now = u64::try_from(self.now().as_second()).ok()?;
        let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        codes.with_step_duration(30).build().ok()?.check(&plain, now)
    }

    fn recovery_code(&self) -> Secret {
        let seed = self.ids.seed();
        let letters = base32(seed.as_ref()).chars().take(RECOVERY_LENGTH).collect::<String>();
        Secret::of(dashed(&letters.to_ascii_lowercase()))
    }

    /// Keeps what the viewer signs in with.
    pub(super) async fn keep(
        &self,
        viewer: &SignedIn,
        after: Credentials,
        kind: Option<Kind>,
    ) -> Result<(), Error> {
        let data = json!({"person_id": viewer.person.id});
        let record = kind.map(|kind| fact(kind, &viewer.caller, data, self.now()));
        let change = Change {
            org: viewer.org().clone(),
            writes: vec![Write::Credentials(Box::new(after))],
            records: record.into_iter().collect(),
        };
        match self.commit(change).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => Err(Error::new(Code::Conflict, "it was changed at this moment")),
        }
    }
}

fn wrong_code() -> Error {
    let detail = "this code is not right, or it was used before";
    Error { path: Some("code".into()), ..Error::new(Code::SignInRefused, detail) }
}

fn enrolment(secret: Hidden, email: &str) -> Enrolment {
    let name: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    let url =
        format!("otpauth://totp/Countersign:{name}?secret={}&issuer=Countersign", secret.reveal());
    Enrolment { secret, url: Hidden::new(url) }
}

/// In groups of four, as people read it.
fn dashed(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// RFC 4648 without padding, in upper case.
fn base32(bytes: &[u8]) -> String {
    let bits: Vec<bool> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let value = |group: &[bool]| {
        let index = (0..5).fold(0, |sum, bit| sum * 2 + usize::from(group.get(bit) == Some(&true)));
        BASE32.get(index).map(|letter| char::from(*letter).to_ascii_uppercase())
    };
    bits.chunks(5).filter_map(value).collect()
}

/// What was written in base 32.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for letter in text.bytes() {
        let value = BASE32.iter().position(|known| *known == letter.to_ascii_lowercase())?;
        bits.extend((0..5).rev().map(|bit| value >> bit & 1 == 1));
    }
    let whole = bits.chunks_exact(8);
    Some(whole.map(|byte| byte.iter().fold(0, |sum, bit| sum * 2 + u8::from(*bit))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_is_that_of_the_standard() {
        for (plain, coded) in [("f", "MY"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), coded);
            assert_eq!(bytes(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(bytes("0189"), None);
        assert_eq!(dashed("abcdefghij"), "abcd-efgh-ij");
    }
}
