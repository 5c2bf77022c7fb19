//! The command line of Countersign: `countersign --help` lists what it does and how it exits.

#![cfg_attr(test, recursion_limit = "256")]

mod cli;
mod commands;
mod exit;
mod failure;
mod globals;
mod input;
mod output;
mod profile;
mod refusal;
#[cfg(test)]
mod sample;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};
use cli::{Cli, Command};
use exit::Exit;
use failure::Failure;
use mimalloc::MiMalloc;
use tokio::runtime::Builder;

/// A request is many small texts, made in one thread and often given up in another: the allocator of the C
/// library spent a quarter of the server's time on that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => {
            let line: Vec<_> = std::env::args_os().collect();
            let refusal = refusal::explained(refusal, Cli::command(), &line);
            // Nothing is left to tell if even this cannot be written.
            let _written = refusal.print();
            return ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(Exit::Usage.code()));
        }
    };
    let output = cli.globals.output();
    let line = std::env::args_os().collect();
    let done = commands::layered(cli, line).and_then(|cli| run(&cli));
    let exit = done.unwrap_or_else(|failure| {
        failure.report(output);
        failure.exit()
    });
    ExitCode::from(exit.code())
}

fn run(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Serve(serve) => {
            Builder::new_multi_thread().enable_all().build()?.block_on(serve.run())
        }
        Command::Demo(demo) => {
            Builder::new_multi_thread().enable_all().build()?.block_on(demo.run())
        }
        command => Builder::new_current_thread().enable_all().build()?.block_on(async {
            tokio::select! {
                exit = commands::run(command, &cli.globals) => exit,
                _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
            }
        }),
    }
}
