//! Tables. Every cell passes the display sanitiser here, so that no command can forget it.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use countersign_domain::display::sanitise;

/// The widest first column that is never wrapped.
const ID_WIDTH: u16 = 40;

/// A table with these columns. On a terminal long cells wrap; elsewhere a row is a line.
pub(crate) fn table<Row: AsRef<[String]>>(
    columns: impl AsRef<[&'static str]>,
    rows: impl IntoIterator<Item = Row>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.as_ref().iter().map(|name| name.to_uppercase()));
    for row in rows {
        table.add_row(row.as_ref().iter().map(|cell| sanitise(cell)));
    }
    // An id that breaks over two lines cannot be copied.
    let first = table.column_max_content_widths().first().copied().unwrap_or_default();
    if let (Some(column), true) = (table.column_mut(0), first <= ID_WIDTH) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// One thing: a name and its value per line; what is empty is left out.
pub(crate) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let shown = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let lines: Vec<String> =
        shown.map(|(name, value)| format!("{}: {}", sanitise(name), sanitise(&value))).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

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
