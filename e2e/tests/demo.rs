//! The demo: whoever looks can answer from a second terminal and watch the agent go on.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign_e2e::{binary, run};

/// A running demo; it is ended when this is dropped.
struct Demo {
    child: Child,
    said: std::path::PathBuf,
    dir: tempfile::TempDir,
}

impl Demo {
    fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// Everything that is to be thrown away stands in this directory.
    fn start_in(dir: tempfile::TempDir) -> Self {
        let said = dir.path().join("said");
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(binary())
            .args(["demo", "--listen", &address.to_string()])
            .env("TMPDIR", dir.path())
            .stdout(std::fs::File::create(&said).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, said, dir }
    }

    /// What stands in its directory beside what it says.
    fn left(&self) -> Vec<std::ffi::OsString> {
        let all = std::fs::read_dir(self.dir.path()).unwrap();
        let names = all.map(|entry| entry.unwrap().file_name());
        names.filter(|name| name != "said").collect()
    }

    /// What it has said, once `done` finds something in it.
    fn says<T>(&self, what: &str, done: impl Fn(&str) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            let text = std::fs::read_to_string(&self.said).unwrap();
            if let Some(found) = done(&text) {
                return found;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "no {what} in: {text}");
            #[expect(clippy::disallowed_methods, reason = "the demo speaks at a person's pace")]
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark)?.1.split_whitespace().next()
}

#[test]
fn an_approval_from_a_second_terminal_lets_the_agent_go_on() {
    let demo = Demo::start();
    let (url, token) = demo.says("token", |text| {
        let url = after(text, "COUNTERSIGN_URL=")?.to_owned();
        Some((url, after(text, "COUNTERSIGN_TOKEN=")?.to_owned()))
    });
    let id = demo.says("wish", |text| after(text, "waits for you: ").map(str::to_owned));
    let shown = run(&url, &token, &["show", &id]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert_eq!(run(&url, &token, &["approve", &id]).code, 0);
    demo.says("going on", |text| {
        text.contains("was approved by person:you@example.com").then_some(())
    });
}

#[test]
fn however_it_is_ended_nothing_is_left_and_it_says_so() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let mut demo = Demo::start();
        demo.says("wish", |text| after(text, "waits for you: ").map(str::to_owned));
        assert_eq!(demo.left().len(), 1, "the data of the demo");
        let pid = demo.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let ended = demo.child.wait().unwrap();
        assert_eq!(ended.code(), Some(0), "{signal}");
        assert!(demo.left().is_empty(), "{signal} leaves {:?}", demo.left());
        let said = std::fs::read_to_string(&demo.said).unwrap();
        assert!(said.ends_with("The demo has ended, and its data is gone.\n"), "{signal}: {said}");
    }
}

#[test]
fn whoever_reads_only_its_first_line_ends_it() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(binary())
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("TMPDIR", dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    child.wait().unwrap();
    assert_eq!(err, "", "it panics no more");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn its_link_leads_to_what_waits() {
    let demo = Demo::start();
    let link = demo.says("link", |text| {
        text.split_whitespace().find(|word| word.contains("/sign-in/link/")).map(str::to_owned)
    });
    assert!(link.ends_with("?next=/approvals"), "{link}");
}

/// The documents of the policy guide, as its first command writes them.
fn refunds_of_the_guide() -> String {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/policy.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, from) = guide.split_once("refunds.yaml <<'YAML'\n").expect("the file of the guide");
    from.split_once("\nYAML\n").expect("its end").0.to_owned()
}

#[test]
fn the_refunds_of_the_guide_come_to_all_four_answers_each_with_what_was_compared() {
    let demo = Demo::start();
    let (url, token) = demo.says("token", |text| {
        let url = after(text, "COUNTERSIGN_URL=")?.to_owned();
        Some((url, after(text, "COUNTERSIGN_TOKEN=")?.to_owned()))
    });
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("refunds.yaml");
    std::fs::write(&file, refunds_of_the_guide()).unwrap();
    let admin = |arguments: &[&str]| {
        let ran = run(&url, &token, arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.out, ran.err);
        ran
    };
    admin(&["apply", "-f", file.to_str().unwrap(), "--yes"]);
    let made = admin(&["keys", "create", "refunds", "--agent", "refund-bot", "--json"]).out;
    let key = made.split('"').find(|part| part.starts_with("csa_")).expect("the key").to_owned();
    let refund = |amount: &str, usd: &str, code: i32| {
        let amount = format!("amount={amount}");
        let check =
            ["check", "stripe.refund.create", "--param", &amount, "--cost-usd", usd, "--json"];
        let ran = run(&url, &key, &check);
        assert_eq!(ran.code, code, "{} {}", ran.out, ran.err);
        ran.json()
    };
    let line = |verdict: &serde_json::Value, check: &str| {
        let trace = verdict["policy_trace"].as_array().unwrap();
        let line = trace.iter().find(|line| line["check"] == check).expect("a line for each check");
        format!("{}: {}", line["result"].as_str().unwrap(), line["details"].as_str().unwrap())
    };

    let small = refund("150", "150", 0);
    assert_eq!(
        line(&small, "policy_rules"),
        "pass: rule `refunds/small` allows it: `params.amount <= 200` holds"
    );
    let large = refund("1500", "100", 8);
    let rules = line(&large, "policy_rules");
    assert!(rules.starts_with("escalate: rule `refunds/large` asks a person"), "{rules}");
    assert!(rules.contains("rule `refunds/very-large` asks a person: `params.amount > 1000` holds (params.amount is `1500`)"), "{rules}");
    let card = admin(&["show", large["approval_id"].as_str().unwrap(), "--json"]).json();
    let stages: Vec<_> = card["stages"].as_array().unwrap().iter().map(|s| &s["name"]).collect();
    assert_eq!(stages, ["finance", "security"]);

    let capped = refund("5001", "1", 5);
    assert_eq!(capped["reason_code"], "AMOUNT_EXCEEDS_CAP");
    assert!(line(&capped, "amount_limits").contains("5001 is over the cap 5000"), "{capped}");

    for _ in 0..3 {
        refund("200", "200", 0);
    }
    let near = refund("100", "100", 8);
    assert_eq!(near["reason_code"], "BUDGET_NEAR_LIMIT");
    assert_eq!(
        line(&near, "budget"),
        "escalate: budget `refunds-per-day` in usd, with this: 850 of 1000 reaches 800, from where on a person is asked"
    );
}
