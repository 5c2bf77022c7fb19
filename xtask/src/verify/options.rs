//! What was typed after `verify`.

use anyhow::{Result, bail};

use super::steps;

/// What to verify, and how strictly.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// A skipped step counts as failed.
    pub(super) strict: bool,
    /// Only these steps; all if empty.
    only: Vec<String>,
}

impl Options {
    /// Reads the words; an error says what can be typed.
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--strict" => options.strict = true,
                "--only" => options.only.push(known(words.next())?),
                other => match other.strip_prefix("--only=") {
                    Some(step) => options.only.push(known(Some(step))?),
                    None => bail!("`verify` does not know `{other}`"),
                },
            }
        }
        Ok(options)
    }

    /// Whether this step is to be run.
    pub(super) fn wants(&self, step: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == step)
    }
}

/// A step's name, also when it is written with spaces.
fn known(word: Option<impl AsRef<str>>) -> Result<String> {
    let names: Vec<&str> = steps::all().iter().map(|step| step.name()).collect();
    let wanted = word.map(|word| word.as_ref().trim().replace(' ', "-")).unwrap_or_default();
    if names.contains(&wanted.as_str()) {
        return Ok(wanted);
    }
    bail!("`--only` takes one of {}, not `{wanted}`", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &[&str]) -> Result<Options> {
        Options::parse(&line.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn steps_are_named_with_dashes_or_spaces() {
        for line in [["--only", "rust-tests"], ["--only", "rust tests"]] {
            let options = parsed(&line).unwrap();
            assert_eq!((options.wants("rust-tests"), options.wants("clippy")), (true, false));
        }
        assert!(parsed(&["--strict"]).unwrap().wants("clippy"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in [&["--only"][..], &["--only", "tests"], &["--fast"]] {
            assert!(parsed(line).is_err(), "{line:?}");
        }
    }
}
