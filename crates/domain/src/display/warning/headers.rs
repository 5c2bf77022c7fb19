//! Line breaks in what ends up in a header: what stands after one is a header of its own, and sends along whom nobody
//! was shown.

use super::Warning;
use super::names::is_called;
use super::node::Node;
use crate::display::fits;

/// How many are told.
const TOLD: usize = 3;
/// Words of names whose values stand in the headers of a mail.
const ADDRESSES: &[&str] =
    &["to", "from", "cc", "bcc", "sender", "recipient", "recipients", "replyto", "reply"];

/// Values with a header of their own.
pub(super) fn breaks(nodes: &[Node<'_>]) -> Vec<Warning> {
    let told = nodes.iter().filter_map(|node| {
        let text = node.value.as_str().filter(|text| text.contains(['\r', '\n']))?;
        let lines: Vec<&str> = text.split(['\r', '\n']).collect();
        let after = lines.get(1..)?;
        let next = after.iter().find_map(|line| header(line));
        let next = next.filter(|name| fits(name)).map(str::to_owned);
        let is_it = injects(node, &lines, next.is_some());
        is_it.then(|| Warning::Header { path: node.path.clone(), next })
    });
    told.take(TOLD).collect()
}

/// Whether what follows a break is none of the value.
fn injects(node: &Node<'_>, lines: &[&str], has_header: bool) -> bool {
    let is_blank = |line: &str| line.trim().is_empty();
    let Some(first) = lines.iter().skip(1).find(|line| !line.trim().is_empty()) else {
        return false;
    };
    let is_listed = node.name.to_ascii_lowercase().ends_with("headers")
        && lines.iter().all(|line| is_blank(line) || header(line).is_some());
    let is_header = node.path.split('.').any(|step| is_called(step, &["header", "headers"]));
    match () {
        // Several headers in one text are what it is for.
        () if is_listed => false,
        () if is_header || is_called(node.name, &["subject"]) => true,
        // A place of abode has lines as well, and a list of addresses too.
        () if is_called(node.name, ADDRESSES) => {
            let is_mailed = lines.first().is_some_and(|to| to.contains('@'));
            let is_apart =
                lines.get(1..4).is_some_and(|next| next.iter().all(|line| is_blank(line)));
            has_header || (is_mailed && is_apart && !first.contains('@'))
        }
        () => false,
    }
}

/// The name of the header that a line is.
fn header(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let fits_in = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let is_name = name.len() > 1 && name.bytes().all(fits_in);
    (is_name && !value.starts_with("//")).then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::display::warning::node::nodes;

    fn told(params: &Value) -> Vec<String> {
        breaks(&nodes(params.as_object().unwrap())).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_break_in_what_ends_up_in_a_header_is_told() {
        for (params, line) in [
            (
                json!({"to": "x@y.example\r\nBcc: evil@z.example"}),
                "“to” holds a line break, and then a header of its own: “Bcc”.",
            ),
            (
                json!({"from": "x\nReply-To: e"}),
                "“from” holds a line break, and then a header of its own: “Reply-To”.",
            ),
            (
                json!({"subject": "Hello\r\n\r\nclick here"}),
                "“subject” holds a line break: what follows it is no part of it.",
            ),
            (
                json!({"headers": {"X-Id": "5\r\nHost: evil"}}),
                "“headers.X-Id” holds a line break, and then a header of its own: “Host”.",
            ),
            (
                json!({"auth_header": "a\rb"}),
                "“auth_header” holds a line break: what follows it is no part of it.",
            ),
            (
                json!({"to": "x@y.example\r\n\r\nclick here"}),
                "“to” holds a line break: what follows it is no part of it.",
            ),
            (
                json!({"recipients": ["a@b.example\nCc: e@b.example"]}),
                "“recipients.0” holds a line break, and then a header of its own: “Cc”.",
            ),
        ] {
            assert_eq!(told(&params), [line]);
        }
    }

    #[test]
    fn lines_that_are_meant_do_not_warn() {
        for params in [
            json!({"to": "A. Lee\n12 High Street\nTown"}),
            json!({"to": "a@b.example\nc@d.example"}),
            json!({"to": "x@y.example\n", "subject": "Hello \n"}),
            json!({"headers": "Accept: x\nHost: y\n"}),
            json!({"body": "Hello\nBcc: x", "description": "a\nb", "from": "2026-11-30"}),
            json!({"links_to": "a\nhttps://x.example"}),
        ] {
            assert_eq!(told(&params), Vec::<String>::new(), "{params}");
        }
    }
}
