//! As much of Markdown as the documents use.

use crate::source;

/// A document.
pub struct Page {
    /// Its fenced blocks, in order.
    pub blocks: Vec<Block>,
    /// Everything else.
    prose: String,
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What stands after the fence: the language.
    pub language: String,
    /// What stands in it.
    pub body: String,
    /// The line of its fence.
    pub line: usize,
    /// Whether only empty lines stand between it and the block before it.
    pub adjacent: bool,
}

impl Page {
    /// Reads a document of the repository.
    pub fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(source::root().join(name));
        Self::of(&text.unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// Takes a document apart.
    pub fn of(text: &str) -> Self {
        let mut page = Self { blocks: Vec::new(), prose: String::new() };
        let (mut open, mut adjacent): (Option<Block>, bool) = (None, false);
        for (index, line) in text.lines().enumerate() {
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    let (language, body) = (language.trim().to_owned(), String::new());
                    open = Some(Block { language, body, line: index + 1, adjacent });
                }
                (None, None) => {
                    adjacent &= line.trim().is_empty();
                    page.prose.push_str(line);
                    page.prose.push('\n');
                }
                (Some(block), None) => {
                    block.body.push_str(line);
                    block.body.push('\n');
                }
                (Some(_), Some(_)) => {
                    page.blocks.extend(open.take());
                    adjacent = true;
                }
            }
        }
        assert!(open.is_none(), "a fence is not closed: {open:?}");
        page
    }

    /// What stands between single backticks.
    pub fn code_spans(&self) -> Vec<String> {
        let odd = |line: &str| -> Vec<String> {
            line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        self.prose.lines().flat_map(odd).collect()
    }

    /// Where its links lead.
    pub fn links(&self) -> Vec<String> {
        let rests = self.prose.split("](").skip(1);
        rests.filter_map(|rest| rest.split_once(')')).map(|(link, _)| link.to_owned()).collect()
    }

    /// Whether one of its headings has this anchor.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.prose.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor)
    }
}

/// The anchor of a heading, as forges make it.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
