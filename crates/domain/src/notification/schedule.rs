//! When a delivery that failed is tried again: soon at first, then ever more seldom, for three days.

use jiff::SignedDuration;

/// The pauses after the first failure, the second, and so on; together a little less than three days.
const PAUSES: [SignedDuration; 11] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(3),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(29),
];

/// The pause after so many failures in a row; `None` when it is not tried again.
pub fn pause(failures: usize) -> Option<SignedDuration> {
    failures.checked_sub(1).and_then(|index| PAUSES.get(index)).copied()
}
