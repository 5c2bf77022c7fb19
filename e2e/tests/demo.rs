//! The demo: whoever looks can answer from a second terminal and watch the agent go on.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign_e2e::{binary, run};

/// A running demo; it is ended when this is dropped.
struct Demo {
    child: Child,
    said: std::path::PathBuf,
    _dir: tempfile::TempDir,
}

impl Demo {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let said = dir.path().join("said");
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(binary())
            .args(["demo", "--listen", &address.to_string()])
            .stdout(std::fs::File::create(&said).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, said, _dir: dir }
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
