//! What was entered in a form that is refused stands in the page that comes back, beside what is wrong with it.

use crate::tests::Harness;
use crate::tests::sign_in::PASSWORD;

#[tokio::test]
async fn the_address_of_a_form_leads_to_the_page_above_it() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for (form, page) in [
        ("/delegations", "/account#away"),
        ("/account/tokens", "/account"),
        ("/people/invite", "/people"),
        (
            "/approvals/apr_01KF0E44M0N0B44XF8MRERWWD0/approve",
            "/approvals/apr_01KF0E44M0N0B44XF8MRERWWD0",
        ),
    ] {
        let seen = browser.get(form).await;
        assert_eq!((seen.status, seen.location()), (303, page), "{form}");
    }
}

/// A form: the page it stands on, where it is sent, what is entered, and each field that is wrong with what is said
/// of it. The first of them takes the focus.
struct Case {
    page: &'static str,
    to: &'static str,
    entered: &'static [(&'static str, &'static str)],
    wrong: &'static [(&'static str, &'static str)],
}

const CASES: &[Case] = &[
    Case {
        page: "/account",
        to: "/delegations",
        entered: &[
            ("delegate", "ann@example.com"),
            ("from", "12/24/2026"),
            ("until", "2026-02-31"),
            ("groups", "kept-group"),
            ("actions", "a..b"),
            ("reason", "kept reason"),
        ],
        wrong: &[("from", "12/24/2026"), ("until", "2026-02-31"), ("actions", "a..b")],
    },
    Case {
        page: "/account",
        to: "/delegations",
        entered: &[
            ("delegate", "ann@example.com"),
            ("until", "2020-01-01"),
            ("reason", "kept reason"),
        ],
        wrong: &[("until", "It has to end after it begins")],
    },
    Case {
        page: "/people",
        to: "/delegations",
        entered: &[
            ("back", "people"),
            ("delegator", "ann@example.com"),
            ("delegate", ""),
            ("reason", "kept reason"),
        ],
        wrong: &[("delegate", "Choose who answers instead")],
    },
    Case {
        page: "/agents",
        to: "/agents",
        entered: &[
            ("name", "support"),
            ("version", "kept 7"),
            ("owner", "ann@example.com"),
            ("trust", "trusted"),
        ],
        wrong: &[("name", "There is already an agent")],
    },
    Case {
        page: "/agents/support",
        to: "/agents/support",
        entered: &[("version", "kept 7"), ("owner", "nobody"), ("trust", "trusted")],
        wrong: &[("owner", "is not an e-mail address")],
    },
    Case {
        page: "/agents/support",
        to: "/agents/support/permissions",
        entered: &[("action", "stripe..x"), ("effect", "deny"), ("max_amount", "a lot")],
        wrong: &[("action", "stripe..x"), ("max_amount", "is no number such as 500")],
    },
    Case {
        page: "/people",
        to: "/people/invite",
        entered: &[("email", "ann@example.com"), ("role", "auditor"), ("groups", "kept-group")],
        wrong: &[("email", "There is already a person")],
    },
    Case {
        page: "/people",
        to: "/people",
        entered: &[("email", "ann at example"), ("role", "boss"), ("groups", "kept-group")],
        wrong: &[("email", "is not an e-mail address"), ("role", "is none of")],
    },
    Case {
        page: "/groups",
        to: "/groups",
        entered: &[("group", "a,b"), ("come", "ann@example.com")],
        wrong: &[("group", "")],
    },
    Case {
        page: "/groups",
        to: "/groups",
        entered: &[("group", "kept-group")],
        wrong: &[("come", "Choose who comes or goes")],
    },
    Case {
        page: "/keys",
        to: "/keys",
        entered: &[("name", "\u{200b}"), ("for", "agent:support")],
        wrong: &[("name", "A key needs a name")],
    },
    Case {
        page: "/webhooks",
        to: "/webhooks",
        entered: &[("url", "http://10.1.2.3/kept"), ("events", "approval.denied")],
        wrong: &[("url", "is not a public address")],
    },
    Case {
        page: "/freezes",
        to: "/freezes",
        entered: &[("scope", "action"), ("name", "a..b"), ("reason", "kept reason")],
        wrong: &[("name", "a..b")],
    },
    Case {
        page: "/freezes",
        to: "/freezes",
        entered: &[("scope", "agent"), ("name", "support"), ("reason", "")],
        wrong: &[("reason", "A reason is required")],
    },
    Case {
        page: "/settings",
        to: "/settings",
        entered: &[
            ("expires_in", "soon"),
            ("use_within", "2h"),
            ("denial_cooldown", "never"),
            ("self_approval", "low"),
            ("unrated_risk", "medium"),
            ("pending_per_agent", "some"),
        ],
        wrong: &[
            ("expires_in", "soon"),
            ("denial_cooldown", "never"),
            ("pending_per_agent", "is no number such as 50"),
        ],
    },
    Case {
        page: "/account",
        to: "/account/tokens",
        entered: &[("name", " ")],
        wrong: &[("name", "A key needs a name")],
    },
];

#[tokio::test]
async fn a_refused_form_loses_nothing() {
    let h = Harness::start().await;
    h.agent("support").await;
    h.person("ann@example.com", "approver").await;
    let mut browser = h.signed_in().await;
    for Case { page, to, entered, wrong } in CASES {
        browser.get(page).await;
        let seen = browser.post(to, entered).await;
        assert!((400..500).contains(&seen.status), "{to} {entered:?}: {}", seen.status);
        let html = seen.body.replace("<code>", "").replace("</code>", "");
        assert!(html.contains("class=\"side\""), "{to}: the page itself comes back: {html}");
        for (name, text) in
            entered.iter().filter(|(name, text)| *name != "scope" && !text.trim().is_empty())
        {
            let chosen = format!("value=\"{text}\" selected");
            let ticked = format!("value=\"{text}\" checked");
            let written = format!("value=\"{text}\"");
            let picked = format!("<option selected>{text}</option>");
            let kept = [written, picked, chosen, ticked].iter().any(|way| html.contains(way));
            let never_offered = ["boss", "nobody"].contains(text);
            assert!(kept || never_offered, "{to}: {name}={text} is lost in {html}");
        }
        for (place, (name, says)) in wrong.iter().enumerate() {
            let marked = format!(
                " aria-invalid=\"true\" aria-describedby=\"wrong-{name}\"{}",
                if place == 0 { " autofocus" } else { "" }
            );
            assert!(html.contains(&marked), "{to}: {name} is not marked in {html}");
            let (_, said) = html.split_once(&format!("id=\"wrong-{name}\">")).expect(name);
            let said = said.split("</span>").next().unwrap();
            assert!(said.contains(says), "{to}: {name}: {says} in {said}");
        }
        let counted = format!("{} fields have to be mended", wrong.len());
        assert_eq!(html.contains(&counted), wrong.len() > 1, "{to}: {html}");
        let opened = html.contains("<details class=\"adding\" open>")
            || html.contains("<details class=\"as-table\" open>");
        let is_folded =
            !["/settings", "/freezes", "/account/tokens"].contains(to) && entered[0].1 != "kept 7";
        assert!(opened || !is_folded, "{to}: the form is open");
    }
    for kind in ["users", "webhooks", "freezes"] {
        let all = h.admin.gets(kind).await.to_string();
        assert!(!all.contains("kept"), "nothing was changed: {all}");
    }
}

#[tokio::test]
async fn what_a_row_sends_comes_back_in_that_row() {
    let h = Harness::start().await;
    h.person("ann@example.com", "approver").await;
    let mut browser = h.signed_in().await;
    let root = h.admin.gets("me").await["id"].as_str().unwrap().to_owned();
    browser.get("/people").await;
    let last = [("role", "viewer"), ("groups", "kept-group"), ("status", "active")];
    let seen = browser.post(&format!("/people/{root}"), &last).await;
    assert_eq!(seen.status, 422);
    let (_, row) =
        seen.body.split_once("<details class=\"inline\" open>").expect("the row is open");
    let row = row.split("</details>").next().unwrap();
    for part in
        ["This is the last active admin", "<option selected>viewer", "value=\"kept-group\"", &root]
    {
        assert!(row.contains(part), "{part} in {row}");
    }
}

#[tokio::test]
async fn secrets_are_never_written_into_a_page_again() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", "short-one")];
    let seen = browser.post("/account/password", &fields).await;
    assert_eq!(seen.status, 422);
    assert!(seen.body.contains("id=\"wrong-password\"") && !seen.body.contains("short-one"));
    assert!(!seen.body.contains(PASSWORD), "{}", seen.body);
    let mut out = h.browser();
    out.get("/sign-in").await;
    let fields = [("email", "root@example.com"), ("password", "guess-guess-guess")];
    let seen = out.post("/sign-in", &fields).await;
    assert!(seen.body.contains("value=\"root@example.com\""), "{}", seen.body);
    assert!(!seen.body.contains("guess-guess"), "{}", seen.body);
}

/// Each field that a template marks is one that its summary knows, so that nothing is said twice or never.
#[test]
fn what_a_form_marks_it_also_says() {
    let mut forms = 0;
    for (path, text) in crate::tests::dashboard::templates::below("templates", "html") {
        for form in text.split("form.summary(\"").skip(1) {
            let (known, form) = form.split_once('"').unwrap();
            let form = form.split("</form>").next().unwrap();
            forms += 1;
            for field in known.split(' ').filter(|field| !field.is_empty()) {
                let says = form.contains(&format!("form.says(\"{field}\")"));
                assert!(says || form.contains("{% include"), "{field} in {}", path.display());
            }
            for marked in form.split("form.marks(\"").skip(1) {
                let name = marked.split('"').next().unwrap();
                assert!(
                    known.split(' ').any(|field| field == name),
                    "{name} in {}",
                    path.display()
                );
            }
        }
    }
    assert!(forms > 15, "{forms}");
}
