//! Running the commands of a document, against a server of its own.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use countersign_e2e::{Server, binary};
use tempfile::TempDir;

use crate::markdown::{Block, Page};
use crate::mask::fits;

/// The longest that the commands of one document may take.
const MOST: Duration = Duration::from_mins(2);
/// What `timeout` ends with where it had to end a program.
const TOO_LONG: i32 = 124;
/// What is printed after each block.
const END: char = '\u{1e}';
/// Names an interpreter that has the packages of `sdk/stories/requirements.txt`.
const PYTHON: &str = "COUNTERSIGN_PYTHON";

/// Runs every `sh` block of a document in one shell, in order, and compares what is shown below a block with
/// what it printed; gives what is not so.
pub async fn untrue(name: &str) -> Vec<String> {
    let page = Page::read(name);
    let python = std::env::var_os(PYTHON);
    if page.blocks.iter().any(|block| block.language == "python") && python.is_none() {
        // Written past the capture of the test harness, so that it is seen.
        writeln!(
            io::stderr(),
            "SKIPPED {name}: {PYTHON} names no interpreter that has the packages"
        )
        .expect("standard error");
        return Vec::new();
    }
    let server = Server::start().await;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (status, printed) = run(&server, &dir, &script(&page)).await;
    if !status.success() {
        return vec![format!("{name} ended with {status}:\n{printed}")];
    }
    let (mut outputs, mut output, mut untrue) = (printed.split(END), "", Vec::new());
    for block in &page.blocks {
        if block.language == "sh" {
            output = outputs.next().unwrap_or_default();
        } else if block.language == "text" && shows(&page, block) && !fits(&block.body, output) {
            let (line, shown) = (block.line, &block.body);
            untrue.push(format!(
                "{name}, line {line}, shows\n{shown}\nbut this was printed:\n{output}"
            ));
        }
    }
    untrue
}

/// Whether a block shows what the one right before it printed.
fn shows(page: &Page, block: &Block) -> bool {
    let before = page.blocks.iter().rev().find(|other| other.line < block.line);
    block.adjacent && before.is_some_and(|before| before.language == "sh")
}

/// The shell script that a document makes; a `python` block becomes the file that its first line names, and
/// a `yaml` block is an excerpt that is only read.
fn script(page: &Page) -> String {
    let commands = page.blocks.iter().map(|block| match block.language.as_str() {
        "sh" => format!("{}printf '\\036'\n", block.body),
        "python" => {
            let first = block.body.lines().next().unwrap_or_default();
            let file = first.strip_prefix("# ").expect("the name of the file, as a comment");
            format!("cat > {file} <<'PYTHON'\n{}PYTHON\n", block.body)
        }
        "text" | "yaml" => String::new(),
        other => {
            panic!(
                "line {}: a fence is `sh`, `python`, `text` or `yaml`, not `{other}`",
                block.line
            )
        }
    });
    format!("exec 2>&1\n{}", commands.collect::<String>())
}

/// Runs a script. What it prints goes to a file, which nothing that it leaves running can hold up.
async fn run(server: &Server, dir: &TempDir, script: &str) -> (ExitStatus, String) {
    let (file, output) = (dir.path().join("script"), dir.path().join("output"));
    std::fs::write(&file, script).expect("the script is written");
    let home = dir.path().join("empty");
    std::fs::create_dir(&home).expect("an empty directory");
    let mut shell = Command::new("timeout");
    shell
        .args([format!("{}s", MOST.as_secs()).as_str(), "bash", "-euo", "pipefail"])
        .arg(&file)
        .current_dir(&home)
        .env("PATH", path())
        .env("COUNTERSIGN_URL", &server.url)
        .env("COUNTERSIGN_TOKEN", &server.admin_token)
        .stdin(Stdio::null())
        .stdout(File::create(&output).expect("a file"));
    let ended = tokio::task::spawn_blocking(move || shell.status()).await;
    let status = ended.expect("nothing panics").expect("bash runs");
    let printed = std::fs::read(&output).expect("what was printed");
    let printed = String::from_utf8_lossy(&printed).into_owned();
    assert_ne!(status.code(), Some(TOO_LONG), "not done after {MOST:?}:\n{printed}");
    (status, printed)
}

/// A search path where `countersign` is the built binary, and `python` the interpreter that was named.
fn path() -> String {
    let folder = |file: &Path| {
        file.parent().map(|folder| format!("{}:", folder.display())).unwrap_or_default()
    };
    let python = std::env::var_os(PYTHON).map(|python| folder(Path::new(&python)));
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}{}{rest}", python.unwrap_or_default(), folder(&binary()))
}
