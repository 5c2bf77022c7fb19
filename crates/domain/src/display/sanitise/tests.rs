use proptest::prelude::*;

use super::*;

#[test]
fn a_sign_that_stands_for_a_mark_of_an_address_is_shown() {
    let cases = [
        ("bank.com\u{2044}login", "bank.com\\u{2044}login"),
        ("see bank.com\u{2215}x now", "see bank.com\\u{2215}x now"),
        ("https\u{a789}//evil.example", "https\\u{a789}//evil.example"),
        ("bank\u{3002}com", "bank\\u{3002}com"),
        ("lee\u{ff20}evil.example", "lee\\u{ff20}evil.example"),
        ("pay\u{2010}pal.example", "pay\\u{2010}pal.example"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
        assert!(pieces(text).iter().any(Piece::deceives), "{text}");
    }
    for text in [
        "1\u{2044}2 cup",
        "90 km\u{2215}h",
        "你好\u{3002}世界",
        "\u{2212}5.00",
        "e\u{2011}mail",
        "网址\u{ff1a}https://a.example",
    ] {
        assert_eq!(sanitise(text), text);
    }
}

#[test]
fn what_hides_is_shown() {
    let cases = [
        ("pay\u{202e}0001", "pay\\u{202e}0001"),
        ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
        ("a\u{1b}[31mred", "a\\u{1b}[31mred"),
        ("two\nlines\r\n\ttab", "two\\u{a}lines\\u{d}\\u{a}\\u{9}tab"),
        ("x\u{2028}y\u{a0}z\u{3000}", "x\\u{2028}y\\u{a0}z\\u{3000}"),
        ("tag\u{e0041}", "tag\\u{e0041}"),
        ("private\u{e000} unassigned\u{378}", "private\\u{e000} unassigned\\u{378}"),
        ("\u{3164}\u{115f}\u{fe0f}", "\\u{3164}\\u{115f}\\u{fe0f}"),
        ("C:\\temp", "C:\\temp"),
        ("fake \\u{202e}", "fake \\\\u{202e}"),
        ("\\\\u", "\\\\\\\\u"),
        ("\\\u{200b}", "\\\\\\u{200b}"),
        ("e\u{301}", "e\u{301}"),
        ("a\u{300}\u{301}\u{302}\u{303}", "a\u{300}\u{301}\u{302}\\u{303}"),
        ("\u{661}0 \u{ff12} \u{1d7d9}", "\\u{661=1}0 \\u{ff12=2} \\u{1d7d9}"),
        ("Grüße, 世界, مرحبا 👍", "Grüße, 世界, مرحبا 👍"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
    }
}

#[test]
fn what_joins_as_writing_needs_it_is_shown_and_raises_no_alarm() {
    let deceives = |text: &str| pieces(text).iter().any(Piece::deceives);
    for (text, shown) in [
        ("می\u{200c}خواهم", "می\\u{200c}خواهم"),
        ("کتاب\u{200c}ها", "کتاب\\u{200c}ها"),
        ("क्\u{200d}ष", "क्\\u{200d}ष"),
        ("क्\u{200c}ष", "क्\\u{200c}ष"),
        ("ශ්\u{200d}රී", "ශ්\\u{200d}රී"),
        ("👩\u{200d}💻", "👩\\u{200d}💻"),
        ("👩🏽\u{200d}💻", "👩🏽\\u{200d}💻"),
        ("❤\u{fe0f}\u{200d}🔥", "❤\\u{fe0f}\\u{200d}🔥"),
        ("✈\u{fe0f} at 9", "✈\\u{fe0f} at 9"),
        ("1\u{fe0f}\u{20e3}", "1\\u{fe0f}\\u{20e3}"),
        ("श्री\u{200d}मान", "श्री\\u{200d}मान"),
        (
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "🏴\\u{e0067}\\u{e0062}\\u{e0065}\\u{e006e}\\u{e0067}\\u{e007f}",
        ),
    ] {
        assert_eq!(sanitise(text), shown);
        assert!(!deceives(text), "{text}");
    }
    for text in [
        "pay\u{200c}pal",
        "pay\u{200d}pal",
        "می\u{200c}\u{200c}خواهم",
        "دار\u{200c}ها",
        "می\u{200c} x",
        "می\u{200c}x",
        "\u{200c}می",
        "می\u{200d}خواهم",
        "क\u{200d}ष",
        "क्\u{200c}x",
        "x्\u{200d}ष",
        "👩\u{200d}x",
        "x\u{200d}💻",
        "👩\u{200d}\u{200d}💻",
        "👩\u{200c}💻",
        "1\u{fe0f}",
        "a\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
        "🏴\u{e0067}\u{e007f}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e0041}\u{e007f}",
        "🏴\u{e0075}\u{e0073}\u{e0074}\u{e0078}\u{e007f}",
        "x\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "1\u{20e3}",
        "x\u{fe0f}\u{20e3}",
        "1\u{fe0f}0",
        "श्री\u{200d}x",
        "xी\u{200d}मान",
        "श्री\u{200d}\u{200d}मान",
        "श्री\u{200d}०",
    ] {
        assert!(deceives(text), "{}", sanitise(text));
    }
}

#[test]
fn letters_that_look_like_others_are_shown() {
    let cases = [
        ("p\u{430}ypal", "p\\u{430}ypal"),
        ("ap\u{440}.example.com", "ap\\u{440}.example.com"),
        ("\u{440}\u{430}\u{443}.com", "\\u{440}\\u{430}\\u{443}.com"),
        ("\u{3bf}\u{435}", "\\u{3bf}\\u{435}"),
        ("\u{430}\u{440}\u{440}\u{4cf}\u{435} inc", "\\u{430}\\u{440}\\u{440}\\u{4cf}\\u{435} inc"),
        ("\u{3a1}\u{391}\u{3a5}", "\\u{3a1}\\u{391}\\u{3a5}"),
        ("ＰＡＹ Ⅽ ①", "\\u{ff30}\\u{ff21}\\u{ff39} \\u{216d} \\u{2460}"),
        ("ухо и нос", "ухо и нос"),
        ("Срок: 5 дней, сумма", "Срок: 5 дней, сумма"),
        ("α = 3", "α = 3"),
        ("\u{1d5c9}ay", "\\u{1d5c9}ay"),
        ("ｐay", "\\u{ff50}ay"),
        ("SMS-сообщение для Anna и Ивана", "SMS-сообщение для Anna и Ивана"),
        ("Ελληνικά και English", "Ελληνικά και English"),
        ("東京 カタカナ mix 한국어", "東京 カタカナ mix 한국어"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
    }
}

#[test]
fn padding_is_folded_with_its_length() {
    let spaces = " ".repeat(4000);
    assert_eq!(sanitise(&format!("safe{spaces}rm -rf")), "safe\\u{20*4000}rm -rf");
    assert_eq!(sanitise(&"\n".repeat(40)), "\\u{a*40}");
    assert_eq!(sanitise(&" ".repeat(16)), " ".repeat(16));
    assert_eq!(sanitise("\\u{20*4000}"), "\\\\u{20*4000}");
}

#[test]
fn blanks_that_are_overseen_are_parts_of_their_own() {
    let plain = |text: &str| Piece::Plain(text.to_owned());
    assert_eq!(
        pieces(" a b  c "),
        [Piece::Blanks(1), plain("a b"), Piece::Blanks(2), plain("c"), Piece::Blanks(1)]
    );
    assert_eq!(sanitise(" a b  c "), " a b  c ");
}

#[test]
fn what_is_read_from_right_to_left_is_known() {
    assert!(holds_right_to_left("pay שלום 45") && holds_right_to_left("مرحبا"));
    assert!(!holds_right_to_left("pay 45 é 世"));
}

#[test]
fn punycode_says_what_it_stands_for() {
    let cases = [
        ("https://xn--pypal-4ve.com/x", "https://xn--pypal-4ve.com\\u{= p\\u{430}ypal.com}/x"),
        ("XN--MNCHEN-3YA", "XN--MNCHEN-3YA\\u{= M\\u{fc}NCHEN}"),
        ("bob@xn--pypal-4ve.com", "bob@xn--pypal-4ve.com\\u{= bob@p\\u{430}ypal.com}"),
        ("xn--", "xn--"),
        ("xn--99999999999", "xn--99999999999\\u{= no name at all}"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitise(text), shown);
    }
}

proptest! {
    #[test]
    fn different_texts_look_different(
        a in "[\\\\u{}ab0-9*аx\\-= \u{200b}]{0,40}",
        b in "[\\\\u{}ab0-9*аx\\-= \u{200b}]{0,40}",
    ) {
        prop_assert_eq!(a == b, sanitise(&a) == sanitise(&b));
    }

    #[test]
    fn the_short_way_gives_the_same(text in "[ -~]{0,60}") {
        let whole: String = pieces(&text).iter().map(ToString::to_string).collect();
        prop_assert_eq!(sanitise(&text), whole);
    }

    #[test]
    fn nothing_hidden_is_left(text in "\\PC{0,30}|[\u{0}-\u{2ff}\u{400}-\u{4ff}\u{2000}-\u{2fff}]{0,30}") {
        prop_assert!(!sanitise(&text).chars().any(hides));
    }
}
