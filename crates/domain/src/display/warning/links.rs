//! Links whose words name another host than the one that they lead to, in Markdown and in HTML.

use super::Warning;
use super::node::Node;
use crate::display::hosts;

/// How many are told.
const TOLD: usize = 3;
/// The longest words of a link that are looked at.
const LONGEST: usize = 200;
/// How long a link is at most, with all that stands in it.
const LINK: usize = 2_000;
/// Endings of names of files and of code that are those of hosts as well.
const FILES: &[&str] = &[
    "md", "js", "ts", "rs", "py", "sh", "pl", "cc", "so", "ps", "go", "rb", "cs", "db", "id", "is",
    "in", "to", "do", "as",
];
/// Endings of hosts that are longer than those of countries.
const LONG: &[&str] = &[
    "com", "net", "org", "info", "biz", "edu", "gov", "mil", "int", "app", "dev", "cloud", "bank",
    "shop", "online", "site", "store", "tech", "xyz", "pay", "example", "test", "invalid",
    "finance", "money", "support",
];

/// Such links, in order.
pub(super) fn elsewhere(nodes: &[Node<'_>]) -> Vec<Warning> {
    let told = nodes.iter().filter_map(|node| {
        let text = node.value.as_str().filter(|text| text.contains("](") || text.contains('<'))?;
        let (reads, leads) =
            markdown(text).chain(html(text)).find_map(|(words, target)| apart(words, target))?;
        Some(Warning::Link { path: node.path.clone(), reads, leads })
    });
    told.take(TOLD).collect()
}

/// The words and the target of each `[words](target)`.
fn markdown(text: &str) -> impl Iterator<Item = (&str, &str)> {
    // Where the next link is closed; what is not closed is none, and is looked for once.
    let mut closed = 0;
    text.match_indices("](").filter_map(move |(at, sign)| {
        let before = tail(text.get(..at)?);
        let words = before.rsplit('[').next().filter(|words| words.len() < before.len())?;
        let target = text.get(at + sign.len()..)?.trim_start_matches(['<', ' ']);
        let start = text.len() - target.len();
        if closed < start {
            let end = target.find([')', ' ', '>', '\n']);
            closed = end.map_or(text.len(), |end| start + end);
        }
        let is_link = closed < text.len() && closed - start <= LINK;
        text.get(start..closed).filter(|_| is_link).map(|target| (words, target))
    })
}

/// The same of each `<a href="target">words</a>`.
fn html(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('<').filter_map(|(at, _)| {
        let rest = head(text.get(at + 1..)?);
        let is_link = rest.get(..2)?.trim_end().eq_ignore_ascii_case("a");
        if !is_link {
            return None;
        }
        let (tag, after) = rest.split_once('>')?;
        let place = tag.to_ascii_lowercase().find("href")? + 4;
        let value = tag.get(place..)?.trim_start().strip_prefix('=')?.trim_start();
        let target = match value.chars().next()? {
            mark @ ('"' | '\'') => value.get(1..)?.split(mark).next()?,
            _ => value.split_whitespace().next()?,
        };
        let end = after.find("</a").or_else(|| after.find("</A")).unwrap_or(after.len());
        Some((after.get(..end)?, target))
    })
}

/// The beginning of a text, as much of it as one link is long.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LINK)).unwrap_or(text)
}

/// The same of its end.
fn tail(text: &str) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(LINK))..).unwrap_or(text)
}

/// The host that the words name and the one that the target leads to, where those are not one.
fn apart(words: &str, target: &str) -> Option<(String, String)> {
    if words.len() > LONGEST {
        return None;
    }
    let leads = hosts(target).into_iter().next().or_else(|| mailbox(target))?;
    let mut inner = String::with_capacity(words.len());
    let mut is_tag = false;
    for c in words.chars() {
        is_tag = (is_tag || c == '<') && c != '>';
        inner.push(if is_tag || c == '>' { ' ' } else { c });
    }
    let reads = inner.split_whitespace().find_map(named)?;
    let is_one = |whole: &str, part: &str| {
        whole == part || whole.strip_suffix(part).is_some_and(|rest| rest.ends_with('.'))
    };
    (!is_one(&reads, &leads) && !is_one(&leads, &reads)).then_some((reads, leads))
}

/// The host of the address of a mail.
fn mailbox(target: &str) -> Option<String> {
    let address = target.strip_prefix("mailto:")?;
    let host = address.split_once('@')?.1.split(['?', ',']).next()?;
    Some(host.to_lowercase())
}

/// The host that a word names, as a reader takes it.
fn named(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/').to_lowercase();
    let (is_sure, rest) = match word.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (word.starts_with("www."), word.as_str()),
    };
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.rsplit('@').next()?;
    let labels: Vec<&str> = host.split('.').collect();
    let in_label = |label: &&str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let (end, before) = labels.split_last()?;
    let is_country = end.len() == 2 && end.bytes().all(|b| b.is_ascii_alphabetic());
    let is_end = is_sure || LONG.contains(end) || (is_country && !FILES.contains(end));
    let is_name = before.last().is_some_and(|label| label.len() > 1);
    (is_end && is_name && labels.iter().all(in_label)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::display::warning::node::nodes;

    fn told(text: &str) -> Vec<String> {
        let params = json!({"body": text});
        elsewhere(&nodes(params.as_object().unwrap())).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_that_name_another_host_than_the_link_are_told() {
        let line = "“body” holds a link that reads “paypal.com” and leads to “evil.example”.";
        for text in [
            "see [paypal.com](https://evil.example/x) now",
            "[x](https://x.example) [**paypal.com**](<https://evil.example> \"t\")",
            "[Log in at https://paypal.com/login](https://evil.example)",
            "[paypal.com](https://paypal.com@evil.example)",
            "<a class=x href=\"https://evil.example\"><b>PayPal.com</b></a>",
            "<A HREF='https://evil.example'>go to paypal.com.</A>",
            "<a href=https://evil.example>paypal.com",
            "[lee@paypal.com](mailto:lee@evil.example)",
        ] {
            assert_eq!(told(text), [line], "{text}");
        }
    }

    #[test]
    fn words_that_name_the_same_or_none_are_not() {
        for text in [
            "[example.com](https://www.example.com/x)",
            "[www.example.com](https://example.com)",
            "[README.md](https://git.example/x) and [node.js](https://x.example)",
            "[os.path](https://docs.example) [console.log](https://docs.example)",
            "[v1.2](https://x.example) [e.g.](https://x.example) [here](https://x.example)",
            "[paypal.com](/relative) [a](b)",
            "<abbr href=\"https://evil.example\">paypal.com</abbr> a < b",
            "paypal.com (https://evil.example)",
        ] {
            assert_eq!(told(text), Vec::<String>::new(), "{text}");
        }
    }
}
