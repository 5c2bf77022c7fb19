//! A chart of bars that lie: one for each name, taken apart by what became of what it stands for.

use countersign_domain::approval::statistics::Totals;
use countersign_domain::display;

/// How wide the picture is, in its own units.
const WIDTH: usize = 360;
/// How high one bar is, with the line above it that names it.
const ROW: usize = 30;
/// The most bars that are drawn; the table holds all.
const MOST: usize = 10;
/// How wide a letter of a name is that an agent gave.
const LETTER: usize = 6;
/// How many characters of a name are shown.
const NAME: usize = 30;

/// A chart of bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bars {
    /// Its name within the page.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'static str,
    /// The same in words, for who does not see it.
    pub(super) text: String,
    pub(super) height: usize,
    pub(super) rows: Vec<Row>,
    /// How many have no bar.
    pub(super) left_out: usize,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Where its name stands, and where the bar begins.
    pub(super) y: usize,
    pub(super) top: usize,
    pub(super) name: Name,
    pub(super) value: String,
    pub(super) parts: Vec<Part>,
}

/// What a bar is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// By us or by an admin.
    Ours(String),
    /// By an agent: it stands in a frame, which is as wide as this.
    Said(String, usize),
}

impl Name {
    /// A name of ours or of an admin, short enough for a chart.
    pub(super) fn ours(text: &str) -> Self {
        Self::Ours(display::sanitise(&cut(text)))
    }

    /// A name that an agent gave.
    pub(super) fn said(text: &str) -> Self {
        let shown = display::sanitise(&cut(text));
        // The picture is made before anyone knows the letters; the text, all signs of one width, is set as wide as
        // its frame.
        let width = (shown.chars().count() * LETTER).clamp(12, WIDTH * 3 / 4);
        Self::Said(shown, width)
    }

    /// The same where nothing but text can stand.
    fn plain(&self) -> String {
        match self {
            Self::Ours(text) => text.clone(),
            Self::Said(text, _) => display::said(text),
        }
    }
}

/// A part of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: usize,
    pub(super) width: usize,
    pub(super) title: String,
}

/// What a bar is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) name: Name,
    /// What stands at the end of its line.
    pub(super) value: String,
    /// Its parts: class, word, how many.
    pub(super) parts: Vec<(&'static str, &'static str, usize)>,
}

impl Counted {
    /// A bar of one part.
    pub(super) fn plain(name: Name, value: String, count: usize) -> Self {
        Self { name, value, parts: vec![("one", "", count)] }
    }

    /// A bar of everything that was asked, by what became of it.
    pub(super) fn of(name: Name, value: String, totals: Totals) -> Self {
        let parts = vec![
            ("approved", "approved", totals.approved),
            ("denied", "denied", totals.denied),
            ("expired", "expired or withdrawn", totals.expired + totals.canceled),
            ("created", "pending", totals.pending),
        ];
        Self { name, value, parts }
    }

    fn sum(&self) -> usize {
        self.parts.iter().map(|(_, _, count)| count).sum()
    }
}

impl Bars {
    /// Draws them in the order in which they come.
    pub(super) fn of(id: &'static str, title: &'static str, all: &[Counted]) -> Self {
        let most = all.iter().map(Counted::sum).max().unwrap_or_default().max(1);
        let drawn = all.iter().take(MOST).enumerate();
        let rows: Vec<Row> = drawn.map(|(place, one)| row(place, one, most)).collect();
        let told: Vec<String> =
            rows.iter().map(|row| format!("{}: {}", row.name.plain(), row.value)).collect();
        Self {
            id,
            title,
            text: format!("{}. The table below holds the same numbers.", told.join("; ")),
            height: rows.len() * ROW,
            left_out: all.len() - rows.len(),
            rows,
        }
    }
}

fn row(place: usize, one: &Counted, most: usize) -> Row {
    let (top, mut x) = (place * ROW, 0);
    let mut parts = Vec::new();
    for (class, word, count) in one.parts.iter().filter(|(_, _, count)| *count > 0) {
        let width = (count * WIDTH / most).max(2).min(WIDTH.saturating_sub(x));
        let title = format!("{}: {count} {word}", one.name.plain()).trim_end().to_owned();
        parts.push(Part { class, x, width, title });
        x += width;
    }
    Row { y: top + 11, top: top + 16, name: one.name.clone(), value: one.value.clone(), parts }
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(NAME).collect();
    if text.chars().nth(NAME).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_within_the_picture_and_are_told_in_words() {
        let totals = Totals { pending: 1, approved: 90, denied: 1, expired: 1, canceled: 0 };
        let few = Totals { approved: 1, ..Totals::default() };
        let all = [
            Counted::of(Name::ours("a"), "93".to_owned(), totals),
            Counted::of(Name::said("b"), "1".to_owned(), few),
        ];
        let chart = Bars::of("by-agent", "By agent", &all);
        assert_eq!(chart.rows.iter().map(|row| row.parts.len()).collect::<Vec<_>>(), [4, 1]);
        for part in chart.rows.iter().flat_map(|row| &row.parts) {
            assert!(part.width > 0 && part.x + part.width <= WIDTH, "{part:?}");
        }
        assert_eq!(chart.text, "a: 93; “b”: 1. The table below holds the same numbers.");
        assert_eq!((chart.height, chart.left_out), (60, 0));
    }

    #[test]
    fn only_the_first_are_drawn_and_long_names_are_cut() {
        let all: Vec<_> =
            (0..13).map(|n| Counted::plain(Name::ours(&n.to_string()), String::new(), n)).collect();
        let chart = Bars::of("x", "X", &all);
        assert_eq!((chart.rows.len(), chart.left_out), (10, 3));
        assert_eq!(Name::ours(&"x".repeat(60)).plain().chars().count(), NAME + 1);
    }
}
