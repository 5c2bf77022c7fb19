//! A server of one's own, and the program as someone's hands.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The program without any of the environment's settings.
pub fn countersign() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    for variable in ["COUNTERSIGN_URL", "COUNTERSIGN_TOKEN", "COUNTERSIGN_DATA_DIR"] {
        command.env_remove(variable);
    }
    command
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Done {
    pub fn of(output: &Output) -> Self {
        Self {
            exit: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout.clone()).unwrap().trim_end().to_owned(),
            err: String::from_utf8(output.stderr.clone()).unwrap().trim_end().to_owned(),
        }
    }

    /// The JSON on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A running server with an admin, an approver and an agent.
pub struct Server {
    process: Child,
    pub url: String,
    pub admin: String,
    pub approver: String,
    pub agent: String,
    pub application: String,
    pub dir: TempDir,
}

impl Server {
    pub fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("data");
        let mut init = countersign();
        init.arg("init").arg("--data-dir").arg(&data).args(["--admin-email", "ana@example.com"]);
        let made = Done::of(&init.arg("--json").output().unwrap()).json();
        let mut serve = countersign();
        serve.arg("serve").arg("--data-dir").arg(&data);
        serve.args(["--listen", "127.0.0.1:0", "--log-format", "json"]);
        let mut process = serve.stderr(Stdio::piped()).spawn().unwrap();
        let url = ready(&mut process);
        let admin = text(&made["admin"]["token"]);
        let application = text(&made["application_key"]);
        let nobody = String::new();
        let (approver, agent) = (nobody.clone(), nobody);
        let mut server = Self { process, url, admin, approver, agent, application, dir };
        let create = ["users", "create", "ben@example.com", "--role", "approver", "--json"];
        server.approver = text(&server.admin(&create).json()["token"]);
        let create = ["agents", "create", "bot", "--json"];
        server.agent = text(&server.admin(&create).json()["key"]);
        server
    }

    pub fn command(&self, token: &str, args: &[&str]) -> Command {
        let mut command = countersign();
        command.env("COUNTERSIGN_URL", &self.url).env("COUNTERSIGN_TOKEN", token).args(args);
        command
    }

    pub fn run(&self, token: &str, args: &[&str]) -> Done {
        Done::of(&self.command(token, args).output().unwrap())
    }

    pub fn admin(&self, args: &[&str]) -> Done {
        self.run(&self.admin, args)
    }

    pub fn approver(&self, args: &[&str]) -> Done {
        self.run(&self.approver, args)
    }

    pub fn agent(&self, args: &[&str]) -> Done {
        self.run(&self.agent, args)
    }

    /// The agent asks; gives back the id.
    pub fn ask(&self, description: &str) -> String {
        let asked = self.agent(&["request", description, "--param", "amount=45"]);
        assert_eq!(asked.exit, 8, "{asked:?}");
        asked.out
    }

    /// Starts a command that waits, and comes back when it says so.
    pub fn waiting(&self, args: &[&str]) -> Child {
        let mut command = self.command(&self.agent, args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("waiting for"), "{line}");
        child
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Reads the log until the server says where it listens; the rest of the log is read and dropped.
fn ready(process: &mut Child) -> String {
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let address = log.by_ref().map_while(Result::ok).find_map(|line| {
        let line: Value = serde_json::from_str(&line).ok()?;
        let ready = line["fields"]["message"] == "ready";
        ready.then(|| line["fields"]["address"].as_str().map(str::to_owned)).flatten()
    });
    std::thread::spawn(move || log.for_each(drop));
    format!("http://{}", address.expect("the server starts"))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
