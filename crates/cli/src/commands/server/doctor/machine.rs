//! The machine: its clock, and how many files may be open.

use countersign_server::clock::{Clock as _, SystemClock};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Resource, getrlimit};

use super::check::Check;

/// When this program was built, in seconds since 1970; before that nobody could have run it.
const BUILT: &str = env!("COUNTERSIGN_BUILT");
/// So long after it was built a program is not run any more: a clock that shows later is taken to be wrong.
const LONGEST_USE: SignedDuration = SignedDuration::from_hours(10 * 365 * 24 + 2 * 24);
/// So long a server may have been off; a clock that shows later is looked at.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(3 * 365 * 24);
/// So much a clock may be set back by its synchronisation.
const SLACK: SignedDuration = SignedDuration::from_secs(5);
/// Every agent that waits holds a connection; below this there is room for few of them.
const FILES: u64 = 4_096;

/// The clock of the machine, compared with when this program was built, and with the newest record.
pub(super) fn clock(newest: Option<Timestamp>) -> Check {
    clock_at(SystemClock.now(), built(), newest)
}

/// The moment itself; the start of time for a text that is none, which lets every clock pass.
fn built() -> Timestamp {
    let second = BUILT.parse().ok();
    second.and_then(|second| Timestamp::from_second(second).ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn clock_at(now: Timestamp, built: Timestamp, newest: Option<Timestamp>) -> Check {
    let next = "set the clock, and keep it right with NTP: deadlines and the record go by it";
    let problem = |why: String| Check::problem("clock", format!("it shows {now}, {why}"), next);
    if built.duration_since(now) > SLACK {
        return problem(format!("before this program was built ({built})"));
    }
    if built > Timestamp::UNIX_EPOCH && now.duration_since(built) > LONGEST_USE {
        return problem(format!("more than ten years after this program was built ({built})"));
    }
    match newest {
        Some(newest) if newest.duration_since(now) > SLACK => {
            problem(format!("but the newest record is of {newest}: it was set back"))
        }
        Some(newest) if now.duration_since(newest) > LONGEST_PAUSE => {
            let what = format!("it shows {now}, years after the newest record ({newest})");
            Check::warning("clock", what, format!("if nobody was away that long, {next}"))
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
        let (now, built) = (at("2026-11-21T12:00:00Z"), at("2026-11-01T00:00:00Z"));
        for (newest, problem) in [
            (None, false),
            (Some("2026-11-21T11:59:59Z"), false),
            (Some("2026-11-21T12:00:05Z"), false),
            (Some("2026-11-21T12:00:06Z"), true),
        ] {
            let check = clock_at(now, built, newest.map(at));
            assert_eq!(check.is_problem(), problem, "{newest:?}");
        }
    }

    #[test]
    fn a_clock_that_no_running_program_can_see_is_a_problem() {
        let built = at("2026-11-01T00:00:00Z");
        for (shows, why) in [
            ("1970-01-01T00:00:00Z", "before this program was built (2026-11-01T00:00:00Z)"),
            ("2026-10-31T23:59:54Z", "before this program was built"),
            ("2039-01-01T00:00:00Z", "more than ten years after this program was built"),
            ("2090-01-01T00:00:00Z", "more than ten years after this program was built"),
        ] {
            let check = clock_at(at(shows), built, Some(at("2026-11-21T12:00:00Z")));
            assert!(check.is_problem(), "{shows}");
            assert!(check.to_text().contains(why), "{}", check.to_text());
        }
        for shows in ["2026-10-31T23:59:56Z", "2036-10-31T00:00:00Z"] {
            assert!(!clock_at(at(shows), built, None).is_problem(), "{shows}");
        }
    }

    #[test]
    fn a_clock_years_after_the_newest_record_is_looked_at() {
        let (built, newest) = (at("2026-11-01T00:00:00Z"), at("2026-11-21T12:00:00Z"));
        let check = clock_at(at("2030-01-01T00:00:00Z"), built, Some(newest));
        assert_eq!(check.result, super::super::check::Finding::Warning);
        let check = clock_at(at("2029-01-01T00:00:00Z"), built, Some(newest));
        assert_eq!(check.result, super::super::check::Finding::Ok);
    }

    #[test]
    fn the_program_knows_when_it_was_built() {
        assert!(super::built() > at("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn few_open_files_are_a_warning_and_no_problem() {
        let check = files_within(Some(1_024));
        assert_eq!(check.result, super::super::check::Finding::Warning);
        assert_eq!(files_within(Some(4_096)), Check::ok("open_files", "4096 may be open"));
        assert_eq!(files_within(None), Check::ok("open_files", "any number may be open"));
    }
}
