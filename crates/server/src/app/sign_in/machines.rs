//! Signing in the command line of a machine: it shows a code, a person who is signed in compares it and lets the
//! machine in, and the machine fetches a token of its own for that person.

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Machine, Purpose, Ticket};
use countersign_domain::identity::{Caller, CallerKind, Key, KeyHash, KeyHolder, PersonStatus};
use countersign_domain::{Change, OrgId, Write, display, time};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Device, PREFIX, gone};
use crate::app::commit::Commit;
use crate::app::identities::Made;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};
use crate::ids::Secret;

/// How long a person has to let a machine in.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Letters that are not mistaken for each other, and make no words.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How many letters a code has; with as few tries as are let in, nobody finds one.
const LENGTH: usize = 8;
/// The longest name of a machine that is kept, in characters.
const LONGEST_NAME: usize = 60;

/// A machine that asked to be let in.
#[derive(Debug)]
pub struct MachineAsked {
    /// What the machine comes back with.
    pub ticket: Secret,
    /// What it shows.
    pub code: String,
    /// Until when it can be let in.
    pub expires_at: Timestamp,
}

impl App {
    /// A machine asks to be let in.
    pub async fn machine_asks(&self, name: &str, device: &Device) -> Result<MachineAsked, Error> {
        let snapshot = self.snapshots.all().into_iter().next().ok_or_else(gone)?;
        let name: String = display::sanitise(name.trim()).chars().take(LONGEST_NAME).collect();
        let name = if name.is_empty() { "an unnamed machine".to_owned() } else { name };
        let asking = Machine { name, ip: device.ip };
        let (now, ticket, letters) = (self.now(), self.ids.token(PREFIX), self.letters());
        let (made_at, expires_at) = (now, time::after(now, LASTS));
        let (machine, code) = (ticket.hash(), KeyHash::of(&letters));
        let waiting = Purpose::Machine { asking: asking.clone(), code, confirmed_by: None };
        let shown = Purpose::MachineCode { machine, asking };
        let tickets = [(machine, waiting), (code, shown)];
        let write = |(hash, purpose)| {
            Write::Ticket(Box::new(Ticket { hash, purpose, made_at, expires_at }))
        };
        let writes = tickets.into_iter().map(write).collect();
        let change = Change { org: snapshot.org.clone(), writes, records: Vec::new() };
        match self.commit(change).await? {
            Commit::Done => Ok(MachineAsked { ticket, code: dashed(&letters), expires_at }),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the code is taken; ask once more")),
        }
    }

    /// Which machine shows this code. Guessing is slowed as guessing a password is.
    pub async fn see_machine(&self, viewer: &SignedIn, code: &str) -> Result<Machine, Error> {
        Ok(self.shown_by(viewer, code).await?.1)
    }

    /// Lets the machine in that shows this code, or refuses it for good.
    pub async fn answer_machine(
        &self,
        viewer: &SignedIn,
        code: &str,
        lets_in: bool,
    ) -> Result<Machine, Error> {
        let (machine, asking) = self.shown_by(viewer, code).await?;
        let shown = KeyHash::of(&plain(code));
        let now = self.now();
        let mut writes = vec![Write::TicketUsed(shown), Write::TicketUsed(machine)];
        if lets_in {
            let confirmed_by = Some(viewer.person.id);
            let purpose = Purpose::Machine { asking: asking.clone(), code: shown, confirmed_by };
            let expires_at = time::after(now, LASTS);
            let ticket = Ticket { hash: machine, purpose, made_at: now, expires_at };
            writes.push(Write::Ticket(Box::new(ticket)));
        }
        let kind = if lets_in { Kind::MachineConfirmed } else { Kind::MachineRefused };
        let record = fact(kind, &viewer.caller, json!({"machine": asking}), now);
        let change = Change { org: viewer.org().clone(), writes, records: vec![record] };
        match self.commit(change).await? {
            Commit::Done => Ok(asking),
            Commit::Conflict => Err(gone()),
        }
    }

    /// The token of a machine that was let in; `None` while nobody has said anything.
    pub async fn machine_token(
        &self,
        ticket: &str,
        device: &Device,
    ) -> Result<Option<Made<Key>>, Error> {
        let (org, purpose) = self.ticket(ticket).await?;
        let Purpose::Machine { asking, confirmed_by, .. } = purpose else { return Err(gone()) };
        let Some(person) = confirmed_by else { return Ok(None) };
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        let person = snapshot.person_by_id(person).ok_or_else(gone)?;
        if person.status != PersonStatus::Active {
            return Err(gone());
        }
        let caller = Caller {
            kind: CallerKind::Person,
            id: person.id.to_string(),
            name: person.email.to_string(),
            ip: device.ip,
            assurance: None,
        };
        let name = format!("countersign login, {}", asking.name);
        let holder = KeyHolder::Person(person.id);
        let (made, record, secret) = self.key(&name, holder, &caller, self.now());
        let writes = vec![Write::TicketUsed(KeyHash::of(ticket)), Write::Key(made.clone())];
        let change = Change { org, writes, records: vec![record] };
        match self.configure(change).await? {
            Commit::Done => Ok(Some(Made { made, secret })),
            Commit::Conflict => Err(gone()),
        }
    }

    async fn shown_by(&self, viewer: &SignedIn, code: &str) -> Result<(KeyHash, Machine), Error> {
        let guesser = format!("machines of {}", viewer.person.id);
        self.tries.admit(&guesser, None, self.now())?;
        let found = self.ticket(&plain(code)).await;
        let (org, purpose): (OrgId, Purpose) = found?;
        match purpose {
            Purpose::MachineCode { machine, asking } if org == *viewer.org() => {
                self.tries.undo(&guesser, None);
                Ok((machine, asking))
            }
            _ => Err(gone()),
        }
    }

    fn letters(&self) -> String {
        let seed = self.ids.seed();
        // Of 256 values 240 are shared evenly by twenty letters; the rest is left out.
        let even = seed.iter().filter(|byte| **byte < 240);
        let letter =
            |byte: &u8| LETTERS.get(usize::from(byte % 20)).map(|letter| char::from(*letter));
        even.filter_map(letter).take(LENGTH).collect()
    }
}

/// As people read it out.
fn dashed(letters: &str) -> String {
    let (first, rest) = letters.split_at_checked(LENGTH / 2).unwrap_or((letters, ""));
    format!("{first}-{rest}")
}

/// A code however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
