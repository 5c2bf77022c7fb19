//! Which passwords are taken: long ones that are not among the first that anyone tries (NIST SP 800-63B).

use crate::identity::Email;

/// The least and the most characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=1024;

/// Among those that are tried first and long enough; in lower case, without digits and signs at their end.
const COMMON: &[&str] = &[
    "abcdefghijkl",
    "abcdefghijklm",
    "administrator",
    "adminadminadmin",
    "changemechangeme",
    "changeme",
    "correcthorsebatterystaple",
    "countersign",
    "iloveyou",
    "iloveyouiloveyou",
    "letmeinletmein",
    "letmein",
    "mypassword",
    "passwordpassword",
    "password",
    "qwertyuiop",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "qwertyqwerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "1qaz2wsx3edc",
    "zaq12wsxcde3",
    "welcome",
    "superman",
    "trustno",
    "whatever",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "starwars",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwerty",
    "asdfghjkl",
    "asdfghjkl;'",
    "zxcvbnm",
    "secret",
    "supersecret",
    "supersecretpassword",
    "thisisapassword",
    "thisismypassword",
    "defaultpassword",
    "temporarypassword",
    "passphrase",
    "asdfasdfasdf",
    "abcabcabcabc",
    "abcd",
    "test",
    "testtesttest",
    "guest",
    "root",
    "rootroot",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("a password has at least 12 characters; several words are easy to remember")]
    TooShort,
    /// It is too long.
    #[error("a password has at most 1024 characters")]
    TooLong,
    /// Many have it.
    #[error("this is one of the first passwords that anyone tries; choose another")]
    Common,
    /// It is the person's address.
    #[error("a password that is the address itself is the first that anyone tries")]
    Address,
}

/// Whether a person may have this password. There is no rule about which characters it is made of.
pub fn check_password(password: &str, email: &Email) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < *LENGTH.start() {
        return Err(PasswordError::TooShort);
    }
    if length > *LENGTH.end() {
        return Err(PasswordError::TooLong);
    }
    let lower = password.to_lowercase();
    if lower == email.as_str() || email.as_str().split_once('@').is_some_and(|(n, _)| n == lower) {
        return Err(PasswordError::Address);
    }
    let bare = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let known = COMMON.iter().any(|common| *common == lower || *common == bare);
    let repeats = (1..=4).any(|unit| is_repeated(&lower, unit));
    if known || repeats || is_counting(&lower) { Err(PasswordError::Common) } else { Ok(()) }
}

/// Whether a text is its first few characters over and over.
fn is_repeated(text: &str, unit: usize) -> bool {
    text.chars().zip(text.chars().skip(unit)).all(|(a, b)| a == b)
}

/// Whether a text counts: `123456789012`, `987654321098`.
fn is_counting(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        [1, 9].into_iter().any(|step| {
            digits.iter().zip(digits.iter().skip(1)).all(|(a, b)| (a + step) % 10 == *b)
        })
    })
}
