//! Signing the command line in and out, as a person does it.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countersign_e2e::{Server, binary};
use serde_json::Value;

/// What a command said, and how it ended.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Someone with a directory of their own, and nothing in the environment.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn runs(&self, arguments: &[&str], input: &str) -> Ran {
        self.runs_with(&[], arguments, input)
    }

    fn runs_with(&self, set: &[(&str, &str)], arguments: &[&str], input: &str) -> Ran {
        let mut child = Command::new(binary())
            .args(arguments)
            .env_remove("COUNTERSIGN_URL")
            .env_remove("COUNTERSIGN_TOKEN")
            .env("XDG_CONFIG_HOME", self.0.path())
            .envs(set.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn file(&self, profile: &str) -> PathBuf {
        self.0.path().join("countersign/profiles").join(format!("{profile}.json"))
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_pasted_token_is_kept_for_its_owner_alone_and_every_command_uses_it() {
    let server = Server::start().await;
    let home = Home::new();
    let nobody = home.runs(&["--url", &server.url, "whoami"], "");
    assert_eq!(nobody.code, 4);
    assert!(
        nobody.err.contains("`countersign login`") || nobody.err.contains("countersign login"),
        "{}",
        nobody.err
    );
    let token = format!("{}\n", server.admin_token);
    let ran = home.runs(&["--url", &server.url, "login", "--token"], &token);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("root@example.com"), "{}", ran.out);
    assert!(!ran.out.contains(&server.admin_token) && !ran.err.contains(&server.admin_token));
    let file = home.file("default");
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    let me = home.runs(&["whoami", "--json"], "");
    assert_eq!(me.code, 0, "{}", me.err);
    assert!(me.out.contains("root@example.com"));
    let flag = home.runs(&["--token", "csp_wrong", "whoami"], "");
    assert_eq!(flag.code, 4, "a flag goes before the profile");
    let variable = [("COUNTERSIGN_TOKEN", "csp_wrong")];
    assert_eq!(home.runs_with(&variable, &["whoami"], "").code, 4, "and so does a variable");
}

#[tokio::test]
async fn a_profile_is_shown_to_its_own_server_only() {
    let (server, other) = (Server::start().await, Server::start().await);
    let home = Home::new();
    let token = format!("{}\n", server.admin_token);
    let named = ["--url", server.url.as_str(), "--profile", "work", "login", "--token"];
    assert_eq!(home.runs(&named, &token).code, 0);
    assert!(!home.file("default").exists());
    assert_eq!(home.runs(&["--profile", "work", "whoami"], "").code, 0);
    let variable = [("COUNTERSIGN_PROFILE", "work")];
    assert_eq!(home.runs_with(&variable, &["whoami"], "").code, 0);
    let elsewhere = home.runs(&["--profile", "work", "--url", &other.url, "whoami"], "");
    assert_eq!(elsewhere.code, 4, "{}", elsewhere.err);
    assert!(elsewhere.err.contains("no key was given"), "nothing was sent: {}", elsewhere.err);
    let missing = home.runs(&["--profile", "none", "whoami"], "");
    assert!(missing.err.contains("there is no profile `none`"), "{}", missing.err);
    let path = home.runs(&["--profile", "../x", "whoami"], "");
    assert_eq!(path.code, 2, "{}", path.err);
}

#[tokio::test]
async fn a_profile_that_others_may_read_is_not_used() {
    let server = Server::start().await;
    let home = Home::new();
    let token = format!("{}\n", server.admin_token);
    home.runs(&["--url", &server.url, "login", "--token"], &token);
    let file = home.file("default");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = home.runs(&["whoami"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("chmod 600"), "{}", ran.err);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&file, "{\"url\": 1}\n").unwrap();
    let ran = home.runs(&["whoami"], "");
    assert!(ran.err.contains("cannot be used") && ran.code == 2, "{}", ran.err);
    let whole = ["--url", server.url.as_str(), "--token", server.admin_token.as_str(), "whoami"];
    assert_eq!(home.runs(&whole, "").code, 0, "whoever says everything needs no profile");
}

#[tokio::test]
async fn logging_out_revokes_the_token_and_forgets_it() {
    let server = Server::start().await;
    let home = Home::new();
    let made = server.runs(&["keys", "create", "laptop", "--person", "root@example.com", "--json"]);
    let made: Value = made.json();
    let token = made["secret"].as_str().unwrap();
    assert_eq!(home.runs(&["--url", &server.url, "login", "--token", token], "").code, 0);
    let out = home.runs(&["logout"], "");
    assert_eq!(out.code, 0, "{}", out.err);
    assert!(out.out.contains("revoked"), "{}", out.out);
    assert!(!home.file("default").exists());
    let still = home.runs(&["--url", &server.url, "--token", token, "whoami"], "");
    assert_eq!(still.code, 4, "the token is worth nothing");
    assert_eq!(home.runs(&["logout"], "").code, 9, "nobody is signed in");
}

#[tokio::test]
async fn a_key_of_an_agent_and_a_wrong_token_make_no_profile() {
    let server = Server::start().await;
    let home = Home::new();
    let (_, key) = server.agent_with_key("bot").await;
    for (token, says) in
        [(key.as_str(), "belongs to the agent"), ("csp_wrong", "not valid"), ("", "no key")]
    {
        let ran = home.runs(&["--url", &server.url, "login", "--token"], &format!("{token}\n"));
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    assert!(!home.file("default").exists());
}

#[tokio::test]
async fn people_are_invited_from_the_command_line() {
    let server = Server::start().await;
    let invite = ["users", "invite", "ben@example.com", "--role", "approver", "--group", "finance"];
    let made = server.runs(&[invite.as_slice(), &["--json"]].concat()).json();
    assert!(made["url"].as_str().unwrap().contains("/invitation/csl_"), "{made}");
    let listed = server.runs(&["users", "invitations"]);
    assert!(
        listed.out.contains("ben@example.com") && !listed.out.contains("csl_"),
        "{}",
        listed.out
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(server.runs(&["users", "withdraw", id]).code, 0);
    assert_eq!(server.runs(&["users", "withdraw", id]).code, 9);
    let none = server.runs(&["users", "invitations", "--json"]).json();
    assert_eq!(none["items"], serde_json::json!([]));
}

#[tokio::test]
async fn an_answer_that_takes_a_code_says_so_in_a_terminal_and_in_a_script() {
    let server = Server::start().await;
    let home = Home::new();
    let policy = home.0.path().join("strict.yaml");
    let rule = "kind: Policy\nname: strict\nrules:\n  - {name: sure, actions: [stripe.refund], verdict: escalate, \
                risk: low, approval: {assurance: step_up}}\n";
    std::fs::write(&policy, rule).unwrap();
    let applied = server.runs(&["apply", "--yes", "-f", &policy.display().to_string()]);
    assert_eq!(applied.code, 0, "{} {}", applied.out, applied.err);
    let bot = server.agent("bot").await;
    let asked = bot.ask(&countersign_e2e::asking("stripe.refund"), None).await.unwrap();
    let refused = server.runs(&["approve", &asked.id]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(refused.err.contains("--code") && refused.err.contains("dashboard"), "{}", refused.err);
    let wrong = server.runs(&["approve", &asked.id, "--code", "000000", "--json"]);
    assert_eq!(wrong.code, 4, "{}", wrong.err);
    assert!(wrong.err.contains("step_up_refused"), "{}", wrong.err);
}
