use super::*;

#[test]
fn an_address_loses_its_password_and_never_its_host() {
    for (text, shown) in [
        ("https://x:y@evil.example/drop", "https://[REDACTED]@evil.example/drop"),
        ("https://user:pw@bank.com:443@evil.example:8443", "https://[REDACTED]@evil.example:8443"),
        (
            "see https://a.example and http://u:p@b.example",
            "see https://a.example and http://[REDACTED]@b.example",
        ),
        ("https://paypal.com@evil.example", "https://paypal.com@evil.example"),
        ("https://a.example/x:y@z", "https://a.example/x:y@z"),
    ] {
        assert_eq!(redact_text(text), shown);
    }
}

/// `‹` and `›` stand around what has to be hidden.
fn hides(text: &str) {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('‹') {
        let (_, after) = from.split_once('›').unwrap();
        shown = shown + before + REDACTED;
        rest = after;
    }
    assert_eq!(redact_text(&text.replace(['‹', '›'], "")), shown + rest);
}

#[test]
fn what_follows_the_name_of_a_secret_is_hidden_however_it_is_written() {
    for text in [
        "Authorization: Basic ‹Ym9iOlN1cGVyU2VjcmV0›",
        "authorization:bearer ‹eyJhbGciOi1›",
        "-H 'Authorization: token ‹gh0123456789›' https://a.example",
        "send Bearer ‹abc123def456› along",
        "{\"user\": \"bob\", \"password\": \"‹Winter 2026!›\", \"api_key\":\"‹JKey1›\"}",
        "{\"password\":\"‹a\\\"b›\",\"n\":1}",
        "{\\\"token\\\": \\\"‹abc\\›\"}",
        "{\"credentials\": ‹{\"a\": [\"x\"]}›, \"n\": 1}",
        "<login><password>‹hunter2›</password></login>",
        "https://a.example/cb?access_token=‹AccTok12›&x=1",
        "PGPASSWORD=‹hunter2› psql -h db; export MY_SECRET='‹a b›'",
        "deploy --password ‹hunter2› --verbose --token=‹t0ken›",
        "passcode: ‹4711› and pin = ‹0000›",
        "login: bob, password:\n  ‹hunter2›",
        "key (‹sk_live_0123456789ab›), \"‹ghp_0123456789abcdef›\"; url=‹xoxb-123456789012›",
        "before ‹-----BEGIN KEY-----\nabc\n-----END KEY-----› after",
        "curl -u bob:‹hunter2› https://a.example; mysql -u root -p‹hunter2› db",
        "sshpass -p ‹hunter2› ssh root@host",
        "{\"password\":\"‹Win(ter›\"}",
        "password=‹Win(ter› and more",
        "--password '‹hunter 2›'",
    ] {
        hides(text);
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    for text in [
        "the token is late, and so is the password",
        "use basic training and bearer instruments; token economics",
        "curl -H \"Authorization: Bearer $TOKEN\" https://a.example",
        "password=$(cat ~/.ssh/id_rsa)",
        "token = get_token(1); secrets = [os.system(\"id\")]",
        "docker run -u 1000:1000 curl",
        "max_tokens: 500, tokens=5",
        "deploy --token --verbose",
        "secretary: Ana; passport: X1; tokenizer=fast",
        "task-0123456789abcdef and disk-0123456789",
        "a -> b; a := b",
    ] {
        hides(text);
    }
}

/// However a text is made, it is read a bounded number of times, and not deeper and deeper.
#[test]
fn a_hostile_text_is_read_through_in_time_and_without_depth() {
    for part in [
        "://",
        "-----BEGIN -----END -----",
        "password:{(",
        "password=a(",
        "password=$(",
        "token=[f(",
        "<password>",
        "password=\\\"(",
        "--password ",
        "bearer ",
        "token\"]",
    ] {
        let text = part.repeat(1_000_000 / part.len());
        assert!(redact_text(&text).len() <= text.len() * 4, "{part}");
    }
}
