//! Which parameters tell most: those that say how much, and those that say to whom. Known by the words of their
//! names; what else a name holds does not matter.

/// Words of names that say how much money it is.
const AMOUNTS: &[&str] = &[
    "amount", "total", "subtotal", "sum", "price", "cost", "fee", "tip", "charge", "payout",
    "deposit",
];

/// Words of names that say who is given or sent something.
const RECEIVERS: &[&str] = &[
    "cc",
    "bcc",
    "recipient",
    "receiver",
    "payee",
    "beneficiary",
    "account",
    "iban",
    "email",
    "destination",
];

/// Words of names that say whom or where else it is about.
const PLACES: &[&str] = &[
    "customer", "user", "host", "hostname", "domain", "url", "uri", "address", "endpoint",
    "webhook", "phone", "target",
];

/// Whether a parameter of this name says how much money it is.
pub fn is_amount(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, AMOUNTS))
}

/// Whether a parameter of this name says who is given or sent something.
pub fn is_receiver(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| is_one_of(word, RECEIVERS)) || words.last().is_some_and(|w| w == "to")
}

/// Whether a parameter of this name says to whom or where it goes.
pub fn is_target(name: &str) -> bool {
    is_receiver(name) || words(name).iter().any(|word| is_one_of(word, PLACES))
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    known.contains(&word) || word.strip_suffix('s').is_some_and(|one| known.contains(&one))
}

/// The words of a name, also of one that is written `totalAmount`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if begins {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_how_much_and_to_whom_are_known() {
        for name in ["amount", "total_amount", "unitPrice", "Costs", "fee-eur", "sum"] {
            assert!(is_amount(name), "{name}");
        }
        for name in ["to", "sendTo", "bcc", "recipients", "iban", "account_id"] {
            assert!(is_receiver(name) && is_target(name), "{name}");
        }
        for name in ["url", "host", "customer_id", "callbackUrl"] {
            assert!(is_target(name) && !is_receiver(name), "{name}");
        }
        for name in ["memo", "tomorrow", "to_date", "summary", "accountant", "stop", "totality"] {
            assert!(!is_amount(name) && !is_target(name), "{name}");
        }
    }
}
