use std::path::Path;

use clap::{ArgAction, Args as _, Command};

use super::*;
use crate::commands::{Demo, Init};
use crate::globals::Globals;

fn read(text: &str) -> Result<File, String> {
    let (file, dir) = (Path::new("/data/countersign.toml"), Path::new("/data"));
    File::read(file, text, dir).map_err(|failure| failure.to_string())
}

fn listen(line: &[&str], file: &File) -> Serve {
    let line = line.iter().map(Into::into).collect();
    let all = matches(line, &["serve"], Some(file)).unwrap();
    Serve::from_arg_matches(all.subcommand().unwrap().1).unwrap()
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let file =
        read("listen = \"127.0.0.1:1\"\nallow_private_targets = [\"10.0.0.0/8\", \"::1\"]\n")
            .unwrap();
    let from_file = listen(&["countersign", "serve"], &file);
    assert_eq!(from_file.listen.to_string(), "127.0.0.1:1");
    assert_eq!(from_file.allow_private_targets.len(), 2);
    let flag =
        ["countersign", "serve", "--listen", "127.0.0.1:2", "--allow-private-targets", "::1"];
    let from_flag = listen(&flag, &file);
    assert_eq!(from_flag.listen.to_string(), "127.0.0.1:2");
    assert_eq!(from_flag.allow_private_targets.len(), 1);
    let default = listen(&["countersign", "serve"], &read("").unwrap());
    assert_eq!(default.listen.to_string(), "127.0.0.1:7733");
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_line() {
    for (text, expected) in [
        (
            "\nlisen = \"x\"",
            "/data/countersign.toml:2:1: there is no setting `lisen`; `listen` may be meant",
        ),
        ("config = \"x\"", "1:1: there is no setting `config`"),
        ("a = 1", "1:1: there is no setting `a`; there are data_dir, listen"),
        ("# ok\nlisten = \"nowhere\"", "2:1: invalid value 'nowhere' for '--listen <ADDRESS>'"),
        ("listen = [\"a\", \"b\"]", "1:1: `listen` is one value, not a list"),
        ("requests_per_second = 1.5", "1:1: write a text in quotes"),
        ("requests_per_second = -1", "1:1: invalid value '-1'"),
        ("[listen]\nport = 1", "1:2: write a text in quotes"),
        ("data_dir = \"/data\"", "1:1: this file stands in the directory that `data_dir` names"),
        ("listen = 1\nlisten = 2", ":2:1: "),
        ("listen =\n", ":1:"),
        ("listen = \"127.0.0.1:1\"\nlog_format = \"tex", ":2:1"),
        ("requests_per_second = 0", "1:1: invalid value '0'"),
        ("public_url = \"javascript:alert(1)\"", "1:1: invalid value 'javascript:alert(1)'"),
        ("session_idle = \"10\"", "1:1: invalid value '10' for '--session-idle <LENGTH>'"),
    ] {
        let refused = read(text).expect_err(text);
        assert!(refused.contains(expected), "{refused} for {text}");
    }
}

#[test]
fn the_file_that_init_writes_changes_nothing_and_can_be_filled_in() {
    let sample = sample::text();
    assert_eq!(read(&sample), read(""));
    let lines: Vec<_> = sample.lines().filter(|l| l.contains(" = ")).map(|l| &l[2..]).collect();
    let filled = lines.join("\n");
    let filled = filled.replace("public_url = \"\"", "public_url = \"https://x\"");
    let file = read(&filled).unwrap();
    for arg in options().get_arguments().map(|arg| arg.get_id().as_str()) {
        assert_eq!(file.has(arg), !["config", "data_dir"].contains(&arg), "{arg}");
    }
}

/// A table of the options of a command.
fn options_of(command: &Command) -> String {
    let mut page =
        String::from("| option | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    for arg in command.get_arguments() {
        let code = |text: String| if text.is_empty() { text } else { format!("`{text}`") };
        let long = arg.get_long().unwrap_or_default();
        let env = arg.get_env().map(|env| env.to_string_lossy().into_owned()).unwrap_or_default();
        let defaults: Vec<_> =
            arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
        let names: Vec<_> =
            arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
        let one_of =
            if names.is_empty() { String::new() } else { format!(": {}", names.join(" or ")) };
        let several = if matches!(arg.get_action(), ArgAction::Append) { " (several)" } else { "" };
        page.push_str(&format!(
            "| `--{long}`{several} | {} | {} | {help}{one_of} |\n",
            code(env),
            code(defaults.join(", ")),
        ));
    }
    page
}

#[test]
fn the_published_configuration_is_that_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
    let mut page = String::from(
        "# Configuration\n\nWhere a value comes from, the first that says something: the flag, the variable of the \
         environment, the file, the\ndefault. `countersign config explain` shows what holds and why.\n\nThe file is \
         the one that `--config` names, or else `countersign.toml` in the data directory. It is TOML; its keys are\n\
         the options of `serve` with `_` for `-`, such as `requests_per_second = 200`; a list where there may be \
         several. A key\nthat is not known, or a value that is not taken, keeps the server from starting.\n",
    );
    for (name, command) in [
        ("serve", options()),
        ("init", Init::augment_args(Command::new("init"))),
        ("demo", Demo::augment_args(Command::new("demo"))),
        ("Every command", Globals::augment_args(Command::new("globals"))),
    ] {
        let title =
            if name.contains(' ') { name.to_owned() } else { format!("`countersign {name}`") };
        page.push_str(&format!("\n## {title}\n\n{}", options_of(&command)));
    }
    page.push_str(
        "\n`COUNTERSIGN_LOG` says what `serve` logs; see [running a server](../operations/running.md#logs).\n",
    );
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == page, "run `UPDATE_REFERENCE=1 cargo test -p countersign published`");
}
