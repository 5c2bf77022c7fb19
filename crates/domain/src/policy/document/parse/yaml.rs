//! YAML, and of it only what everyone reads in the same way: no anchors and aliases (with which a small file
//! becomes a huge one), no tags, no merge keys, no key twice.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::node::{Key, Node, Text, Value};
use super::problem::{Fault, Place, Step};
use super::scalar::{self, lines};

/// The deepest nesting that is read.
const DEPTH: usize = 48;
/// The most values of one document.
const NODES: usize = 20_000;

/// Reads the one document of `text`, which begins at `first_line` of its file; `None` if it holds nothing.
pub(super) fn read(text: &str, first_line: usize) -> Result<Option<Node>, Fault> {
    if let Some(at) = text.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let before = text.get(..at).unwrap_or_default();
        let place = Place {
            line: first_line + before.matches('\n').count(),
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        };
        return Err(Fault::new("a control character, which cannot be seen: remove it").at(place));
    }
    if text.starts_with('%') {
        let place = Place { line: first_line, column: 1 };
        return Err(Fault::new("directives are not read: remove the line").at(place));
    }
    Reader { parser: Parser::new_from_str(text), text, first_line, nodes: 0 }.document()
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    first_line: usize,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Option<Node>, Fault> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if root.is_none() => {}
                Event::DocumentStart(_) => {
                    let message = "a further document has to begin with a line `---`";
                    return Err(Fault::new(message).at(self.place(span)));
                }
                content => root = Some(self.node(content, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let (line, column) = (error.marker().line(), error.marker().col() + 1);
                let place = Place { line: self.first_line + line.saturating_sub(1), column };
                Err(Fault::new(format!("not YAML: {}", error.info())).at(place))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn place(&self, span: Span) -> Place {
        let line = self.first_line + span.start.line().saturating_sub(1);
        Place { line, column: span.start.col() + 1 }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Fault> {
        let place = self.place(span);
        self.nodes += 1;
        if depth > DEPTH {
            let message = format!("nested deeper than {DEPTH} levels, which is more than is read");
            return Err(Fault::new(message).at(place));
        }
        if self.nodes > NODES {
            let message = format!("more than {NODES} values in one document");
            return Err(Fault::new(message).at(place));
        }
        let value = match event {
            Event::Scalar(text, style, anchor, tag) => {
                plain_only(anchor, tag.is_some()).map_err(|fault| fault.at(place))?;
                self.scalar(&text, style, span).map_err(|fault| fault.at(place))?
            }
            Event::SequenceStart(anchor, tag) => {
                plain_only(anchor, tag.is_some()).map_err(|fault| fault.at(place))?;
                Value::Sequence(self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                plain_only(anchor, tag.is_some()).map_err(|fault| fault.at(place))?;
                Value::Mapping(self.mapping(depth)?)
            }
            Event::Alias(_) => {
                let message = "aliases (`*name`) are not read: write the value out";
                return Err(Fault::new(message).at(place));
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(Fault::new("not YAML: a value is missing").at(place)),
        };
        Ok(Node { place, value })
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span) -> Result<Value, Fault> {
        let value = match style {
            ScalarStyle::Plain => scalar::plain(text)?,
            ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Literal
            | ScalarStyle::Folded => {
                Value::Text(Text { text: text.to_owned(), pieces: Vec::new() })
            }
        };
        Ok(match value {
            Value::Text(text) => {
                let from = self.place(span);
                let lines = self.text.lines().skip(span.start.line().saturating_sub(1));
                let one_line = span.start.line() == span.end.line();
                let pieces = match style {
                    ScalarStyle::Literal => lines::literal(&text.text, lines, from),
                    ScalarStyle::Folded | ScalarStyle::Plain => {
                        lines::folded(&text.text, lines, from)
                    }
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        let as_it_is = span.len() == text.text.chars().count() + 2;
                        let after = Place { column: from.column + 1, ..from };
                        if one_line && as_it_is { vec![(0, after)] } else { Vec::new() }
                    }
                };
                Value::Text(Text { pieces, ..text })
            }
            other => other,
        })
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            let item = self.node(event, span, depth + 1);
            items.push(item.map_err(|fault| fault.under(Step::Index(items.len())))?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Fault> {
        let (mut entries, mut seen) = (Vec::new(), HashSet::new());
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(entries);
            }
            let key = self.key(event, span)?;
            if !seen.insert(key.text.clone()) {
                let message = format!("the key `{}` stands twice: remove one", key.text);
                return Err(Fault::new(message).at(key.place).under(Step::Key(key.text)));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1);
            let value = value.map_err(|fault| fault.under(Step::Key(key.text.clone())))?;
            entries.push((key, value));
        }
    }

    fn key(&mut self, event: Event<'t>, span: Span) -> Result<Key, Fault> {
        let place = self.place(span);
        let refuse = |message: &str| Err(Fault::new(message).at(place));
        match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) if text == "<<" => {
                refuse("merge keys (`<<`) are not read: write the values out")
            }
            Event::Scalar(text, style, anchor, tag) => {
                plain_only(anchor, tag.is_some()).map_err(|fault| fault.at(place))?;
                let value = self.scalar(&text, style, span).map_err(|fault| fault.at(place))?;
                match value {
                    Value::Text(Text { text, .. }) => Ok(Key { place, text }),
                    _ => refuse("a key has to be a text: put it in quotes"),
                }
            }
            _ => refuse("a key has to be a text"),
        }
    }
}

fn plain_only(anchor: usize, tagged: bool) -> Result<(), Fault> {
    if tagged {
        return Err(Fault::new("tags (`!name`) are not read: remove it"));
    }
    if anchor != 0 {
        return Err(Fault::new(
            "anchors (`&name`) are not read: write the value out where it is used",
        ));
    }
    Ok(())
}
