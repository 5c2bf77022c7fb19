//! What to do after the server refused, at a command line.

use countersign_wire::{Code, Problem};

use crate::output::in_commands;

/// What to do next: what the server says, with commands where its own words name calls of its API.
pub(super) fn next(problem: &Problem) -> String {
    let own = command_line(problem).filter(|_| problem.next == problem.code.next());
    own.unwrap_or_else(|| in_commands(&problem.next))
}

/// What a code means for whoever types; `None` where its own words say it.
fn command_line(problem: &Problem) -> Option<String> {
    let id = problem.approval_id.as_deref().unwrap_or("ID");
    Some(match problem.code {
        Code::Unauthenticated => {
            "people: `countersign login`; agents: set COUNTERSIGN_TOKEN, or pass --token; an admin makes keys".to_owned()
        }
        Code::AgentsOnly => {
            "use an agent's `csa_` key, or an application's `csk_` key with --agent".to_owned()
        }
        Code::AssuranceTooLow => {
            "pass the code of your authenticator app with --code, or answer in the dashboard with a passkey".to_owned()
        }
        Code::AlreadyDecided => format!("see how with `countersign show {id}`, and go by that"),
        Code::NotApproved => format!("wait for the answer with `countersign wait {id}`"),
        Code::NotRunning => format!("redeem it first with `countersign redeem {id}`"),
        Code::ReasonRequired => "say why, with --reason".to_owned(),
        Code::MethodNotAllowed => "use a server of the version of this program".to_owned(),
        Code::RateLimited => match problem.retry_after {
            Some(seconds) => format!("try again in {seconds} s"),
            None => "try again in a moment".to_owned(),
        },
        Code::TooManyPending => {
            "wait for answers, or withdraw some with `countersign cancel ID`".to_owned()
        }
        _ => return None,
    })
}
