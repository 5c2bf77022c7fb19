//! What is read, what is refused, and where.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn files(text: &str) -> [SourceFile; 1] {
    [SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() }]
}

/// Every problem as `line:column path: message (suggestion)`.
fn told(text: &str) -> Vec<String> {
    let problems = read(&files(text)).problems;
    let line = |p: &Problem| {
        let place = p.place.map(|place| format!("{}:{}", place.line, place.column));
        let suggestion = p.suggestion.as_ref().map(|s| format!(" ({s})"));
        format!(
            "{} {}: {}{}",
            place.unwrap_or_default(),
            p.path,
            p.message,
            suggestion.unwrap_or_default()
        )
    };
    problems.iter().map(line).collect()
}

const EXAMPLE: &str = "\
# yaml-language-server: $schema=policy.json
---
kind: Agent
name: support-bot
version: 1.4.0
owner: ana@example.com
trust: standard                 # untrusted | standard | trusted
manifest:
  actions: [\"stripe.refund.*\", \"crm.read.**\"]
  amount: {param: amount, cap: 5000, escalate_above: 200}
  hours: {days: mon-fri, from: \"08:00\", to: \"20:00\", timezone: Europe/Berlin}
  rate: {per_hour: 100}
---
kind: Policy
name: refunds
default: escalate
rules:
  - name: large
    actions: [stripe.refund.*]
    when: params.amount > 200
    verdict: escalate
    reason_code: AMOUNT_THRESHOLD
    risk: high
    approval:
      stages: [{name: finance, groups: [finance], need: 1}]
      expires_in: 4h
      on_timeout: {escalate: [{after: 2h, groups: [managers]}]}
--- # the budget
kind: Budget
name: support-daily
unit: usd
limit: 0.10
window: day
escalate_at: 90%
";

#[test]
fn documents_of_a_file_are_read_with_the_text_they_were_written_as() {
    let reading = read(&files(EXAMPLE));
    assert_eq!(reading.problems, []);
    let names: Vec<_> =
        reading.documents.iter().map(|d| (d.document.kind().as_str(), d.document.name())).collect();
    assert_eq!(
        names,
        [("Agent", "support-bot"), ("Policy", "refunds"), ("Budget", "support-daily")]
    );
    let [agent, policy, budget] = reading.documents.as_slice() else { panic!() };
    assert!(agent.source.starts_with("# yaml-language-server: $schema=policy.json\nkind: Agent\n"));
    assert!(agent.source.contains("# untrusted | standard | trusted\n"));
    assert!(budget.source.starts_with("# the budget\nkind: Budget\n"), "{}", budget.source);
    let Document::Budget(read) = &budget.document else { panic!() };
    assert_eq!(read.limit.to_string(), "0.1");
    assert_eq!(policy.place("rules[0].when"), Place { line: 20, column: 11 });
    let eighth = Place { line: 1, column: 8 };
    assert_eq!(policy.place_in("rules[0].when", eighth), Place { line: 20, column: 18 });
    assert_eq!(policy.place("rules[0].approval.stages[0].need"), Place { line: 25, column: 57 });
    assert_eq!(policy.place("nothing.there"), Place { line: 14, column: 1 });
    // What is kept reads as the same again.
    for written in &reading.documents {
        let again = super::read(&files(&written.source));
        assert_eq!(
            (again.documents[0].document.clone(), again.problems),
            (written.document.clone(), vec![])
        );
        let kept = serde_json::to_string(&written.document).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&kept).unwrap(), written.document);
    }
}

#[test]
fn every_mistake_of_every_document_is_told_with_its_place() {
    let text = "\
kind: Policy
nam: refunds
rules:
  - name: a
    verdict: alow
    actons: [x]
    approval: {expires_in: soon, stages: [{name: s, need: -1}]}
  - name: 7
    verdict: deny
    when: [1]
---
kind: Polcy
---
name: x
---
- 1
---
kind: Group
name: g
members: [ana, ben@example.com]
---
kind: Budget
name: b
limit: many
unit: eur
window: day
";
    insta::assert_snapshot!(told(text).join("\n"), @r#"
    2:1 nam: the key `nam` is not known (name)
    5:14 rules[0].verdict: `alow` is not known; it can be `allow`, `escalate`, `deny` (allow)
    6:5 rules[0].actons: the key `actons` is not known (actions)
    7:28 rules[0].approval.expires_in: `soon` is not a length of time: write `4h`, `90m`, `2d` or ISO 8601 such as `PT4H`
    7:59 rules[0].approval.stages[0].need: expected a whole number, 0 or more, found the number -1
    8:11 rules[1].name: expected a text, found the number 7 ("7")
    10:11 rules[1].when: expected a text, found a list
    12:7 kind: `Polcy` is not a kind; kinds are Agent, Policy, Budget, Grant, Tool, Group, Defaults, PolicyTest (Policy)
    14:1 : `kind` is missing; it can be Agent, Policy, Budget, Grant, Tool, Group, Defaults, PolicyTest
    16:1 : a document has keys and values, the first `kind`
    20:11 members[0]: `ana` is not an e-mail address: it should look like `ana@example.com`, in ASCII
    24:8 limit: `many` is not an amount: write `30` or `"30.00"`
    25:7 unit: `eur` is not known; it can be `actions`, `usd`, `tokens`
    "#);
}

#[test]
fn conditions_are_looked_at_also_where_a_document_has_other_mistakes() {
    let text = "\
kind: Policy
name: p
rules:
  - name: a
    when: params.amount >
    verdict: alow
  - name: b
    when: parms.amount > 5
    verdict: deny
---
kind: Grant
nam: g
when: cost.usd
";
    insta::assert_snapshot!(told(text).join("\n"), @r"
    6:14 rules[0].verdict: `alow` is not known; it can be `allow`, `escalate`, `deny` (allow)
    5:26 rules[0].when: Syntax error: mismatched input '<EOF>'
    8:11 rules[1].when: `parms` is not known; did you mean `params`?
    12:1 nam: the key `nam` is not known (name)
    13:7 when: it gives a number where yes or no is needed: compare it with something
    ");
}

/// However a condition is written, the place is that of the character in the file.
#[test]
fn a_place_within_a_text_of_several_lines_is_that_of_the_character() {
    let rule = |when: &str| {
        format!("kind: Policy\nname: p\nrules:\n  - name: a\n    when: {when}\n    verdict: deny\n")
    };
    let cases = [
        ("params.a @ 1", (1, 10), (5, 20)),
        ("'params.a @ 1'", (1, 10), (5, 21)),
        ("|\n      params.a > 1\n      && params.b @ 1", (2, 13), (7, 19)),
        ("|\n      params.a > 1\n\n        && params.b @ 1", (3, 15), (8, 21)),
        ("|-\n      params.a\t@ 1", (1, 10), (6, 16)),
        (">\n      params.a > 1\n      && params.b @ 1", (1, 26), (7, 19)),
        (">-\n      params.a > 1\n\n      && params.b @ 1", (2, 13), (8, 19)),
        ("params.a > 1\n      && params.b @ 1", (1, 26), (6, 19)),
        ("params.a @ 1 # why", (1, 10), (5, 20)),
    ];
    for (when, (line, column), (in_file, at)) in cases {
        let reading = read(&files(&rule(when)));
        assert_eq!(reading.problems, [], "{when}");
        let place = reading.documents[0].place_in("rules[0].when", Place { line, column });
        assert_eq!(place, Place { line: in_file, column: at }, "{when}");
    }
}

#[test]
fn what_readers_disagree_on_is_refused() {
    let member = |value: &str| format!("kind: Group\nname: g\nmembers: {value}\n");
    let cases = [
        (
            "kind: Group\nname: a\nname: b\nmembers: []\n",
            "3:1 name: the key `name` stands twice: remove one",
        ),
        (
            &member("&x [a]"),
            "3:10 members: anchors (`&name`) are not read: write the value out where it is used",
        ),
        (&member("*x"), "not YAML"),
        (&member("!!set []"), "3:10 members: tags (`!name`) are not read: remove it"),
        (
            "kind: Group\n<<: {name: x}\n",
            "2:1 : merge keys (`<<`) are not read: write the values out",
        ),
        ("kind: Group\n? [a]\n: b\n", "a key has to be a text"),
        ("kind: Group\n1: b\n", "2:1 : a key has to be a text: put it in quotes"),
        (
            "kind: Group\nname: g\nmembers: []\n...\nkind: Group\n",
            "a further document has to begin with a line `---`",
        ),
        ("%YAML 1.1\n---\nkind: Defaults\n", "1:1 : directives are not read: remove the line"),
        (
            "kind: Group\nname: \u{1b}[31m\n",
            "2:7 : a control character, which cannot be seen: remove it",
        ),
        (
            "kind: Agent\nname: a\nversion: 010\n",
            "3:10 version: `010` begins with 0, which some read as octal: write it without, or put it in quotes (10)",
        ),
        ("kind: Agent\nname: a\nversion: -00.5\n", "or put it in quotes (-0.5)"),
        (
            "kind: Agent\nname: a\nversion: 0x1F\n",
            "3:10 version: `0x1F` is not a decimal number: write one, or put it in quotes (31)",
        ),
        (
            "kind: Budget\nname: a\nunit: usd\nwindow: day\nlimit: .inf\n",
            "5:8 limit: `.inf` is no number that can be compared: write one out",
        ),
        ("kind: Agent\nname: a\nversion: 9007199254740993\n", "would lose digits"),
        (
            "kind: Agent\nname: a\nversion: 1.4\n",
            "3:10 version: expected a text, found the number 1.4 (\"1.4\")",
        ),
        (
            "kind: Tool\nname: a\naction: a\nsensitive: yes\n",
            "4:12 sensitive: expected `true` or `false`, found the text `yes` (true)",
        ),
        ("kind: Group\nname: [\n", "not YAML"),
        ("kind: Group\n\tname: x\n", "not YAML"),
    ];
    for (text, expected) in cases {
        let told = told(text);
        assert!(told.len() == 1 && told[0].contains(expected), "{text}\n{told:?}");
    }
}

#[test]
fn words_mean_what_the_core_schema_says() {
    let text = "kind: Tool\nname: t\naction: t\ninput_schema: [~, null, true, FALSE, no, Yes, 1, -0, +5, .5, 5., 1e2, 1.50, 1_000, 1.2.3, '1', \"true\", 2026-01-01, 08:00]\n";
    let reading = read(&files(text));
    assert_eq!(reading.problems, []);
    let Document::Tool(tool) = &reading.documents[0].document else { panic!() };
    let expected = json!([
        null,
        null,
        true,
        false,
        "no",
        "Yes",
        1,
        0,
        5,
        0.5,
        5,
        100,
        1.5,
        "1_000",
        "1.2.3",
        "1",
        "true",
        "2026-01-01",
        "08:00"
    ]);
    assert_eq!(tool.input_schema, Some(expected));
}

#[test]
fn bombs_are_refused_at_once() {
    let deep = format!("kind: Tool\nname: t\naction: t\ninput_schema: {}", "[".repeat(200_000));
    assert!(told(&deep)[0].contains("recursion limit"), "{:?}", told(&deep));
    let stairs =
        format!("kind: Tool\nname: t\naction: t\ninput_schema:\n  {}", "- ".repeat(100_000));
    assert!(told(&stairs)[0].contains("nested deeper"), "{:?}", told(&stairs));
    let wide = format!("kind: Tool\nname: t\naction: t\ninput_schema: [{}]", "1,".repeat(100_000));
    assert!(told(&wide)[0].contains("more than 20000 values"));
    let long = "#".repeat(MAX_BYTES + 1);
    assert!(told(&long)[0].contains("bytes"));
    let laughs = "kind: Tool\na: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n";
    assert!(told(laughs)[0].contains("anchors"));
    let many = "---\nkind: Polcy\n".repeat(5_000);
    assert_eq!(told(&many).len(), 5_000);
}

#[test]
fn a_file_without_documents_is_empty() {
    for text in ["", "\n\n", "# only a comment\n", "---\n---\n# x\n---\n"] {
        assert_eq!(read(&files(text)), Reading::default(), "{text:?}");
    }
    let windows =
        read(&files("\u{feff}kind: Group\r\nname: g\r\nmembers: []\r\n---\r\nkind: Defaults\r\n"));
    assert_eq!((windows.documents.len(), windows.problems), (2, vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_makes_the_reader_panic(text in "\\PC{0,300}") {
        read(&files(&text));
    }

    #[test]
    fn no_mix_of_what_yaml_is_made_of_makes_the_reader_panic(
        parts in proptest::collection::vec(prop::sample::select(vec![
            "kind: Policy\n", "name: x\n", "rules:\n", "  - ", "- ", ": ", "? ", "| \n", ">-\n", "  ", "\n",
            "\"", "'", "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "<<", "#", "---\n", "...\n", "%X\n",
            "\t", "\r", "\\x", "~", "0", "1e9", "ä", "\u{2028}", "\u{85}", "@", "`",
        ]), 0..60)
    ) {
        read(&files(&parts.concat()));
    }

    #[test]
    fn a_mutated_file_is_read_or_refused(
        at in 0..EXAMPLE.len(), length in 0..20_usize, insert in "[-:{}\\[\\]#&*!|>'\"%@ \\n\\ta-z0-9]{0,6}"
    ) {
        let mut text = EXAMPLE.as_bytes().to_vec();
        let end = (at + length).min(text.len());
        text.splice(at..end, insert.bytes());
        let text = String::from_utf8_lossy(&text).into_owned();
        for problem in read(&files(&text)).problems {
            let place = problem.place.unwrap();
            prop_assert!(place.line >= 1 && place.line <= text.lines().count() + 1);
        }
    }
}

#[test]
fn a_key_with_nothing_behind_it_is_not_read_as_if_it_were_not_there() {
    let nothing = "nothing stands here: write a value, or leave the key out";
    let rule = "kind: Policy\nname: p\nrules:\n  - name: small\n    actions: [pay]\n    when:\n    # params.amount <= 200\n    verdict: allow\n";
    let [told] = <[String; 1]>::try_from(told(rule)).unwrap();
    assert!(told.contains("rules[0].when") && told.contains(nothing), "{told}");
    for text in [
        "kind: Agent\nname: a\nmanifest:\n",
        "kind: Policy\nname: p\ndefault: ~\nrules: []\n",
        "kind: Budget\nname: b\nunit: usd\nlimit: 1\nwindow: day\nescalate_at: null\n",
        "kind: Tool\nname: t\naction: t\ninput_schema:\n",
    ] {
        assert!(super::tests::told(text).iter().all(|one| one.contains(nothing)), "{text}");
        assert!(!super::tests::told(text).is_empty(), "{text}");
    }
    let free = "kind: Tool\nname: t\naction: t\ninput_schema: {default: null, enum: [null, 1]}\n";
    assert_eq!(super::tests::told(free), [] as [&str; 0]);
}

#[test]
fn a_list_of_nobody_lets_nobody_through() {
    let text =
        "kind: Agent\nname: a\nmanifest: {actions: [x], counterparty: {param: to, allowed: []}}\n";
    let told = told(text);
    assert!(told.iter().any(|one| one.contains("an empty list names nothing")), "{told:?}");
}

#[test]
fn what_is_suggested_is_taken() {
    let budget = "kind: Budget\nname: b\nunit: usd\nlimit: 1\nwindow: day\nescalate_at: 80\n";
    assert!(told(budget)[0].ends_with("(80%)"), "{:?}", told(budget));
    let rule = "kind: Policy\nname: p\nrules:\n  - {name: r, verdict: escalate, approval: {expires_in: 4}}\n";
    assert!(told(rule)[0].ends_with("(4h)"), "{:?}", told(rule));
}

#[test]
fn a_list_is_not_called_empty_for_what_is_wrong_in_it() {
    let rule = "kind: Policy\nname: p\nrules:\n  - {name: r, actions: ['stripe.refund*'], verdict: deny}\n";
    let [told] = <[String; 1]>::try_from(told(rule)).unwrap();
    assert!(told.contains("stands beside other characters"), "{told}");
}
