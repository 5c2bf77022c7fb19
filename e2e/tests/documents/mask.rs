//! Comparing what was printed with what a document shows: ids, secrets, times and addresses differ each time.

/// Whether `printed` is what `shown` shows. A line `…` stands for any lines, an `…` at the end of a line for
/// the rest of it.
pub fn fits(shown: &str, printed: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(mask).filter(|line| !line.is_empty()).collect()
    };
    lines_fit(&lines(shown), &lines(printed))
}

fn lines_fit(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "…" => {
            (0..=printed.len()).any(|skipped| lines_fit(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| line_fits(line, first) && lines_fit(rest, others)),
    }
}

fn line_fits(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix('…') {
        Some(start) => printed.starts_with(start.trim_end()),
        None => shown == printed,
    }
}

/// The line with one space between words, and a name in the place of everything that is new each time.
pub fn mask(line: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in line.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() || "_-.:@".contains(c) {
            word.push(c);
            continue;
        }
        let bare = word.trim_end_matches([':', '.']);
        out.push_str(name(bare));
        out.push_str(&word[bare.len()..]);
        word.clear();
        if c != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

/// The word itself, or what kind of new thing it is.
fn name(word: &str) -> &str {
    const KINDS: &[&str] = &["apr_", "agt_", "key_", "usr_", "rcp_", "msg_", "log_"];
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let time = word.len() >= 20 && word.starts_with("20") && word.ends_with('Z');
    match word {
        "root@example.com" | "admin@localhost" => "ADMIN",
        "person:root@example.com" | "person:admin@localhost" => "person:ADMIN",
        _ if KINDS.iter().any(|kind| word.starts_with(kind) && word.len() == kind.len() + 26) => {
            &word[..4]
        }
        _ if word.len() > 40 && ["csa_", "csk_", "csp_"].contains(&&word[..4]) => &word[..4],
        _ if word.starts_with("127.0.0.1:") => "HOST",
        _ if word.starts_with("sha256:") && hex(&word[7..]) => "DIGEST",
        _ if hex(word) => "HASH",
        _ if time => "TIME",
        _ if word.starts_with("eyJ") && word.matches('.').count() == 2 => "JWS",
        _ => word,
    }
}

#[test]
fn only_what_is_new_each_time_may_differ() {
    let shown = "approval: apr_01M7YPGD5D2VYA25XGZ7D3X0S2:\n…\nreason: approved by person:admin@localhost\nnext: run …\n";
    let printed = "approval: apr_01JAAAAAAAAAAAAAAAAAAAAAAA:\nx\ny\nreason: approved by person:root@example.com\nnext: run it now\n";
    assert!(fits(shown, printed));
    assert!(!fits(shown, &printed.replace("run it", "do not run it")));
    assert!(!fits(shown, &printed.replace("reason", "cause")));
    assert!(!fits(shown, &printed.replace("apr_", "agt_")));
    assert!(!fits(shown, &format!("{printed}more\n")));
    assert!(fits("a  2026-11-21T09:20:27.3Z b", "a 2027-01-02T09:20:27.301Z   b"));
    assert!(fits("at http://127.0.0.1:7733/x", "at http://127.0.0.1:40001/x"));
}
