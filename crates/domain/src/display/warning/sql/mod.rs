//! SQL: what a query would change of all that is there, and a piece of it where none is expected. A text that people
//! read may speak of it.

mod statement;
mod token;

use super::Warning;
use super::names::{is_prose, is_query};
use super::node::Node;
use statement::{alters, frames, is_always, reads};
use token::{Token, tokens};

pub use statement::Alters;

/// How many are told.
const TOLD: usize = 3;

/// What stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sql {
    /// A statement that changes what nobody can bring back.
    Alters(Alters),
    /// The same behind something else, where no query is expected.
    Holds(Alters),
    /// It reads, and then another statement changes something.
    ReadsThenChanges,
    /// Several statements.
    Several,
    /// A piece that changes the query into which it is put.
    Piece,
}

/// What texts do to a database.
pub(super) fn queries(nodes: &[Node<'_>]) -> Vec<Warning> {
    let told = nodes.iter().flat_map(|node| {
        let text = node.value.as_str().filter(|text| could_be(text) && !is_prose(node.name));
        let found = text.map(|text| sql(node.name, text)).unwrap_or_default();
        found.into_iter().map(|what| Warning::Queries { path: node.path.clone(), what })
    });
    told.take(TOLD).collect()
}

impl Sql {
    /// Whether it warns; several statements in a row may be meant.
    pub(super) const fn warns(&self) -> bool {
        match self {
            Self::Alters(_) | Self::Holds(_) | Self::ReadsThenChanges | Self::Piece => true,
            Self::Several => false,
        }
    }
}

/// Nearly every text holds none; a word of each that is looked for stands in it.
fn could_be(text: &str) -> bool {
    text.contains(|c: char| c.is_whitespace() || matches!(c, ';' | '\'' | '/'))
        && text.contains(|c: char| matches!(c, ';' | '\'' | '"' | '-') || c.is_ascii_alphabetic())
}

fn sql(name: &str, text: &str) -> Vec<Sql> {
    let all = tokens(text);
    let is_asked = is_query(name);
    let statements: Vec<&[Token<'_>]> = all.split(|token| *token == Token::Mark(';')).collect();
    let statements = statements.into_iter().map(without_comments);
    let statements: Vec<&[Token<'_>]> = statements.filter(|one| !one.is_empty()).collect();
    let is_whole = is_asked || statements.first().is_some_and(|first| is_statement(first));
    if !is_whole {
        return piece(&all, text).into_iter().collect();
    }
    let first = statements.iter().find_map(|one| alters(one)).map(Sql::Alters);
    let mut real = statements.iter().filter(|one| !frames(one));
    let count = real.clone().count();
    let reads_first = real.next().is_some_and(|first| reads(first));
    let several = match () {
        () if count < 2 || !statements.iter().any(|one| is_statement(one)) => None,
        () if reads_first && real.any(|later| !reads(later)) => Some(Sql::ReadsThenChanges),
        () => Some(Sql::Several),
    };
    let always = first.is_none() && or_always(&all);
    first.into_iter().chain(several).chain(always.then_some(Sql::Piece)).collect()
}

fn without_comments<'a, 'b>(tokens: &'a [Token<'b>]) -> &'a [Token<'b>] {
    let at = tokens.iter().position(|token| *token != Token::Comment).unwrap_or(tokens.len());
    tokens.get(at..).unwrap_or_default()
}

/// Whether it begins as a statement does, and not only with the same word.
fn is_statement(tokens: &[Token<'_>]) -> bool {
    let has = |word: &str| tokens.iter().any(|token| token.is(word));
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    alters(tokens).is_some()
        || (is(0, "select") && has("from"))
        || (is(0, "insert") && is(1, "into") && (has("values") || has("select")))
        || (is(0, "delete") && is(1, "from") && has("where"))
        || (is(0, "update") && has("set") && tokens.contains(&Token::Mark('=')))
        || (is(0, "create") && tokens.len() > 3 && has("table"))
}

/// A piece of SQL in what should be none: what ends a text or a statement, and goes on.
fn piece(all: &[Token<'_>], text: &str) -> Option<Sql> {
    let parts =
        (1..all.len()).filter(|at| matches!(all.get(at - 1), Some(Token::Mark(';' | '\'' | '"'))));
    let held = parts.filter_map(|at| all.get(at..)).find_map(|rest| {
        let end = rest.iter().position(|token| *token == Token::Mark(';')).unwrap_or(rest.len());
        alters(rest.get(..end)?).filter(|_| rest.first().is_some_and(begins))
    });
    // What a program is handed in quotation marks stands among its words.
    let quoted = || {
        let is_client = all.first().is_some_and(|first| first.is_one_of(CLIENTS));
        let inner = all.iter().filter_map(|token| match token {
            Token::Text(inner) | Token::Word(inner) if inner.contains(' ') => Some(*inner),
            Token::Text(_) | Token::Word(_) | Token::Mark(_) | Token::Comment => None,
        });
        is_client.then(|| inner.into_iter().find_map(|inner| alters(&tokens(inner)))).flatten()
    };
    let joins = || united(all) || or_always(all) || cuts(all, text);
    held.or_else(quoted).map(Sql::Holds).or_else(|| joins().then_some(Sql::Piece))
}

/// Programs that hand a query to a database.
const CLIENTS: &[&str] = &["psql", "mysql", "mariadb", "sqlite3", "sqlcmd", "clickhouse-client"];

fn begins(token: &Token<'_>) -> bool {
    token.is_one_of(&["drop", "truncate", "alter", "delete", "update", "grant", "copy"])
}

/// `UNION SELECT`, and what is selected: not every union has a select committee.
fn united(all: &[Token<'_>]) -> bool {
    let goes_on = |rest: &[Token<'_>]| {
        let is_list = |token: &Token<'_>| {
            matches!(token, Token::Mark(',' | '*') | Token::Comment) || token.is("from")
        };
        rest.iter().take(60).any(is_list)
    };
    (0..all.len()).any(|at| match all.get(at..) {
        Some([union, select, rest @ ..]) if union.is("union") && select.is("select") => {
            goes_on(rest)
        }
        Some([union, every, select, rest @ ..]) if union.is("union") && select.is("select") => {
            every.is_one_of(&["all", "distinct"]) && goes_on(rest)
        }
        _ => false,
    })
}

/// `OR 1=1`.
fn or_always(all: &[Token<'_>]) -> bool {
    (0..all.len()).any(|at| match all.get(at..) {
        Some([or, rest @ ..]) if or.is("or") => rest.len() > 2 && is_always(rest),
        // `' OR '1'='1` is a text, and then one more.
        Some([Token::Text(inner), Token::Word(_), Token::Text("="), ..]) => {
            inner.trim().eq_ignore_ascii_case("or")
        }
        _ => false,
    })
}

/// `'--`, `; --`: what would follow is made a comment, at the end of a text.
fn cuts(all: &[Token<'_>], text: &str) -> bool {
    let is_cut = matches!(all, [.., Token::Mark(';' | '\''), Token::Comment]);
    is_cut && !text.trim_end().contains('\n')
}

#[cfg(test)]
mod tests;
