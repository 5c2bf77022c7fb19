//! What one statement of SQL does, where that is worth a warning. Known by its whole beginning and not by one word: there
//! is drop shipping, and an update of a set.

use super::token::Token;

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alters {
    /// `DROP TABLE customers`.
    Drops(String),
    /// `TRUNCATE customers`, and `DELETE FROM customers` without a condition.
    Empties(String),
    /// `UPDATE customers SET …` without a condition.
    Overwrites(String),
    /// `ALTER TABLE customers …`.
    Rebuilds(String),
    /// `GRANT … TO …`.
    Grants,
    /// `COPY … TO PROGRAM …`.
    Runs,
}

/// What databases hold that can be dropped or changed.
const KINDS: &[&str] = &[
    "table",
    "database",
    "schema",
    "view",
    "index",
    "user",
    "role",
    "function",
    "procedure",
    "trigger",
    "sequence",
    "type",
    "column",
    "extension",
    "policy",
    "materialized",
    "system",
];
/// What may follow the name of a table whose rows are deleted.
const AFTER_DELETE: &[&str] =
    &["where", "using", "returning", "limit", "order", "as", "output", "join"];
/// What may follow the name of what is dropped or emptied.
const AFTER_DROP: &[&str] =
    &["cascade", "restrict", "restart", "continue", "purge", "force", "on", "with"];

/// How many places within a statement are looked at.
const PLACES: usize = 200;

/// What a statement does; the worst of it is what it does first.
pub(super) fn alters(tokens: &[Token<'_>]) -> Option<Alters> {
    let first = tokens.first()?;
    match () {
        () if first.is("drop") => drops(tokens).map(Alters::Drops),
        () if first.is("truncate") => truncates(tokens).map(Alters::Empties),
        () if first.is("alter") => {
            let name = kind_and_name(tokens)?.0;
            (tokens.len() > 3).then_some(Alters::Rebuilds(name))
        }
        () if first.is("copy") => {
            let is_program = |pair: &[Token<'_>]| match pair {
                [way, program] => way.is_one_of(&["to", "from"]) && program.is("program"),
                _ => false,
            };
            tokens.windows(2).any(is_program).then_some(Alters::Runs)
        }
        () if first.is("grant") => {
            let has = |word: &str| tokens.iter().skip(2).any(|token| token.is(word));
            (has("to") && (has("on") || tokens.len() == 4)).then_some(Alters::Grants)
        }
        () => {
            let could = |at: &usize| {
                tokens.get(*at).is_some_and(|token| token.is_one_of(&["delete", "update"]))
            };
            let places = (0..tokens.len()).filter(could).take(PLACES);
            places.into_iter().find_map(|at| rows(tokens.get(at..)?))
        }
    }
}

/// Whether it only reads.
pub(super) fn reads(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|first| {
        first.is_one_of(&["select", "with", "show", "explain", "values", "describe"])
    })
}

/// Whether it only says how others are run: `BEGIN`, `COMMIT`, `SET`.
pub(super) fn frames(tokens: &[Token<'_>]) -> bool {
    let known =
        ["begin", "commit", "rollback", "start", "end", "set", "use", "savepoint", "pragma"];
    tokens.first().is_none_or(|first| first.is_one_of(&known))
}

fn drops(tokens: &[Token<'_>]) -> Option<String> {
    let (name, after) = kind_and_name(tokens)?;
    ends(after, AFTER_DROP).then_some(name)
}

fn truncates(tokens: &[Token<'_>]) -> Option<String> {
    let is_named = tokens.get(1).is_some_and(|token| token.is("table"));
    let at = if is_named { 2 } else { 1 };
    let name = name(tokens.get(at)?)?;
    ends(tokens.get(at + 1..)?, AFTER_DROP).then_some(name)
}

/// `DROP TABLE IF EXISTS customers`: the name, and what follows it.
fn kind_and_name<'a, 'b>(tokens: &'a [Token<'b>]) -> Option<(String, &'a [Token<'b>])> {
    let kind = tokens.get(1).filter(|token| token.is_one_of(KINDS))?;
    let skipped = ["if", "exists", "not", "only", "view", "concurrently"];
    let skip = tokens.iter().skip(2).take_while(|token| token.is_one_of(&skipped)).count();
    let name = match (kind.is("system"), tokens.get(2 + skip)) {
        (true, _) => "the database".to_owned(),
        (false, found) => name(found?)?,
    };
    Some((name, tokens.get(3 + skip..).unwrap_or_default()))
}

/// What `DELETE FROM …` or `UPDATE … SET` here does without a condition.
fn rows(tokens: &[Token<'_>]) -> Option<Alters> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    if is(0, "delete") && is(1, "from") {
        let from = if is(2, "only") { 3 } else { 2 };
        let name = name(tokens.get(from)?)?;
        let after = tokens.get(from + 1..)?;
        let is_one = ends(after, AFTER_DELETE) || has_alias(after, AFTER_DELETE);
        return (is_one && !is_bound(after)).then_some(Alters::Empties(name));
    }
    if is(0, "update") {
        let from = if is(1, "only") { 2 } else { 1 };
        let set = (from + 1..=from + 3).find(|at| is(*at, "set"))?;
        let name = name(tokens.get(from)?)?;
        let is_one = matches!(tokens.get(set + 2), Some(Token::Mark('=')));
        return (is_one && !is_bound(tokens.get(set..)?)).then_some(Alters::Overwrites(name));
    }
    None
}

fn name(token: &Token<'_>) -> Option<String> {
    match token {
        Token::Word(name) if !name.is_empty() => Some((*name).to_owned()),
        Token::Word(_) | Token::Text(_) | Token::Mark(_) | Token::Comment => None,
    }
}

/// Whether a statement can end here, or goes on with one of these.
fn ends(after: &[Token<'_>], known: &[&str]) -> bool {
    after.first().is_none_or(|next| {
        matches!(next, Token::Comment | Token::Mark(',' | ')')) || next.is_one_of(known)
    })
}

/// `customers c WHERE`, `customers AS c WHERE`.
fn has_alias(after: &[Token<'_>], known: &[&str]) -> bool {
    matches!(after, [Token::Word(_), next, ..] if next.is_one_of(known))
}

/// Whether a condition follows that some rows do not meet, before the brackets around it are shut.
fn is_bound(after: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in after.iter().enumerate() {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') if depth == 0 => return false,
            Token::Mark(')') => depth -= 1,
            Token::Word(_) if depth == 0 && token.is("where") => {
                return !is_always(after.get(at + 1..).unwrap_or_default());
            }
            Token::Word(_) if depth == 0 && token.is_one_of(&["limit", "join"]) => return true,
            Token::Word(_) | Token::Text(_) | Token::Mark(_) | Token::Comment => {}
        }
    }
    false
}

/// `1=1`, `true`: every row meets it.
pub(super) fn is_always(condition: &[Token<'_>]) -> bool {
    let (length, is_it) = match condition {
        [Token::Mark('('), inner @ .., Token::Mark(')')] => return is_always(inner),
        [one, Token::Mark('='), other, ..] => (3, is_same(one, other)),
        [one, Token::Mark('<'), other, ..] => (3, is_less(one, other)),
        [one, Token::Mark('>'), other, ..] => (3, is_less(other, one)),
        [one, ..] => (1, one.is("true") || one.is("1")),
        [] => (0, false),
    };
    let then = condition.get(length);
    let goes_on = then.is_some_and(|next| {
        matches!(next, Token::Mark(_)) && !matches!(next, Token::Mark(')' | '\'' | '"'))
    });
    is_it && !goes_on && !then.is_some_and(|next| next.is("and"))
}

/// `1=1`, `id=id`: what is the same as itself in every row.
fn is_same(one: &Token<'_>, other: &Token<'_>) -> bool {
    match (one, other) {
        (Token::Word(one), Token::Word(other)) => one.eq_ignore_ascii_case(other),
        (Token::Text(one), Token::Text(other)) => one == other,
        (Token::Word(_) | Token::Text(_) | Token::Mark(_) | Token::Comment, _) => false,
    }
}

/// `1<2`.
fn is_less(one: &Token<'_>, other: &Token<'_>) -> bool {
    let number = |token: &Token<'_>| match token {
        Token::Word(word) => word.parse::<u64>().ok(),
        Token::Text(_) | Token::Mark(_) | Token::Comment => None,
    };
    number(one).zip(number(other)).is_some_and(|(one, other)| one < other)
}
