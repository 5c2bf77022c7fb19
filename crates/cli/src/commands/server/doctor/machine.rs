//! The machine: its clock, and how many files may be open.

use countersign_server::clock::{Clock as _, SystemClock};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Resource, getrlimit};

use super::check::Check;

/// Before this nobody could have run this program: 2026-01-01.
const EARLIEST: Timestamp = Timestamp::constant(1_767_225_600, 0);
/// After this a clock is taken to be wrong: 2100-01-01.
const LATEST: Timestamp = Timestamp::constant(4_102_444_800, 0);
/// So much a clock may be set back by its synchronisation.
const SLACK: SignedDuration = SignedDuration::from_secs(5);
/// Every agent that waits holds a connection; below this there is room for few of them.
const FILES: u64 = 4_096;

/// The clock of the machine, compared with the newest record.
pub(super) fn clock(newest: Option<Timestamp>) -> Check {
    clock_at(SystemClock.now(), newest)
}

fn clock_at(now: Timestamp, newest: Option<Timestamp>) -> Check {
    let next = "set the clock, and keep it right with NTP: deadlines and the record go by it";
    if !(EARLIEST..LATEST).contains(&now) {
        return Check::problem("clock", format!("it shows {now}"), next);
    }
    match newest {
        Some(newest) if newest.duration_since(now) > SLACK => {
            let what = format!("it shows {now}, but the newest record is of {newest}");
            Check::problem("clock", format!("{what}: it was set back"), next)
        }
        Some(_) | None => Check::ok("clock", format!("it shows {now}")),
    }
}

/// How many files and connections the server may have open, if it is started as this was.
pub(super) fn open_files() -> Check {
    files_within(getrlimit(Resource::Nofile).current)
}

fn files_within(limit: Option<u64>) -> Check {
    match limit {
        Some(limit) if limit < FILES => {
            let what = format!("at most {limit} may be open, and each agent that waits needs one");
            let next = "raise it: `ulimit -n 65536`, or `LimitNOFILE=65536` in the unit of systemd";
            Check::warning("open_files", what, next)
        }
        Some(limit) => Check::ok("open_files", format!("{limit} may be open")),
        None => Check::ok("open_files", "any number may be open"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_was_set_back_is_a_problem() {
        let now = at("2026-11-21T12:00:00Z");
        for (newest, problem) in [
            (None, false),
            (Some("2026-11-21T11:59:59Z"), false),
            (Some("2026-11-21T12:00:05Z"), false),
            (Some("2026-11-21T12:00:06Z"), true),
        ] {
            assert_eq!(clock_at(now, newest.map(at)).is_problem(), problem, "{newest:?}");
        }
        for wrong in ["1970-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2100-01-01T00:00:00Z"] {
            assert!(clock_at(at(wrong), None).is_problem(), "{wrong}");
        }
    }

    #[test]
    fn few_open_files_are_a_warning_and_no_problem() {
        let check = files_within(Some(1_024));
        assert_eq!(check.result, super::super::check::Finding::Warning);
        assert_eq!(files_within(Some(4_096)), Check::ok("open_files", "4096 may be open"));
        assert_eq!(files_within(None), Check::ok("open_files", "any number may be open"));
    }
}
