//! Forms that make something each time they are sent, a token for example. Each page gives such a form a mark of its
//! own, in the field `once`: a page that is loaded again after its form was sent makes nothing again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The name of the field.
pub(crate) const FIELD: &str = "once";

/// How many marks are remembered; nobody goes back further.
const MOST: usize = 2_000;

/// The marks of forms that were sent, the newest last. They are forgotten when the server stops.
#[derive(Debug, Default)]
pub(crate) struct SentForms(Mutex<VecDeque<String>>);

impl SentForms {
    /// Remembers a mark; `false` if it was sent before.
    pub(crate) fn is_first(&self, mark: &str) -> bool {
        let mut marks = self.marks();
        if marks.iter().any(|known| known == mark) {
            return false;
        }
        if marks.len() >= MOST {
            marks.pop_front();
        }
        marks.push_back(mark.to_owned());
        true
    }

    /// Forgets a mark, because nothing came of it.
    pub(crate) fn forget(&self, mark: &str) {
        self.marks().retain(|known| known != mark);
    }

    fn marks(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_counts_once_until_it_is_forgotten_or_long_ago() {
        let sent = SentForms::default();
        assert!(sent.is_first("a") && !sent.is_first("a") && sent.is_first("b"));
        sent.forget("a");
        assert!(sent.is_first("a"));
        for n in 0..MOST {
            assert!(sent.is_first(&n.to_string()));
        }
        assert!(sent.is_first("b"), "it was long ago");
    }
}
