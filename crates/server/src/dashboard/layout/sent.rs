//! A form that was sent and refused: what was written in it stays, and what is wrong stands beside it.
//!
//! A new form gets this in four steps.
//!
//! 1. Its handler reads the fields through a [`Wrong`], which gathers what is wrong with all of them.
//! 2. Where it fails, it shows the page of the form once more, with [`Sent::refused`] in it (under a name for the
//!    form that no other form of the page has) and with [`Sent::status`].
//! 3. The template takes its part of that, says what is wrong, and writes each field so that it keeps what was
//!    written (`version` is a field, `agent.version` what stands there otherwise):
//!
//!    ```html
//!    {% let form = sent.at("agent") %}<details{% if form.is_open() %} open{% endif %}>…{{ form.summary("name version") }}
//!    <input id="version" name="version" value="{{ form.text("version", agent.version) }}"{{ form.marks("version") }}>{{ form.says("version") }}
//!    ```
//!
//! 4. It gets a line in the table of `tests/dashboard/admin/refused.rs`.
//!
//! Secrets are never written into a page again: see [`SECRETS`].

use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use countersign_wire::Code;

use super::{Form, Phrase, coded};
use crate::app::Error;
use crate::dashboard::page;

/// Fields that are forgotten as soon as they were read, whatever a template asks for.
const SECRETS: [&str; 6] = ["csrf", "password", "current", "code", "ticket", "credential"];

/// Everything that is wrong with a form, in the order of its fields.
#[derive(Debug, Default)]
pub(crate) struct Wrong(Vec<Error>);

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl Wrong {
    /// What was read; or nothing, and why is remembered. Whoever builds something of all the fields does it with
    /// `?` on these, and ends with this if one is missing.
    pub(crate) fn take<T>(&mut self, read: Result<T, Error>) -> Option<T> {
        read.map_err(|error| self.0.push(error)).ok()
    }

    /// The same, with another name for a field: the form calls it otherwise than the use case does.
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        for error in &mut self.0 {
            if error.path.as_deref().map(field) == Some(from) {
                error.path = Some(to.to_owned());
            }
        }
        self
    }
}

/// What was sent, if it was refused; by itself nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sent(Option<Refused>);

/// A form that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused {
    /// Which form of its page.
    place: String,
    form: Form,
    /// What is wrong: the field (none, if it is about no field) and a sentence.
    wrong: Vec<(String, Phrase)>,
    status: StatusCode,
}

impl Sent {
    /// A form that was refused, for its page.
    ///
    /// # Errors
    ///
    /// What its sender can do nothing about by writing something else.
    pub(crate) fn refused(
        place: impl Into<String>,
        form: &Form,
        Wrong(errors): Wrong,
    ) -> Result<Self, Error> {
        if let Some(error) = errors.iter().find(|error| !is_mendable(error)) {
            return Err(error.clone());
        }
        let status = errors.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, page::status);
        let said = |error: &Error| {
            let name = error.path.as_deref().map(field).unwrap_or_default();
            (name.to_owned(), coded(&error.detail))
        };
        let (place, form) = (place.into(), form.without(&SECRETS));
        Ok(Self(Some(Refused { place, form, wrong: errors.iter().map(said).collect(), status })))
    }

    /// The status of the page that shows it.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.as_ref().map_or(StatusCode::OK, |refused| refused.status)
    }

    /// What of it belongs to one form of the page.
    pub(crate) fn at(&self, place: &str) -> Part<'_> {
        Part(self.0.as_ref().filter(|refused| refused.place == place))
    }

    /// The same of one of several alike, such as those of the rows of a table.
    pub(crate) fn of(&self, place: &str, which: &str) -> Part<'_> {
        self.at(&format!("{place}:{which}"))
    }
}

impl Sent {
    /// What belongs to any of several alike, if it is one of them.
    pub(crate) fn below(&self, place: &str) -> Option<Part<'_>> {
        let refused = self.0.as_ref()?;
        refused.place.strip_prefix(place)?.starts_with(':').then_some(Part(Some(refused)))
    }
}

/// The last name of a path such as `$.groups[0]`.
fn field(path: &str) -> &str {
    let path = path.strip_prefix("$.").unwrap_or(path);
    path.split(['[', '.']).next().unwrap_or_default().trim_start_matches('$')
}

/// Whether the sender can mend it, or try it again, at the form. What is not theirs to do, and what is about
/// something that is gone from the page as well, is a page of its own.
fn is_mendable(error: &Error) -> bool {
    let gone = matches!(error.code, Code::NotFound | Code::AgentNotFound) && error.path.is_none();
    let not_theirs = matches!(
        error.code,
        Code::Forbidden | Code::PeopleOnly | Code::Unauthenticated | Code::Internal
    );
    !gone && !not_theirs
}

/// What a form of a page shows: what was written in it, if it is the one that was refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a>(Option<&'a Refused>);

impl<'a> Part<'a> {
    /// Whether it was refused, and has to be seen.
    pub(crate) const fn is_open(self) -> bool {
        self.0.is_some()
    }

    /// What stands in a field: what was written, or what stands there otherwise.
    pub(crate) fn text<'b>(self, name: &str, otherwise: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.0.map_or(otherwise, |refused| refused.form.all(name).next().unwrap_or_default())
    }

    /// Whether something is chosen in a field.
    pub(crate) fn is(self, name: &str, value: &str, otherwise: &str) -> bool {
        self.text(name, otherwise) == value
    }

    /// Whether a box of several is ticked.
    pub(crate) fn holds(self, name: &str, value: &str, otherwise: bool) -> bool {
        self.0.map_or(otherwise, |refused| refused.form.all(name).any(|text| text == value))
    }

    /// The attributes of a field: that it is wrong, where that is said, and that one begins there.
    pub(crate) fn marks(self, name: &str) -> Marks<'_> {
        let mut wrong = self.wrong().filter(|(field, _)| !field.is_empty());
        let first = wrong.next().map(|(field, _)| field.as_str());
        let is_first = first == Some(name);
        Marks { name, is_wrong: is_first || wrong.any(|(field, _)| field == name), is_first }
    }

    /// What is wrong with a field; for below it.
    pub(crate) fn says<'b>(self, name: &'b str) -> Says<'b>
    where
        'a: 'b,
    {
        let text = self.wrong().find(|(field, _)| field == name).map(|(_, text)| text);
        Says { name, text }
    }

    /// What is wrong and stands at none of these fields, and how much is wrong where it is more than one thing; for
    /// the head of the form. The names stand apart by blanks.
    pub(crate) fn summary(self, fields: &str) -> Summary<'a> {
        let known = |name: &str| fields.split(' ').any(|field| field == name);
        let (here, beside): (Vec<_>, Vec<_>) = self.wrong().partition(|(name, _)| !known(name));
        Summary { here: here.into_iter().map(|(_, text)| text).collect(), beside }
    }

    fn wrong(self) -> impl Iterator<Item = &'a (String, Phrase)> + use<'a> {
        self.0.into_iter().flat_map(|refused| &refused.wrong)
    }
}

/// Attributes that say that a field is wrong.
#[derive(Debug, Template)]
#[template(
    source = r#"{% if is_wrong %} aria-invalid="true" aria-describedby="wrong-{{ name }}"{% if is_first %} autofocus{% endif %}{% endif %}"#,
    ext = "html"
)]
pub(crate) struct Marks<'a> {
    name: &'a str,
    is_wrong: bool,
    is_first: bool,
}

impl HtmlSafe for Marks<'_> {}

/// What is wrong with a field.
#[derive(Debug, Template)]
#[template(
    source = r#"{% if let Some(text) = text %}<span class="error" id="wrong-{{ name }}">{{ text }}</span>{% endif %}"#,
    ext = "html"
)]
pub(crate) struct Says<'a> {
    name: &'a str,
    text: Option<&'a Phrase>,
}

impl HtmlSafe for Says<'_> {}

/// What is wrong with a form, at its head.
#[derive(Debug, Template)]
#[template(path = "parts/refused.html")]
pub(crate) struct Summary<'a> {
    here: Vec<&'a Phrase>,
    beside: Vec<&'a (String, Phrase)>,
}

impl HtmlSafe for Summary<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(wrong: Wrong) -> Sent {
        let form = Form::of(b"name=a+b&version=&groups=x&groups=y&password=hunter2&code=123");
        Sent::refused("agent", &form, wrong).unwrap()
    }

    #[test]
    fn a_field_keeps_what_was_written_and_says_what_is_wrong_with_it() {
        let sent = refused(Error::invalid("$.name", "`a b` is no <name>").into());
        let (here, other) = (sent.at("agent"), sent.at("other"));
        assert_eq!((here.text("name", "x"), here.text("version", "1")), ("a b", ""));
        assert_eq!((other.text("name", "x"), other.is_open()), ("x", false));
        assert!(here.holds("groups", "y", false) && !here.holds("groups", "z", true));
        let says = here.says("name").render().unwrap();
        insta::assert_snapshot!(says, @r#"<span class="error" id="wrong-name"><code>a b</code> is no &#60;name&#62;</span>"#);
        insta::assert_snapshot!(here.marks("name").render().unwrap(), @r#" aria-invalid="true" aria-describedby="wrong-name" autofocus"#);
        assert_eq!(here.marks("version").render().unwrap() + &here.summary("name").to_string(), "");
        assert_eq!(other.marks("name").render().unwrap() + &other.says("name").to_string(), "");
    }

    #[test]
    fn what_is_wrong_with_no_field_and_how_much_is_wrong_stands_at_the_head() {
        let mut wrong = Wrong::default();
        assert_eq!(wrong.take(Ok(1)), Some(1));
        for path in ["from", "until"] {
            assert_eq!(wrong.take(Err::<(), _>(Error::invalid(path, "no day"))), None);
        }
        let sent = refused(wrong);
        let head = sent.at("agent").summary("from until").render().unwrap();
        assert!(head.contains("2 fields") && head.contains("href=\"#wrong-until\""), "{head}");
        assert!(!sent.at("agent").marks("until").to_string().contains("autofocus"));
        let sent = refused(Error::new(Code::Conflict, "someone was faster").into());
        let head = sent.at("agent").summary("name").render().unwrap();
        assert!(head.contains("Someone was faster"), "{head}");
        assert_eq!(sent.status(), StatusCode::CONFLICT);
    }

    #[test]
    fn secrets_are_forgotten_and_what_nobody_can_mend_is_an_error() {
        let sent = refused(Error::invalid("password", "too short").into());
        assert!(!format!("{sent:?}").contains("hunter2") && !format!("{sent:?}").contains("123"));
        for error in [Error::new(Code::Forbidden, "no"), Error::not_found("person", "x")] {
            assert!(Sent::refused("agent", &Form::default(), error.into()).is_err());
        }
        let wrong = Wrong::from(Error::invalid("members", "nobody")).renamed("members", "come");
        assert!(refused(wrong).at("agent").says("come").to_string().contains("Nobody"));
    }
}
