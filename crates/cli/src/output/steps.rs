//! What to do next, in commands: the server names calls of its API, which nobody at a command line makes.

/// The sentence with each call of the API in it replaced by the command that makes it.
pub(crate) fn in_commands(next: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in next.split(' ') {
        let method = words.last().map(String::as_str).unwrap_or_default();
        let tail = word.trim_start_matches(|c: char| !matches!(c, ',' | ';' | '.'));
        match command(method, word.strip_suffix(tail).unwrap_or(word)) {
            Some(command) => {
                words.pop();
                words.push(format!("{command}{tail}"));
            }
            None => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

/// The command that makes this call; `None` for one that no command makes.
fn command(method: &str, path: &str) -> Option<String> {
    let (_, rest) = path.strip_prefix("/api/v1/orgs/")?.split_once("/approvals/")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (id, verb) = place.split_once('/').unwrap_or((place, ""));
    Some(match (method, verb) {
        ("GET", "") if query.starts_with("wait=") => format!("`countersign wait {id}`"),
        ("GET", "") => format!("`countersign show {id}`"),
        ("POST", "redeem" | "cancel") => format!("`countersign {verb} {id}`"),
        ("POST", "answer") => format!("`countersign answer {id} TEXT`"),
        ("POST", "result") => format!("`countersign result {id} --status succeeded|failed`"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_of_the_api_becomes_the_command_that_makes_it() {
        let path = "/api/v1/orgs/default/approvals/apr_1";
        for (said, told) in [
            (
                format!("wait again with GET {path}?wait=55s"),
                "wait again with `countersign wait apr_1`",
            ),
            (
                format!("wait with GET {path}?wait=55s; run nothing before it is approved"),
                "wait with `countersign wait apr_1`; run nothing before it is approved",
            ),
            (
                format!(
                    "redeem it once with POST {path}/redeem, then run exactly what was approved"
                ),
                "redeem it once with `countersign redeem apr_1`, then run exactly what was approved",
            ),
            (
                format!("answer the question with POST {path}/answer, then wait again"),
                "answer the question with `countersign answer apr_1 TEXT`, then wait again",
            ),
            (
                format!("run it now, once; then report the end with POST {path}/result"),
                "run it now, once; then report the end with `countersign result apr_1 --status succeeded|failed`",
            ),
            (
                format!("do not run it; see GET {path} for why"),
                "do not run it; see `countersign show apr_1` for why",
            ),
            ("see GET /api/v1/docs, there".to_owned(), "see GET /api/v1/docs, there"),
            ("nothing; it ran and succeeded".to_owned(), "nothing; it ran and succeeded"),
        ] {
            assert_eq!(in_commands(&said), told);
        }
    }
}
