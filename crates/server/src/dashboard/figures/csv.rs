//! Figures as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with a quote.

use countersign_domain::approval::statistics::{Statistics, Totals};

/// Which figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Day by day.
    Days,
    /// By agent.
    Agents,
    /// By action.
    Actions,
    /// By reason code.
    Reasons,
    /// By person.
    Approvers,
}

/// One table, with its heading.
pub(super) fn table(figures: &Statistics, which: Table) -> String {
    let names = "total,pending,approved,denied,expired,canceled";
    let (heading, rows): (String, Vec<Vec<String>>) = match which {
        Table::Days => {
            let row = |day: &countersign_domain::approval::statistics::DayFigures| {
                let counts = [day.created, day.approved, day.denied, day.expired, day.canceled];
                row(&day.date.to_string(), counts)
            };
            let heading = "date,created,approved,denied,expired,canceled".to_owned();
            (heading, figures.per_day.iter().map(row).collect())
        }
        Table::Agents => {
            let all = figures.by_agent.iter().map(|a| row(&a.agent, counts(a.total, a.totals)));
            (format!("agent,{names}"), all.collect())
        }
        Table::Actions => {
            let all = figures.by_action.iter().map(|a| row(&a.action, counts(a.total, a.totals)));
            (format!("action,{names}"), all.collect())
        }
        Table::Reasons => {
            let all = figures.by_reason_code.iter().map(|(code, count)| row(code, [*count]));
            ("reason_code,total".to_owned(), all.collect())
        }
        Table::Approvers => {
            let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
            let all = figures.by_approver.iter().map(|a| {
                vec![
                    cell(&a.approver),
                    a.count.to_string(),
                    number(a.median_seconds),
                    number(a.share_within_3_seconds),
                ]
            });
            ("approver,decided,median_seconds,share_within_3_seconds".to_owned(), all.collect())
        }
    };
    let mut text = heading;
    text.push_str("\r\n");
    for row in rows {
        text.push_str(&row.join(","));
        text.push_str("\r\n");
    }
    text
}

const fn counts(total: usize, totals: Totals) -> [usize; 6] {
    [total, totals.pending, totals.approved, totals.denied, totals.expired, totals.canceled]
}

fn row<const N: usize>(name: &str, counts: [usize; N]) -> Vec<String> {
    [cell(name)].into_iter().chain(counts.map(|count| count.to_string())).collect()
}

/// A text as one cell.
fn cell(text: &str) -> String {
    let shown = countersign_domain::display::sanitise(text);
    let formula = shown.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{shown}") } else { shown };
    if safe.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_to_every_spreadsheet() {
        let cases = [
            ("stripe.refund", "stripe.refund"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("-1+2", "'-1+2"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ];
        for (text, shown) in cases {
            assert_eq!(cell(text), shown);
        }
    }
}
