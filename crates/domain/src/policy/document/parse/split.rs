//! A file into its documents. Each is then read by itself, so that a mistake in one hides none in the next,
//! and each keeps the text it was written as, comments included.

/// One document of a file, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// What is to be read.
    pub(super) text: String,
    /// The line of the file that the text begins with.
    pub(super) first_line: usize,
    /// What the author wrote: the text with the comments that stand before its `---`.
    pub(super) source: String,
}

/// The documents of a file. A line that begins with `---` starts one wherever it stands, as YAML has it;
/// what holds only comments is none.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut comments = String::new();
    let mut current = Piece { text: String::new(), first_line: 1, source: String::new() };
    let mut close = |piece: Piece, comments: &mut String| {
        if is_blank(&piece.text) {
            comments.push_str(&piece.source);
        } else {
            let source = format!("{}{}", std::mem::take(comments), piece.source);
            found.push(Piece { source, ..piece });
        }
    };
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let Some(rest) = after_marker(line) else {
            current.text.push_str(line);
            current.source.push_str(line);
            continue;
        };
        let source =
            if rest.trim().is_empty() { String::new() } else { rest.trim_start().to_owned() };
        let next = Piece { text: format!("   {rest}"), first_line: index + 1, source };
        close(std::mem::replace(&mut current, next), &mut comments);
    }
    close(current, &mut comments);
    if let Some(last) = found.last_mut().filter(|_| !comments.trim().is_empty()) {
        last.source = format!("{}\n{comments}", last.source.trim_end());
    }
    found
}

fn after_marker(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("---")?;
    rest.chars().next().is_none_or(char::is_whitespace).then_some(rest)
}

fn is_blank(text: &str) -> bool {
    text.lines().all(|line| matches!(line.trim_start().chars().next(), None | Some('#')))
}
