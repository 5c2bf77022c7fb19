//! What stands before every page.

use super::Harness;

/// What it is, its headers, and its body.
type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], String);

#[tokio::test]
async fn every_page_carries_strict_headers() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for path in ["/sign-in", "/account", "/account/password", "/sign-in/link/x"] {
        let seen = browser.get(path).await;
        assert_eq!(
            seen.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
             require-trusted-types-for 'script'",
            "{path}"
        );
        assert_eq!(seen.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(seen.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(seen.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(seen.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(seen.header("cache-control"), "no-store", "{path}");
        for forbidden in ["<script>", " style=", " onclick=", "javascript:"] {
            assert!(!seen.body.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn only_known_hosts_are_answered() {
    let h = Harness::start().await;
    let mut browser = h.browser();
    for host in
        ["countersign.test", "countersign.test:80", "localhost:7733", "127.0.0.1", "[::1]:7733"]
    {
        let seen = browser.sends("GET", "/sign-in", &[("host", host)], String::new()).await;
        assert_eq!(seen.status, 200, "{host}");
    }
    let foreign = [
        "evil.example",
        "127.0.0.1.evil.example",
        "203.0.113.9",
        "a@countersign.test",
        "localhost.evil.example",
        "",
    ];
    for host in foreign {
        let seen = browser.sends("GET", "/sign-in", &[("host", host)], String::new()).await;
        assert_eq!(seen.status, 421, "{host}");
        assert!(seen.body.contains("--public-url"), "it says what to do");
    }
}

#[tokio::test]
async fn only_the_pages_own_forms_change_anything() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/account").await;
    let right = format!("csrf={}&name=t", browser.csrf);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let own = ("origin", "http://countersign.test");
    let site = ("sec-fetch-site", "same-origin");
    let mut stranger = h.signed_in().await;
    stranger.get("/account").await;
    let others = format!("csrf={}&name=t", stranger.csrf);
    let refused: &[Sent<'_>] = &[
        ("no field", &[kind, own, site], "name=t".into()),
        ("an empty field", &[kind, own, site], "csrf=&name=t".into()),
        ("a wrong field", &[kind, own, site], "csrf=AAAA&name=t".into()),
        ("the field of another session", &[kind, own, site], others),
        ("another site", &[kind, ("origin", "https://evil.example"), site], right.clone()),
        ("no site to speak of", &[kind, ("origin", "null")], right.clone()),
        ("another scheme", &[kind, ("origin", "https://countersign.test")], right.clone()),
        ("across sites", &[kind, own, ("sec-fetch-site", "cross-site")], right.clone()),
        ("from a sister site", &[kind, own, ("sec-fetch-site", "same-site")], right.clone()),
        ("typed by nobody", &[kind, ("sec-fetch-site", "none")], right.clone()),
        ("neither header", &[kind], right.clone()),
        ("another kind of body", &[("content-type", "text/plain"), own, site], right.clone()),
    ];
    for (what, headers, body) in refused {
        let seen = browser.sends("POST", "/account/tokens", headers, body.clone()).await;
        assert_eq!(seen.status, 403, "{what}");
        assert!(seen.body.contains("Nothing was changed"), "{what}");
    }
    let before = h.admin.gets("keys").await["items"].as_array().unwrap().len();
    for headers in [&[kind, own][..], &[kind, site], &[kind, own, site]] {
        let seen = browser.sends("POST", "/account/tokens", headers, right.clone()).await;
        assert_eq!(seen.status, 200);
    }
    let after = h.admin.gets("keys").await["items"].as_array().unwrap().len();
    assert_eq!(after - before, 3, "what was refused made nothing");
}

#[tokio::test]
async fn a_browser_without_the_cookie_cannot_send_a_form() {
    let h = Harness::start().await;
    let mut browser = h.browser();
    browser.get("/sign-in").await;
    assert!(browser.cookies.contains_key("countersign-visit"));
    browser.cookies.clear();
    let seen = browser.post("/sign-in", &[("email", "root@example.com"), ("password", "x")]).await;
    assert_eq!(seen.status, 403);
}
