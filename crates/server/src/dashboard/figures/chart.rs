//! A chart of days, drawn on the server: bars in one picture, and the same as a table.

use countersign_domain::approval::statistics::DayFigures;

/// How wide the picture is, in its own units.
const WIDTH: usize = 720;
/// How high the bars can get.
const HEIGHT: usize = 150;
/// The room to the left, for the scale.
const LEFT: usize = 28;
/// The room above.
const TOP: usize = 10;
/// The most days that are drawn; of more, the last ones.
const DAYS: usize = 92;

/// A chart of days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chart {
    /// The bars.
    pub(super) bars: Vec<Bar>,
    /// Lines across, with what they stand for.
    pub(super) grid: Vec<(usize, usize)>,
    /// Days named below: place and text.
    pub(super) labels: Vec<(usize, String)>,
    /// The same as rows.
    pub(super) rows: Vec<DayFigures>,
}

/// A part of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) title: String,
}

impl Chart {
    /// Draws days: what was asked beside what became of it.
    pub(super) fn of(days: &[DayFigures]) -> Self {
        let rows = days.to_vec();
        let days = without_gaps(days);
        let skip = days.len().saturating_sub(DAYS);
        let days: Vec<DayFigures> = days.into_iter().skip(skip).collect();
        let most = days.iter().map(|d| d.created.max(ended(d))).max().unwrap_or_default();
        if most == 0 {
            return Self::default();
        }
        let top = nice(most);
        let slot = ((WIDTH - LEFT) / days.len().max(1)).min(48);
        let width = (slot * 2 / 5).max(1);
        let scaled = |count: usize| count * HEIGHT / top;
        let mut chart = Self {
            grid: (0..=2).map(|n| (TOP + HEIGHT - n * HEIGHT / 2, n * top / 2)).collect(),
            ..Self::default()
        };
        for (place, day) in days.iter().enumerate() {
            let x = LEFT + place * slot + slot / 10;
            chart.push(
                ("created", "asked"),
                (x, 0),
                (width, scaled(day.created)),
                (day, day.created),
            );
            let mut below = 0;
            let parts = [
                ("approved", day.approved),
                ("denied", day.denied),
                ("expired", day.expired + day.canceled),
            ];
            for (class, count) in parts {
                let word = if class == "expired" { "expired or withdrawn" } else { class };
                let height = scaled(count);
                chart.push((class, word), (x + width + 1, below), (width, height), (day, count));
                below += height;
            }
            if place % (days.len() / 8 + 1) == 0 {
                chart.labels.push((x, day.date.strftime("%-d %b").to_string()));
            }
        }
        chart.rows = rows;
        chart
    }

    fn push(
        &mut self,
        (class, word): (&'static str, &str),
        (x, below): (usize, usize),
        (width, height): (usize, usize),
        (day, count): (&DayFigures, usize),
    ) {
        if count > 0 {
            let height = height.max(2);
            let y = (TOP + HEIGHT).saturating_sub(below + height);
            let title = format!("{}: {count} {word}", day.date);
            self.bars.push(Bar { class, x, y, width, height, title });
        }
    }
}

/// Days on which nothing happened have a place in time as well.
fn without_gaps(days: &[DayFigures]) -> Vec<DayFigures> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let mut known = days.iter().peekable();
    let (mut date, mut all) = (first.date, Vec::new());
    while date <= last.date {
        let nothing =
            DayFigures { date, created: 0, approved: 0, denied: 0, expired: 0, canceled: 0 };
        all.push(known.next_if(|day| day.date == date).copied().unwrap_or(nothing));
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    all
}

fn ended(day: &DayFigures) -> usize {
    day.approved + day.denied + day.expired + day.canceled
}

/// The next number that can be halved and read.
fn nice(most: usize) -> usize {
    let mut step = 2;
    loop {
        for factor in [1, 2, 5] {
            if step * factor >= most {
                return step * factor;
            }
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_within_the_picture() {
        let day = |date: &str, created, approved| DayFigures {
            date: date.parse().unwrap(),
            created,
            approved,
            denied: 3,
            expired: 0,
            canceled: 1,
        };
        let chart = Chart::of(&[day("2026-01-01", 100, 96), day("2026-01-02", 1, 0)]);
        assert_eq!(chart.bars.len(), 7);
        for bar in &chart.bars {
            assert!(bar.y >= TOP - 4 && bar.y + bar.height <= TOP + HEIGHT, "{bar:?}");
            assert!(bar.x + bar.width <= WIDTH, "{bar:?}");
        }
        let apart = Chart::of(&[day("2026-01-01", 1, 0), day("2026-01-11", 1, 0)]);
        let (first, last) = (apart.bars.first().unwrap(), apart.bars.last().unwrap());
        assert!(last.x - first.x > 9 * 40, "ten days lie between them");
        assert_eq!(apart.rows.len(), 2, "the table tells what happened");
        assert_eq!(nice(100), 100);
        assert_eq!([1, 3, 11, 21, 150].map(nice), [2, 4, 20, 40, 200]);
    }
}
