//! Why a command did not do what it should, and what to do next.

mod problem;
mod server;

use std::io;

use countersign_client::ClientError;
use countersign_domain::display::sanitise;
use countersign_server::StartError;
use countersign_wire::Code;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output::{Output, remark, visible_json};

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No key was given.
    #[error("no key was given")]
    NoToken,
    /// The server did not do it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Something that was typed, or read from a file, cannot be used.
    #[error("{what}")]
    Usage {
        /// What, and where.
        what: String,
        /// What to do.
        next: &'static str,
    },
    /// Files have mistakes; each stands in lines of its own, in which every character can be seen.
    #[error("{text}")]
    Mistakes {
        /// All of them.
        text: String,
        /// What to do.
        next: &'static str,
    },
    /// It cannot be done as things stand.
    #[error("{what}")]
    Refused {
        /// What, and where.
        what: String,
        /// What to do.
        next: &'static str,
        /// How to exit.
        exit: Exit,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The server did not start, or broke down.
    #[error(transparent)]
    Server(#[from] StartError),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// A mistake in what was typed.
    pub(crate) fn usage(what: impl Into<String>, next: &'static str) -> Self {
        Self::Usage { what: what.into(), next }
    }

    /// How to exit.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoToken => Exit::NotAllowed,
            Self::Client(error) => Exit::of_error(error),
            Self::Usage { .. } | Self::Mistakes { .. } => Exit::Usage,
            Self::Refused { exit, .. } => *exit,
            Self::Server(
                StartError::Incomplete(_)
                | StartError::AlreadyInitialised(_)
                | StartError::NoDatabase(_)
                | StartError::InUse(_),
            ) => Exit::Conflict,
            Self::Io(_) | Self::Server(_) => Exit::Unexpected,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// Says it on standard error; with `--json` as JSON.
    pub(crate) fn report(&self, output: Output) {
        match (self, output) {
            // Whoever read our output has gone on purpose, as `head` does.
            (Self::Io(error), _) if error.kind() == io::ErrorKind::BrokenPipe => {}
            (_, Output::Json) => remark(&visible_json(&self.to_json())),
            (_, Output::Human) => remark(&self.to_text()),
        }
    }

    /// What went wrong, and what to do next.
    pub(crate) fn to_text(&self) -> String {
        let mut text = match self {
            Self::Mistakes { text, .. } => format!("{text}\nerror: the files have mistakes"),
            other => format!("error: {}", sanitise(&other.to_string())),
        };
        let mut line = |name: &str, value: &str| {
            text.push('\n');
            text.push_str(&format!("{name}: {}", sanitise(value)));
        };
        if let Self::Client(ClientError::Problem(problem)) = self {
            let about = [("at", &problem.path), ("approval", &problem.approval_id)];
            for (name, value) in about {
                if let Some(value) = value {
                    line(name, value);
                }
            }
            // Whoever calls too often is told it as the next step.
            let later = problem.retry_after.filter(|_| problem.code != Code::RateLimited);
            if let Some(seconds) = later {
                line("try again in", &format!("{seconds} s"));
            }
        }
        line("next", &self.next());
        text
    }

    /// The same as JSON; a problem stays what the server sent.
    pub(crate) fn to_json(&self) -> Value {
        if let Self::Client(ClientError::Problem(problem)) = self {
            return serde_json::to_value(problem).unwrap_or_default();
        }
        let code = match self {
            Self::NoToken => "unauthenticated",
            Self::Client(ClientError::Unreachable(_)) => "unreachable",
            Self::Client(_) | Self::Io(_) | Self::Server(_) => "unexpected",
            Self::Usage { .. } | Self::Mistakes { .. } => "usage",
            Self::Refused { .. } => "refused",
            Self::Interrupted => "interrupted",
        };
        json!({"code": code, "detail": self.to_string(), "next": self.next()})
    }

    fn next(&self) -> String {
        let next = match self {
            Self::NoToken => {
                "people: `countersign login`; agents: set COUNTERSIGN_TOKEN, or pass --token; an admin makes keys"
            }
            Self::Client(error) => return next_after(error),
            Self::Usage { next, .. } | Self::Mistakes { next, .. } | Self::Refused { next, .. } => {
                next
            }
            Self::Io(_) => "mend what it says, then try again",
            Self::Server(error) => return server::next(error).to_owned(),
            Self::Interrupted => "nothing was withdrawn; `countersign wait ID` goes on waiting",
        };
        next.to_owned()
    }
}

fn next_after(error: &ClientError) -> String {
    let next = match error {
        ClientError::Problem(problem) => return problem::next(problem),
        ClientError::Unreachable(_) => {
            "see whether `countersign serve` runs and COUNTERSIGN_URL or --url names it, then try again"
        }
        ClientError::Unexpected { .. } => {
            "see whether COUNTERSIGN_URL or --url names a Countersign server of this version"
        }
        ClientError::Unusable(_) => "mend what it says: see `--url`, `--token` and the id",
    };
    next.to_owned()
}

#[cfg(test)]
mod tests;
