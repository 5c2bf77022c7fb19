//! A running server in a directory of its own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use countersign_client::{Client, ClientError};
use countersign_domain::OrgId;
use countersign_wire::agents::AgentRequest;
use countersign_wire::approvals::AskRequest;
use serde_json::Value;
use tempfile::TempDir;

use crate::{Output, binary, run};

/// A running server; it is killed when this is dropped.
pub struct Server {
    /// Where it listens.
    pub url: String,
    /// The token of the first admin.
    pub admin_token: String,
    /// The key of the first application.
    pub application_key: String,
    address: String,
    arguments: Vec<&'static str>,
    dir: TempDir,
    child: Child,
}

impl Server {
    /// Initialises a directory and serves it on a free port of the loopback.
    pub async fn start() -> Self {
        Self::start_with(&["--requests-per-second", "1000000"]).await
    }

    /// The same, with these arguments.
    pub async fn start_with(arguments: &[&'static str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("data").display().to_string();
        let made = run(
            "",
            "",
            &["init", "--data-dir", &path, "--admin-email", "root@example.com", "--json"],
        );
        let made = made.json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let address = free_address();
        let child = serve(&dir, &address, arguments);
        let server = Self {
            url: format!("http://{address}"),
            admin_token: text(&made["admin"]["token"]),
            application_key: text(&made["application_key"]),
            address,
            arguments: arguments.to_vec(),
            dir,
            child,
        };
        server.is_up().await;
        server
    }

    /// Kills it without warning (`kill -9`).
    pub fn kill(&mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop (`SIGTERM`).
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Waits until it has ended; gives its exit code.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// Waits until it has ended, at most so long; gives its exit code.
    pub async fn ended_within(&mut self, length: Duration) -> Option<i32> {
        let end = tokio::time::Instant::now() + length;
        while tokio::time::Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status.code();
            }
            tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(50)).await;
        }
        panic!("the server has not ended within {length:?}");
    }

    /// Starts it again, in the same directory and at the same address.
    pub async fn restart(&mut self) {
        self.child = serve(&self.dir, &self.address, &self.arguments);
        self.is_up().await;
    }

    /// Someone with this token.
    pub fn client(&self, token: &str) -> Client {
        Client::new(&self.url, token, &OrgId::first()).expect("a client")
    }

    /// The first admin.
    pub fn admin(&self) -> Client {
        self.client(&self.admin_token)
    }

    /// Registers an agent.
    pub async fn agent(&self, name: &str) -> Client {
        self.agent_with_key(name).await.0
    }

    /// The same, and its key.
    pub async fn agent_with_key(&self, name: &str) -> (Client, String) {
        let request = AgentRequest { name: name.to_owned(), ..AgentRequest::default() };
        let agent = self.admin().create_agent(&request).await.expect("a new agent");
        let key = agent.key.expect("its key");
        (self.client(&key), key)
    }

    /// Runs the binary against this server as the first admin.
    pub fn runs(&self, arguments: &[&str]) -> Output {
        run(&self.url, &self.admin_token, arguments)
    }

    /// How much memory it holds now, in bytes.
    pub fn memory(&self) -> usize {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kibibytes = line.trim().strip_suffix(" kB").expect("in kB");
        kibibytes.parse::<usize>().expect("a number") * 1024
    }

    /// Where it keeps everything.
    pub fn data_dir(&self) -> String {
        self.dir.path().join("data").display().to_string()
    }

    /// Exports the record and verifies it; gives the number of records.
    pub fn verified_records(&self) -> usize {
        let file = self.dir.path().join("export.jsonl");
        let exported = self.runs(&["audit", "export"]);
        assert_eq!(exported.code, 0, "{}", exported.err);
        std::fs::write(&file, &exported.out).expect("the export is written");
        let verified = self.runs(&["audit", "verify", &file.display().to_string()]);
        assert_eq!(verified.code, 0, "{} {}", verified.out, verified.err);
        exported.out.lines().filter(|line| line.contains("\"seq\":")).count()
    }

    async fn is_up(&self) {
        for _ in 0..400 {
            // A refusal is an answer as well.
            if matches!(self.client("nobody").me().await, Err(ClientError::Problem(_))) {
                return;
            }
            tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(25)).await;
        }
        panic!("the server at {} did not come up within 10 seconds", self.url);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A request for an action with this name.
pub fn asking(action: &str) -> AskRequest {
    AskRequest { action: action.to_owned(), ..AskRequest::default() }
}

fn serve(dir: &TempDir, address: &str, arguments: &[&str]) -> Child {
    Command::new(binary())
        .args(["serve", "--listen", address, "--data-dir"])
        .arg(dir.path().join("data"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts")
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").to_string()
}
