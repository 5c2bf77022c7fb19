use proptest::prelude::*;

use super::super::{pieces, said, sanitise};
use super::*;

#[test]
fn the_host_is_the_one_that_a_browser_opens() {
    let cases = [
        ("https://bank.com/x", "https://bank.com/x"),
        ("HTTPS://Bank.COM:8443/x", "HTTPS://Bank.COM:8443/x"),
        ("https://bank.com\\@evil.example/", "https://bank.com\\@evil.example/"),
        (
            "pay https://paypal.com@evil.example now",
            "pay https://paypal.com@\\u{= no host}evil.example now",
        ),
        ("https:\\\\evil.example\\x", "https:\\\\evil.example\\x"),
        ("khttps://evil.example\\@bank.com", "khttps://evil.example\\@bank.com"),
        ("https:a@evil.example", "https:a@\\u{= no host}evil.example"),
        (
            "https://bank.com%2eevil.example/",
            "https://bank.com%2eevil.example\\u{= opens bank.com.evil.example}/",
        ),
        (
            "https://bank.com%2fevil.example/",
            "https://bank.com%2fevil.example\\u{= opens nothing}/",
        ),
        (
            "https://bank.com\u{ff0f}evil.example",
            "https://bank.com\\u{ff0f}evil.example\\u{= opens nothing}",
        ),
        (
            "https://bank.com\u{ff0f}@evil.example",
            "https://bank.com\\u{ff0f}@\\u{= no host}evil.example",
        ),
        ("https://bank\u{ff0e}com", "https://bank\\u{ff0e}com\\u{= opens bank.com}"),
        ("https://2130706433/", "https://2130706433\\u{= opens 127.0.0.1}/"),
        ("https://[::1]:80/", "https://[::1]:80/"),
        ("postgres://app:pw@db.internal/x", "postgres://app:pw@\\u{= no host}db.internal/x"),
        (
            "https://bank.com\n.evil.example",
            "https://bank.com\\u{a}.evil.example\\u{= opens bank.com.evil.example}",
        ),
        ("https://bank.com @evil.example", "https://bank.com @\\u{= no host}evil.example"),
        ("https://bank\u{200b}.com", "https://bank\\u{200b}.com\\u{= opens bank.com}"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
    }
}

#[test]
fn the_words_of_a_link_are_told_from_where_it_leads() {
    let cases = [
        (
            "[https://bank.com](https://evil.example)",
            "[https://bank.com\\u{= only words}](https://evil.example)",
        ),
        (
            "see [at https://bank.com/a now](https://evil.example/x) ok",
            "see [at https://bank.com\\u{= only words}/a now](https://evil.example/x) ok",
        ),
        (
            "<https://evil.example|https://bank.com>",
            "<https://evil.example|https://bank.com\\u{= only words}>",
        ),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
    }
    assert_eq!(hosts("[https://bank.com](https://evil.example)"), ["evil.example"]);
    assert_eq!(hosts("khttps://evil.example\\@bank.com"), ["evil.example"]);
    assert!(hosts("https://bank.com\\u{= only words}").is_empty());
}

#[test]
fn addresses_in_prose_and_data_are_found_and_nothing_is_added_to_them() {
    for text in [
        "See https://a.example, https://b.example/x. (https://c.example) \"https://d.example\"",
        "https://a.example,https://b.example",
        "{\"url\":\"https://a.example\",\"to\":\"lee@example.com\"}",
        "https://a.example/?next=https://b.example",
        "a: b, 12:30, C:\\temp, k8s:delete:namespace, mailto:a@b.example, file:///etc/passwd",
        "https:443 and http: nothing",
    ] {
        assert_eq!(sanitise(text), text);
    }
    assert_eq!(hosts("https://a.example,https://b.example/"), ["a.example", "b.example"]);
    assert_eq!(hosts("https://a.example/?next=https://b.example"), ["a.example"]);
}

#[test]
fn a_host_in_disguise_and_a_lone_address_are_known() {
    let disguised = |text| disguised_host(text).unwrap_or_default();
    assert_eq!(disguised("go to https://bank.com@evil.example/"), "evil.example");
    assert_eq!(disguised("https://evil%2eexample"), "evil.example");
    assert_eq!(disguised("https://bank.com"), "");
    for text in [
        "https://bank.com:x@evil.example",
        "https://bank@evil.example",
        "postgres://bank.com@evil.example/x",
        "postgres://bank.com:[REDACTED]@evil.example/x",
    ] {
        assert_eq!(disguised(text), "evil.example", "{text}");
    }
    assert_eq!(disguised("https://p\u{430}ypal.com"), "xn--pypal-4ve.com");
    assert_eq!(disguised("https://pa\u{131}pal.com"), "xn--papal-o4a.com");
    for text in [
        "https://münchen.de/rathaus",
        "https://www.żubr.example",
        "postgres://bob:[REDACTED]@db.internal/x",
        "postgres://bob@db.internal/x",
        "ssh://git@git.example/x",
        "https://x:[REDACTED]@git.example/x",
        "https://[REDACTED]:[REDACTED]@git.example/x",
    ] {
        assert_eq!(disguised(text), "", "{text}");
    }
    assert_eq!(hosts("https://münchen.de/"), ["xn--mnchen-3ya.de"]);
    assert!(is_address("https://bank.com/x") && is_address("postgres://db/x"));
    assert!(!is_address("[https://bank.com](https://evil.example)"));
    assert!(!is_address("see https://bank.com") && !is_address("bank.com"));
}

#[test]
fn what_stands_before_the_host_cannot_end_our_quotation() {
    assert_eq!(
        said("https://bank\u{201d}@evil.example"),
        "“https://bank\\u{201d}@\\u{= no host}evil.example”"
    );
}

proptest! {
    #[test]
    fn different_addresses_look_different(
        a in "https?:[/\\\\@a-c.:%2\\[\\]()\u{ff0e} \n|<>\"]{0,24}",
        b in "https?:[/\\\\@a-c.:%2\\[\\]()\u{ff0e} \n|<>\"]{0,24}",
    ) {
        prop_assert_eq!(a == b, sanitise(&a) == sanitise(&b));
    }

    #[test]
    fn a_whole_address_opens_what_the_rules_of_the_web_say(
        text in "https?:/{0,2}[a-c@.:\\\\%2e]{1,16}(/[a-c@]{0,4})?",
    ) {
        // The dots of an ellipsis belong to the sentence.
        let text = text.replace("..", ".");
        let opened = Url::parse(&text).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let (Some(opened), [found, ..]) = (opened, hosts(&text).as_slice()) {
            prop_assert_eq!(opened.trim_end_matches('.'), found.trim_end_matches('.'));
        }
    }

    #[test]
    fn nothing_of_a_text_is_lost(text in "\\PC{0,40}|https://\\PC{0,20}@\\PC{0,20}") {
        prop_assert!(pieces(&text).iter().all(|piece| !piece.to_string().is_empty()));
        let _ = said(&text);
    }
}
