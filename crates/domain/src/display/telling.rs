//! Which parameters tell most: those that say how much, and those that say to whom. Known by the words of their
//! names; what else a name holds does not matter.

use super::number::decimals;

/// Words of names that say how much money it is.
const AMOUNTS: &[&str] = &[
    "amount", "total", "subtotal", "sum", "price", "cost", "fee", "tip", "charge", "payout",
    "deposit",
];

/// Those of them that are never said of anything but money; there is a total of pages and a charge of a battery.
const MONEY: &[&str] = &["amount", "subtotal", "price", "payout", "fee"];

/// Words at the end of names that say that it is about something else: there is a total of pages, a centre of costs
/// and a type of fee.
const NO_MONEY: &[&str] = &[
    "page", "pages", "count", "item", "items", "result", "results", "row", "rows", "record",
    "records", "center", "centre", "code", "type", "kind", "id", "ids", "key", "name", "status",
    "method", "policy", "model", "size", "time", "seconds", "ms", "bytes",
];

/// Words of names that say what was before.
const FORMER: &[&str] = &["old", "previous", "prev", "former", "before", "original", "was", "last"];

/// Words of names that say that it is told in parts of a unit.
const PARTS: &[&str] = &["cent", "cents", "minor", "pence", "penny", "subunit", "subunits"];

/// Words after those that say in what an amount is told.
const TOLD_IN: &[&str] = &[
    "text",
    "string",
    "str",
    "value",
    "number",
    "cents",
    "minor",
    "major",
    "due",
    "net",
    "gross",
    "paid",
    "payable",
    "requested",
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
    "acct",
];

/// Words that say where something goes, once it is said what goes there.
const WHERE: &[&str] =
    &["url", "uri", "endpoint", "webhook", "callback", "host", "hostname", "domain"];

/// Words of names that hold what is sent.
const BODIES: &[&str] = &[
    "body",
    "payload",
    "data",
    "content",
    "message",
    "text",
    "html",
    "json",
    "form",
    "file",
    "attachment",
    "document",
    "subject",
];

/// Words at the end of names whose numbers only name something: nobody counts with them.
const NAMING: &[&str] = &[
    "id",
    "ids",
    "number",
    "no",
    "nr",
    "code",
    "account",
    "iban",
    "bic",
    "phone",
    "tel",
    "fax",
    "zip",
    "postcode",
    "order",
    "invoice",
    "ticket",
    "case",
    "reference",
    "ref",
    "serial",
    "sku",
    "ean",
    "isbn",
    "port",
    "pid",
    "year",
    "version",
    "key",
    "pin",
    "customer",
    "user",
    "card",
    "contract",
    "tenant",
    "recipient",
    "payee",
    "beneficiary",
    "receiver",
    "to",
];

/// Words of names that say whom or where else it is about.
const PLACES: &[&str] = &[
    "customer", "user", "host", "hostname", "domain", "url", "uri", "address", "endpoint",
    "webhook", "phone", "target",
];

/// Words that tell of a receiver where the rest of the name only says that it is hidden: `to_token`, `wallet_key`.
const BEHIND: &[&str] = &[
    "to", "dest", "wallet", "payto", "sendto", "addr", "bank", "bic", "swift", "routing", "vendor",
    "supplier", "merchant",
];

/// Words at the end of names that say when.
const MOMENTS: &[&str] =
    &["at", "time", "date", "timestamp", "ts", "until", "on", "seconds", "ms", "expires", "due"];

/// Whether a parameter of this name says how much money it is.
pub fn is_amount(name: &str) -> bool {
    let words = words(name);
    // Many a thing has a value; one that is called nothing else is worth what it says.
    let is_of_another = words.last().is_some_and(|word| NO_MONEY.contains(&word.as_str()));
    (!is_of_another && words.iter().any(|word| is_one_of(word, AMOUNTS)))
        || words == ["value"]
        || words == ["cents"]
}

/// Whether it says when.
pub(super) fn is_moment(name: &str) -> bool {
    words(name).last().is_some_and(|word| MOMENTS.contains(&word.as_str()))
}

/// Whether it says what was before, and not what would be: `old_price`.
pub(super) fn is_former(name: &str) -> bool {
    words(name).iter().any(|word| FORMER.contains(&word.as_str()))
}

/// Whether it is told in parts of its unit, as `amountInCents` is: the currency beside it is then not what is counted.
pub(super) fn is_in_parts(name: &str) -> bool {
    words(name).iter().any(|word| PARTS.contains(&word.as_str()))
}

/// Whether nothing but money is called so.
pub fn is_money(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, MONEY))
}

/// Whether what stands under this name is an amount, and not what an amount is about: `fee_text`, and not `fee_type`.
pub(super) fn states_amount(name: &str) -> bool {
    let words = words(name);
    let tells = |word: &String| {
        is_one_of(word, AMOUNTS) || TOLD_IN.contains(&word.as_str()) || decimals(word).is_some()
    };
    is_amount(name) && words.last().is_some_and(tells)
}

/// Whether a name is one word, and that in the singular.
pub(super) fn is_plain(name: &str) -> bool {
    matches!(words(name).as_slice(), [only] if AMOUNTS.contains(&only.as_str()))
}

/// Whether a name is in the plural, as that of a list is.
pub(super) fn is_plural(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, AMOUNTS) && !AMOUNTS.contains(&word.as_str()))
}

/// What could stand behind a value that is hidden, by any word on the way to it: hardly ever is a secret called so,
/// and a receiver that is to be overlooked may well be.
pub fn could_hide(paths: &[&str]) -> Option<&'static str> {
    let any = |known: &[&[&str]]| {
        let is = |word: &String| known.iter().any(|words| is_one_of(word, words));
        paths.iter().any(|path| words(path).iter().any(is))
    };
    match (any(&[RECEIVERS, PLACES, WHERE, BEHIND]), any(&[AMOUNTS])) {
        (true, true) => Some("a receiver or an amount"),
        (true, false) => Some("a receiver"),
        (false, true) => Some("an amount"),
        (false, false) => None,
    }
}

/// Whether a parameter of this name says who is given or sent something.
pub fn is_receiver(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| is_one_of(word, RECEIVERS)) || words.last().is_some_and(|w| w == "to")
}

/// Whether a parameter of this name says where something goes, where another says what: `url` beside `body`.
pub fn is_where_to(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, WHERE))
}

/// Whether a parameter of this name holds what is sent.
pub fn is_body(name: &str) -> bool {
    words(name).last().is_some_and(|word| is_one_of(word, BODIES))
}

/// Whether a number of this name only names something, as `account_id` does: its digits are no thousands.
pub fn is_naming(name: &str) -> bool {
    !is_amount(name) && words(name).last().is_some_and(|word| NAMING.contains(&word.as_str()))
}

/// Whether a parameter of this name says to whom or where it goes.
pub fn is_target(name: &str) -> bool {
    is_receiver(name) || words(name).iter().any(|word| is_one_of(word, PLACES))
}

/// Whether a name holds this word.
pub(super) fn has_word(name: &str, word: &str) -> bool {
    words(name).iter().any(|held| held == word)
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    known.contains(&word) || word.strip_suffix('s').is_some_and(|one| known.contains(&one))
}

/// The words of a name, also of one that is written `totalAmount`.
pub(super) fn words(name: &str) -> Vec<String> {
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
    fn what_could_hide_is_told_by_any_word_of_the_way_there() {
        for path in ["to_token", "dest_secret", "wallet.key", "iban-secret", "payee.0.pin"] {
            assert_eq!(could_hide(&[path]), Some("a receiver"), "{path}");
        }
        assert_eq!(could_hide(&["amount_secret"]), Some("an amount"));
        assert_eq!(could_hide(&["feeToken", "payToSecret"]), Some("a receiver or an amount"));
        for path in ["api_key", "session.token", "client_secret", "tokens", "accessKey"] {
            assert_eq!(could_hide(&[path]), None, "{path}");
        }
    }

    #[test]
    fn what_an_amount_is_about_is_no_amount() {
        for name in ["amount", "fee_text", "total_eur", "priceCents", "amounts"] {
            assert!(states_amount(name), "{name}");
        }
        for name in ["fee_type", "price_id", "cost_center", "charge_account", "total_pages"] {
            assert!(!states_amount(name), "{name}");
        }
        assert!(is_money("unitPrice") && !is_money("total") && !is_money("charge"));
        assert!(is_plain("amount") && !is_plain("amounts") && is_plural("amounts"));
        assert!(!is_plain("show_total"));
    }

    #[test]
    fn names_that_tell_how_much_and_to_whom_are_known() {
        for name in ["amount", "amount_text", "unitPrice", "Costs", "fee-eur", "sum", "value"] {
            assert!(is_amount(name), "{name}");
        }
        for name in ["to", "sendTo", "bcc", "recipients", "iban", "account_id"] {
            assert!(is_receiver(name) && is_target(name), "{name}");
        }
        for name in ["url", "host", "customer_id", "callbackUrl"] {
            assert!(is_target(name) && !is_receiver(name), "{name}");
        }
        for name in ["account_id", "orderId", "phone", "invoice_number", "to"] {
            assert!(is_naming(name), "{name}");
        }
        for name in ["amount", "invoice_total", "count", "order_count", "account_balance"] {
            assert!(!is_naming(name), "{name}");
        }
        assert!(is_where_to("callback_url") && !is_where_to("address") && is_body("html_body"));
        for name in [
            "default_value",
            "memo",
            "tomorrow",
            "to_date",
            "summary",
            "accountant",
            "stop",
            "totality",
        ] {
            assert!(!is_amount(name) && !is_target(name), "{name}");
        }
    }
}
