//! What developers and CI run: `cargo xtask verify`.

mod verify;

use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask COMMAND

commands:
  verify [--strict] [--only STEP]...   check everything, and end with a table
      --strict   a step that had to be skipped counts as failed (as in CI)
      --only     run only this step (repeatable)
      steps:     format, clippy, rust-tests, dependencies, fuzz, stories, webhooks
  help                                 print this

What a step needs and the machine lacks is put into `.verify/`.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        None => help(),
        Some((command, _)) if ["help", "-h", "--help"].contains(&command.as_str()) => help(),
        Some((command, rest)) if command == "verify" => verified(rest),
        Some((command, _)) => wrong(&format!("there is no command `{command}`")),
    }
}

fn verified(words: &[String]) -> ExitCode {
    if words.iter().any(|word| word == "-h" || word == "--help") {
        return help();
    }
    let options = match verify::Options::parse(words) {
        Ok(options) => options,
        Err(why) => return wrong(&why.to_string()),
    };
    match verify::run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> ExitCode {
    println!("{HELP}");
    ExitCode::SUCCESS
}

fn wrong(why: &str) -> ExitCode {
    eprintln!("error: {why}\n\n{HELP}");
    ExitCode::from(2)
}
