//! What can come back instead of an answer.

use countersign_wire::Problem;

/// What came back instead of an answer. None of these is ever a yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The server refused, and said why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// No answer came: the server could not be reached, or the connection broke first.
    #[error("no answer from the server: {0}")]
    Unreachable(String),
    /// An answer came that is not one of this API.
    #[error("unexpected answer with status {status}: {body}")]
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// The first characters of the body; after a 2xx, what is wrong with it instead, because such a
        /// body may hold a key.
        body: String,
    },
    /// The base URL, key, organization or id cannot be used in a request.
    #[error("{0}")]
    Unusable(String),
}

/// How much of an unexpected body is kept, in characters.
const EXCERPT: usize = 300;

impl ClientError {
    /// What a refusal with this body means.
    pub(crate) fn of_refusal(status: u16, body: &[u8]) -> Self {
        match serde_json::from_slice::<Problem>(body) {
            Ok(problem) => Self::Problem(Box::new(problem)),
            Err(_) => Self::Unexpected {
                status,
                body: String::from_utf8_lossy(body).chars().take(EXCERPT).collect(),
            },
        }
    }

    /// Whether the same request may succeed in a moment: nobody was reached, or the server is busy.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Problem(problem) => is_busy(problem.status),
            Self::Unexpected { status, .. } => is_busy(*status),
            Self::Unusable(_) => false,
        }
    }
}

const fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            return Self::Unusable(chain(&error));
        }
        Self::Unreachable(chain(&error.without_url()))
    }
}

/// The error and what caused it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_wire::Code;

    #[test]
    fn a_problem_is_told_from_any_other_refusal() {
        let problem = Problem::new(Code::Stale, "it changed");
        let body = serde_json::to_vec(&problem).unwrap();
        assert_eq!(ClientError::of_refusal(409, &body), ClientError::Problem(Box::new(problem)));
        let other = ClientError::of_refusal(502, "<html>ö".repeat(100).as_bytes());
        let ClientError::Unexpected { status: 502, body } = &other else { panic!("{other}") };
        assert_eq!(body.chars().count(), EXCERPT);
        assert!(other.is_passing());
    }
}
