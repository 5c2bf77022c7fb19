//! What is said of what deserves a warning: a short sentence each, which names the parameter.

use super::Warning;
use super::sql::{Alters, Sql};
use crate::display::headline::Part;

impl Warning {
    /// Its parts, in order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        use Part::{Number, Ours, Said};
        match self {
            Self::NoNumber { path, value: None } => {
                vec![Said(path), Ours(" is no number that can be read: ask what is meant.")]
            }
            Self::NoNumber { path, value: Some(value) } => vec![
                Said(path),
                Ours(" is no number that can be read: "),
                Said(value),
                Ours("; ask what is meant."),
            ],
            Self::MoreNoNumbers(_) => vec![Ours("Further amounts are no numbers, either.")],
            Self::BelowZero { path } => {
                vec![Said(path), Ours(" is below zero: money would go the other way.")]
            }
            Self::Does { path, what } => vec![Said(path), Ours(what.sentence())],
            Self::Queries { path, what } => queries(path, what),
            Self::Unbounded { path, what } => vec![Said(path), Ours(what.sentence())],
            Self::Header { path, next } => header(path, next.as_deref()),
            Self::Within { path, names } => within(path, names),
            Self::Twice { paths, values } => twice(paths, values),
            Self::Link { path, reads, leads } => vec![
                Said(path),
                Ours(" holds a link that reads "),
                Said(reads),
                Ours(" and leads to "),
                Said(leads),
                Ours("."),
            ],
            Self::InAll { path, count, sum, unit, is_of_one } => {
                in_all([path, count, sum], unit.as_deref(), *is_of_one)
            }
            Self::CostApart { cost, path, amount } => vec![
                Ours("The stated cost is "),
                Number(cost),
                Ours(" USD, and "),
                Said(path),
                Ours(" is "),
                Number(amount),
                Ours(": ask what it really costs."),
            ],
            Self::PerhapsCents { path } => {
                vec![Said(path), Ours(" is 100 times the stated cost: are these cents?")]
            }
            Self::Unmatched(what) => vec![
                Ours("The agent’s own sentence names "),
                Said(what),
                Ours(", which is not among the parameters."),
            ],
            Self::Misnames(what) => vec![
                Ours("The action is a sentence that names "),
                Said(what),
                Ours(", and the parameters do not: they are what takes effect."),
            ],
        }
    }
}

fn twice<'a>([one, other]: &'a [String; 2], [first, second]: &'a [String; 2]) -> Vec<Part<'a>> {
    use Part::{Ours, Said};
    let head = vec![Said(one), Ours(" is "), Said(first), Ours(", and ")];
    let rest = vec![Said(other), Ours(" is "), Said(second), Ours(": ask which one is meant.")];
    [head, rest].concat()
}

fn header<'a>(path: &'a str, next: Option<&'a str>) -> Vec<Part<'a>> {
    use Part::{Ours, Said};
    let holds = |rest| vec![Said(path), Ours(rest)];
    match next {
        Some(next) => {
            let line = holds(" holds a line break, and then a header of its own: ");
            [line, vec![Said(next), Ours(".")]].concat()
        }
        None => holds(" holds a line break: what follows it is no part of it."),
    }
}

fn within<'a>(path: &'a str, names: &'a [String]) -> Vec<Part<'a>> {
    use Part::{Ours, Said};
    let mut parts = vec![Said(path), Ours(" is a text that names ")];
    for (at, name) in names.iter().enumerate() {
        let between = if at + 1 == names.len() { " and " } else { ", " };
        parts.extend((at > 0).then_some(Ours(between)));
        parts.push(Said(name));
    }
    parts.push(Ours(" of its own: the headline does not tell of that."));
    parts
}

fn in_all<'a>(
    [path, count, sum]: [&'a str; 3],
    unit: Option<&'a str>,
    is_of_one: bool,
) -> Vec<Part<'a>> {
    use Part::{Number, Ours, Said};
    let mut parts = vec![Said(path), Ours(" times "), Said(count), Ours(" comes to ")];
    parts.push(Number(sum));
    parts.extend(unit.into_iter().flat_map(|unit| [Ours(" "), Said(unit)]));
    if is_of_one {
        parts.push(Ours(" in all."));
    } else {
        parts.extend([Ours(" in all: ask whether "), Said(path), Ours(" is that of one.")]);
    }
    parts
}

/// What a text does to a database.
fn queries<'a>(path: &'a str, what: &'a Sql) -> Vec<Part<'a>> {
    use Part::{Ours, Said};
    let line = |rest: Vec<Part<'a>>| std::iter::once(Said(path)).chain(rest).collect();
    match what {
        Sql::Alters(what) => line(alters(what)),
        Sql::Holds(what) => line([vec![Ours(" holds SQL that")], alters(what)].concat()),
        Sql::ReadsThenChanges => {
            let why = " reads something, and then changes something else: read every statement.";
            line(vec![Ours(why)])
        }
        Sql::Several => line(vec![Ours(" holds several statements: read each of them.")]),
        Sql::Piece => line(vec![Ours(" holds a piece of SQL that changes what a query is about.")]),
    }
}

fn alters(what: &Alters) -> Vec<Part<'_>> {
    use Part::{Ours, Said};
    match what {
        Alters::Drops(name) => vec![Ours(" drops "), Said(name), Ours(" for good.")],
        Alters::Empties(name) => vec![Ours(" deletes every row of "), Said(name), Ours(".")],
        Alters::Overwrites(name) => vec![Ours(" changes every row of "), Said(name), Ours(".")],
        Alters::Rebuilds(name) => vec![Ours(" changes how "), Said(name), Ours(" is built.")],
        Alters::Runs => vec![Ours(" runs a program on the machine of the database.")],
        Alters::Grants => vec![Ours(" changes who may do what in a database.")],
    }
}
