//! Where the characters of a text stand that is written over several lines.

use super::super::problem::Place;

/// From which character of a text on it stands as it is, and where that character stands.
type Pieces = Vec<(usize, Place)>;

impl Place {
    /// The beginning of the next line.
    pub(in super::super) const fn below(self) -> Self {
        Self { line: self.line + 1, column: 1 }
    }
}

/// The lines of a text below a `|`: each is a line of the file without its indent. `lines` begin with the one of the
/// `|`, or with the first one below it.
pub(in super::super) fn literal<'t>(
    text: &str,
    lines: impl Iterator<Item = &'t str>,
    from: Place,
) -> Pieces {
    let (mut pieces, mut begins) = (Vec::new(), 0);
    let mut place = Place { column: 1, ..from };
    let mut lines = lines.peekable();
    let marked = |line: &&str| line.chars().skip(from.column - 1).collect::<String>();
    if lines.peek().is_some_and(|line| marked(line).starts_with('|')) {
        lines.next();
        place = place.below();
    }
    for (written, line) in text.split('\n').zip(lines) {
        let line = line.trim_end_matches('\r');
        let Some(indent) = line.strip_suffix(written).filter(|_| !written.is_empty()) else {
            begins += written.chars().count() + 1;
            place = place.below();
            continue;
        };
        pieces.push((begins, Place { column: indent.chars().count() + 1, ..place }));
        begins += written.chars().count() + 1;
        place = place.below();
    }
    pieces
}

/// The lines of a text that are put together with spaces. `lines` begin with the one in which it begins.
pub(in super::super) fn folded<'t>(
    text: &str,
    lines: impl Iterator<Item = &'t str>,
    from: Place,
) -> Pieces {
    let (mut pieces, mut begins, mut rest) = (Vec::new(), 0, text);
    let mut place = from;
    for line in lines {
        let skipped: String = line.chars().skip(place.column - 1).collect();
        let content = skipped.trim_start();
        let indent = skipped.chars().count() - content.chars().count();
        let trimmed = rest.trim_start();
        begins += rest.chars().count() - trimmed.chars().count();
        rest = trimmed;
        if rest.is_empty() {
            break;
        }
        // What follows a text in its last line, such as a comment or a bracket, is no part of it.
        let same = rest.chars().zip(content.chars()).take_while(|(a, b)| a == b).count();
        let whole = same == content.trim_end().chars().count() || same == rest.chars().count();
        if content.trim().is_empty() {
            place = place.below();
            continue;
        }
        if same == 0 || !(whole || rest.trim_end().chars().count() <= same) {
            break;
        }
        pieces.push((begins, Place { column: place.column + indent, ..place }));
        begins += same;
        rest = rest.char_indices().nth(same).and_then(|(at, _)| rest.get(at..)).unwrap_or_default();
        place = place.below();
    }
    pieces
}
