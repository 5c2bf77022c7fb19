//! The strict reader: one value of RFC 8259, and nothing that could be read in two ways.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Object, number};
use crate::names;

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;
/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The most values that are read, each item and each member counted once. Whatever is asked is judged, redacted and
/// shown value by value, so that work grows with their number rather than with the bytes; nobody reviews as many.
pub const MAX_VALUES: usize = 10_000;

/// What was refused, and where: a JSON path such as `$.params.items[3]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at `{path}`")]
pub struct ReadError {
    /// Where the offence stands.
    pub path: String,
    /// What the offence is.
    pub kind: ReadErrorKind,
}

/// The offences that are told apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadErrorKind {
    /// More bytes than are read.
    #[error("the text has {0} bytes, which is more than are read")]
    TooLarge(usize),
    /// Deeper than is read.
    #[error("nesting is deeper than is read")]
    TooDeep,
    /// More values than are read.
    #[error("more than {0} values are not read")]
    TooManyValues(usize),
    /// Bytes that are no text.
    #[error("byte {0} is not UTF-8")]
    NotUtf8(usize),
    /// The same key twice in one object.
    #[error("the key `{0}` stands twice")]
    DuplicateKey(String),
    /// Two keys of one object that differ only in how their letters are written, which many readers take for one.
    #[error(
        "the keys `{0}` and `{1}` are the same to many programs, which look neither at capitals nor at what cannot be seen"
    )]
    AlikeKeys(String, String),
    /// A number whose value a double does not hold.
    #[error("the number `{0}` would lose digits; send it as a string")]
    InexactNumber(String),
    /// Half of a surrogate pair.
    #[error("`\\u{0:04x}` is half of a character")]
    LoneSurrogate(u16),
    /// Not JSON at all.
    #[error("not JSON: expected {expected} at byte {at}")]
    Syntax {
        /// What should have come.
        expected: &'static str,
        /// The offset in bytes.
        at: usize,
    },
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// The deepest nesting.
    pub depth: usize,
    /// The most values, at all depths together.
    pub values: usize,
    /// Which keys one object may have beside each other.
    pub keys: Keys,
}

/// When two keys of one object are too much alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// When they are the same.
    Exact,
    /// Also when they differ only in capitals, or in characters that stand for plainer ones. Readers of several languages take such keys for one, so that a
    /// policy would judge one value and the tool be given the other.
    InAnyCase,
}

impl Limits {
    /// What callers may send.
    pub const REQUEST: Self =
        Self { bytes: MAX_BYTES, depth: MAX_DEPTH, values: MAX_VALUES, keys: Keys::InAnyCase };
    /// What the record may hold: whatever callers may send, with all that is written around it.
    pub const RECORD: Self = Self {
        bytes: 16 * MAX_BYTES,
        depth: 2 * MAX_DEPTH,
        values: 16 * MAX_VALUES,
        keys: Keys::Exact,
    };
}

/// Reads one JSON value from what a caller sent, or says what was refused and where.
pub fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    read_within(bytes, Limits::REQUEST)
}

/// Reads one JSON value from `bytes`, or says what was refused and where.
pub fn read_within(bytes: &[u8], limits: Limits) -> Result<Value, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(Fault::from(ReadErrorKind::TooLarge(bytes.len())).at_root());
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Fault::from(ReadErrorKind::NotUtf8(e.valid_up_to())).at_root())?;
    let mut reader = Reader { text, at: 0, limits, values: 0 };
    let value = reader.document().map_err(Fault::at_root)?;
    Ok(value)
}

/// An offence on its way up; the steps of its path are added while unwinding.
struct Fault {
    kind: ReadErrorKind,
    steps: Vec<String>,
}

impl From<ReadErrorKind> for Fault {
    fn from(kind: ReadErrorKind) -> Self {
        Self { kind, steps: Vec::new() }
    }
}

impl Fault {
    fn under(mut self, step: String) -> Self {
        self.steps.push(step);
        self
    }

    fn at_root(self) -> ReadError {
        let path = std::iter::once("$".to_owned()).chain(self.steps.into_iter().rev()).collect();
        ReadError { path, kind: self.kind }
    }
}

/// `.key` where that is plain, `["key"]` otherwise.
fn key_step(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !key.is_empty();
    if plain { format!(".{key}") } else { format!("[{key:?}]") }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    limits: Limits,
    /// How many values were begun so far.
    values: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Value, Fault> {
        let value = self.value(0)?;
        self.spaces();
        if self.peek().is_some() { Err(self.expected("the end")) } else { Ok(value) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        self.spaces();
        self.values += 1;
        if self.values > self.limits.values {
            return Err(ReadErrorKind::TooManyValues(self.limits.values).into());
        }
        match self.peek() {
            Some(b'{') => self.object(depth + 1).map(Value::Object),
            Some(b'[') => self.array(depth + 1).map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object, Fault> {
        self.enter(depth)?;
        let mut object = Object::new();
        if self.take(b'}') {
            return Ok(object);
        }
        loop {
            self.spaces();
            let key = self.string()?;
            if object.contains_key(&key) {
                let step = key_step(&key);
                return Err(Fault::from(ReadErrorKind::DuplicateKey(key)).under(step));
            }
            self.need(b':', "`:`")?;
            let value = self.value(depth).map_err(|fault| fault.under(key_step(&key)))?;
            object.insert(key, value);
            if self.take(b'}') {
                return self.told_apart(object);
            }
            self.need(b',', "`,` or `}`")?;
        }
    }

    /// Fails where two keys are too much alike.
    fn told_apart(&self, object: Object) -> Result<Object, Fault> {
        if self.limits.keys == Keys::Exact || object.len() < 2 {
            return Ok(object);
        }
        let folded: Vec<_> = object.keys().map(|key| names::meant(key)).collect();
        if folded.iter().all(|key| matches!(key, Cow::Borrowed(_))) {
            return Ok(object);
        }
        let mut known = BTreeMap::new();
        for (key, folded) in object.keys().zip(&folded) {
            if let Some(other) = known.insert(folded, key) {
                let kind = ReadErrorKind::AlikeKeys(other.clone(), key.clone());
                return Err(Fault::from(kind).under(key_step(key)));
            }
        }
        Ok(object)
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Fault> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            let value =
                self.value(depth).map_err(|fault| fault.under(format!("[{}]", items.len())))?;
            items.push(value);
            if self.take(b']') {
                return Ok(items);
            }
            self.need(b',', "`,` or `]`")?;
        }
    }

    fn enter(&mut self, depth: usize) -> Result<(), Fault> {
        if depth > self.limits.depth {
            return Err(ReadErrorKind::TooDeep.into());
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<String, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a string"));
        }
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            out.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.expected("an escaped control character")),
                None => return Err(self.expected("the closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        match letter {
            Some(c @ (b'"' | b'\\' | b'/')) => Ok(char::from(c)),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode(),
            _ => {
                self.at -= 1;
                Err(self.expected("an escape"))
            }
        }
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.four_hex()?;
        let units = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            vec![first, self.four_hex()?]
        } else {
            vec![first]
        };
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => Ok(c),
            _ => Err(ReadErrorKind::LoneSurrogate(first).into()),
        }
    }

    fn four_hex(&mut self) -> Result<u16, Fault> {
        let digits = self.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|d| u16::from_str_radix(d, 16).ok());
        let unit = unit.ok_or_else(|| self.expected("four hex digits"))?;
        self.at += 4;
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        self.take_here(b'-');
        if !self.take_here(b'0') {
            self.digits()?;
        }
        if self.take_here(b'.') {
            self.digits()?;
        }
        if self.take_here(b'e') || self.take_here(b'E') {
            let _sign = self.take_here(b'+') || self.take_here(b'-');
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        number::exact(text)
            .map(Value::Number)
            .ok_or_else(|| ReadErrorKind::InexactNumber(text.chars().take(60).collect()).into())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            return Err(self.expected("a digit"));
        }
        self.at += count;
        Ok(())
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, Fault> {
        if !self.rest().starts_with(word) {
            return Err(self.expected(word));
        }
        self.at += word.len();
        Ok(value)
    }

    fn spaces(&mut self) {
        let spaces = self.rest().bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += spaces.count();
    }

    fn take(&mut self, byte: u8) -> bool {
        self.spaces();
        self.take_here(byte)
    }

    fn take_here(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn need(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> Fault {
        ReadErrorKind::Syntax { expected, at: self.at }.into()
    }
}
