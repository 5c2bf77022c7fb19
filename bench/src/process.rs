//! The two servers as processes of their own, so that their CPU time and memory can be read.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::http::Connection;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bare axum and SQLite with group commit, and nothing else.
    Reference,
    /// The product.
    Countersign,
}

/// A running server and the callers it knows.
pub struct Contestant {
    /// Which one it is.
    pub kind: Kind,
    /// Where it listens.
    pub address: String,
    /// The key of an agent.
    pub agent: String,
    /// The token of a person.
    pub person: String,
    child: Child,
}

impl Contestant {
    /// Starts a server in a directory of its own below `dir`.
    pub async fn start(kind: Kind, dir: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let data = dir.join(format!("{kind:?}"));
        let (child, person) = match kind {
            Kind::Reference => (reference(&data, &address)?, String::new()),
            Kind::Countersign => {
                let person = init(&data)?;
                (countersign(&data, &address)?, person)
            }
        };
        let mut contestant = Self { kind, address, agent: String::new(), person, child };
        contestant.is_up().await?;
        if kind == Kind::Countersign {
            contestant.agent = contestant.register().await?;
        }
        Ok(contestant)
    }

    /// A connection of the agent.
    pub async fn agent(&self) -> Result<Connection> {
        Connection::open(&self.address, &self.agent).await
    }

    /// A connection of the person.
    pub async fn person(&self) -> Result<Connection> {
        Connection::open(&self.address, &self.person).await
    }

    /// Seconds of CPU that the server has used.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
        // utime and stime are the 14th and 15th field; a tick is 10 ms on Linux.
        Ok((ticks(11).context("utime")? + ticks(12).context("stime")?) / 100.0)
    }

    /// Bytes of memory that the server holds.
    pub fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<f64>().ok());
        Ok(kib.context("VmRSS")? * 1024.0)
    }

    async fn is_up(&self) -> Result<()> {
        for _ in 0..400 {
            if let Ok(mut connection) = Connection::open(&self.address, "").await
                && connection.get("/healthz").await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(5)).await;
        }
        bail!("{:?} did not come up", self.kind)
    }

    /// An agent that may do `bench.allowed` and has to ask for everything else.
    async fn register(&self) -> Result<String> {
        let mut admin = self.person().await?;
        let made = admin.post("/api/v1/orgs/default/agents", r#"{"name":"bench"}"#).await?;
        let permission = json!({"action": "bench.allowed", "effect": "allow"}).to_string();
        admin.send("PUT", "/api/v1/orgs/default/agents/bench/permissions", &permission).await?;
        admin.answer().await?;
        text(&made, "/key")
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A text in an answer.
pub fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {pointer} in {value}"))?.to_owned())
}

/// Starts the product on an existing directory.
pub fn countersign(data: &Path, address: &str) -> Result<Child> {
    let mut command = Command::new(binary()?);
    command.args(["serve", "--requests-per-second", "10000000", "--listen", address, "--data-dir"]);
    Ok(command.arg(data).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

fn reference(data: &Path, address: &str) -> Result<Child> {
    std::fs::create_dir_all(data)?;
    let mut command = Command::new(std::env::current_exe()?);
    Ok(command.arg("reference").arg(data).arg(address).spawn()?)
}

fn init(data: &Path) -> Result<String> {
    let mut command = Command::new(binary()?);
    command.args(["init", "--admin-email", "root@example.com", "--json", "--data-dir"]).arg(data);
    let made: Value = serde_json::from_slice(&command.output()?.stdout)?;
    text(&made, "/admin/token")
}

fn binary() -> Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("countersign");
    if !beside.exists() {
        bail!("{} is missing: run `cargo build --release -p countersign` first", beside.display());
    }
    Ok(beside)
}
