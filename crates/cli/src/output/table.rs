//! Tables. Every cell passes the display sanitiser here, so that no command can forget it.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use countersign_domain::display::{foreign_script, said, sanitise};

/// The widest first column that is never wrapped.
const ID_WIDTH: u16 = 40;

/// A table with these columns. On a terminal long cells wrap; elsewhere a row is a line.
pub(crate) fn table<Cell: Clone + Into<Field>, Row: AsRef<[Cell]>>(
    columns: impl AsRef<[&'static str]>,
    rows: impl IntoIterator<Item = Row>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.as_ref().iter().map(|name| name.to_uppercase()));
    for row in rows {
        table.add_row(
            row.as_ref().iter().map(|cell| fold_spaces(&Into::<Field>::into(cell.clone()).shown())),
        );
    }
    // An id that breaks over two lines cannot be copied.
    let first = table.column_max_content_widths().first().copied().unwrap_or_default();
    if let (Some(column), true) = (table.column_mut(0), first <= ID_WIDTH) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// The longest run of spaces that is shown as it is.
const SPACES: usize = 8;

/// Long runs of spaces become their count, so that nothing is pushed out of sight.
fn fold_spaces(text: &str) -> String {
    if !text.contains(&" ".repeat(SPACES + 1)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(' ') {
        let (before, spaces) = rest.split_at(start);
        let tail = spaces.trim_start_matches(' ');
        let count = spaces.len() - tail.len();
        out.push_str(before);
        out.push_str(&if count > SPACES {
            format!(" [{count} spaces] ")
        } else {
            " ".repeat(count)
        });
        rest = tail;
    }
    out + rest
}

/// At most so many characters, with how many more there are; for lists that say where the whole is shown.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most).collect();
    format!("{start}… ({} more, see `show`)", count - most)
}

/// A value beside its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// Words of ours, names, numbers.
    Ours(String),
    /// A text of an agent: it stands in quotation marks, which nothing within it ends.
    Said(String),
    /// A name that an agent chose: the same, and its script if that is not Latin.
    Key(String),
}

impl Field {
    /// A text of an agent, if there is one.
    pub(crate) fn said(text: Option<&str>) -> Self {
        text.map_or_else(|| Self::Ours(String::new()), |text| Self::Said(text.to_owned()))
    }

    /// With every character visible.
    fn shown(&self) -> String {
        match self {
            Self::Ours(text) => sanitise(text),
            Self::Said(text) => said(text),
            Self::Key(text) => match foreign_script(text) {
                Some(script) => format!("{} (in {script} letters)", said(text)),
                None => said(text),
            },
        }
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Ours(text)
    }
}

/// One thing: a name and its value per line; what is empty is left out.
pub(crate) fn fields<'a, V: Into<Field>>(fields: impl IntoIterator<Item = (&'a str, V)>) -> String {
    let shown = fields.into_iter().map(|(name, value)| (name, value.into().shown()));
    let line = |(name, value)| format!("{}: {value}", sanitise(name));
    shown.filter(|(_, value)| !value.is_empty()).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_pushed_out_of_sight() {
        assert_eq!(fold_spaces(&format!("ls {}; rm", " ".repeat(3000))), "ls [3001 spaces] ; rm");
        assert_eq!(fold_spaces("two  words"), "two  words");
        assert_eq!(shortened("abcdef", 4), "abcd… (2 more, see `show`)");
    }

    #[test]
    fn no_cell_can_break_out_of_its_row() {
        let rows = [["agt_1".to_owned(), "bot\nfake\u{1b}[2J\u{202e}".to_owned()]];
        insta::assert_snapshot!(table(["id", "name"], rows), @r"
         ID     NAME
         agt_1  bot\u{a}fake\u{1b}[2J\u{202e}
        ");
        assert_eq!(
            fields([("name", "a\nid: b".to_owned()), ("key", String::new())]),
            "name: a\\u{a}id: b"
        );
    }
}
