//! The commands, a file each.

mod account;
mod agent;
mod completion;
mod demo;
mod limits;
mod organization;
mod person;
mod policy;
mod record;
mod server;

pub(crate) use account::{Login, Logout};
pub(crate) use agent::{Answer, Cancel, Check, Redeem, Report, Request, Wait};
pub(crate) use completion::Completion;
pub(crate) use demo::Demo;
pub(crate) use limits::{Budgets, Freeze, Grants, Unfreeze};
pub(crate) use organization::{
    Agents, Delegations, Keys, Settings, Tokens, Users, Webhooks, Whoami,
};
pub(crate) use person::{Approve, Ask, Comment, Deny, Pending, Resolve, Show};
pub(crate) use policy::{Apply, Diff, Export, Get, Policy, Validate};
pub(crate) use record::{Audit, Stats};
pub(crate) use server::{Config, Doctor, Init, Serve, layered};

use crate::cli::Command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Does what was typed.
pub(crate) async fn run(command: &Command, globals: &Globals) -> Result<Exit, Failure> {
    match command {
        Command::Demo(command) => command.run().await,
        Command::Init(command) => command.run(globals).await,
        Command::Serve(command) => command.run().await,
        Command::Doctor(command) => command.run(globals).await,
        Command::Config(command) => command.run(globals),
        Command::Check(command) => command.run(globals).await,
        Command::Request(command) => command.run(globals).await,
        Command::Wait(command) => command.run(globals).await,
        Command::Cancel(command) => command.run(globals).await,
        Command::Answer(command) => command.run(globals).await,
        Command::Redeem(command) => command.run(globals).await,
        Command::Result(command) => command.run(globals).await,
        Command::Pending(command) => command.run(globals).await,
        Command::Show(command) => command.run(globals).await,
        Command::Approve(command) => command.run(globals).await,
        Command::Deny(command) => command.run(globals).await,
        Command::Ask(command) => command.run(globals).await,
        Command::Resolve(command) => command.run(globals).await,
        Command::Comment(command) => command.run(globals).await,
        Command::Agents(command) => command.run(globals).await,
        Command::Users(command) => command.run(globals).await,
        Command::Delegations(command) => command.run(globals).await,
        Command::Keys(command) => command.run(globals).await,
        Command::Token(command) => command.run(globals).await,
        Command::Settings(command) => command.run(globals).await,
        Command::Budgets(command) => command.run(globals).await,
        Command::Grants(command) => command.run(globals).await,
        Command::Freeze(command) => command.run(globals).await,
        Command::Unfreeze(command) => command.run(globals).await,
        Command::Webhooks(command) => command.run(globals).await,
        Command::Validate(command) => command.run(globals).await,
        Command::Diff(command) => command.run(globals).await,
        Command::Apply(command) => command.run(globals).await,
        Command::Get(command) => command.run(globals).await,
        Command::Export(command) => command.run(globals).await,
        Command::Policy(command) => command.run(globals).await,
        Command::Login(command) => command.run(globals).await,
        Command::Logout(command) => command.run(globals).await,
        Command::Whoami(command) => command.run(globals).await,
        Command::Audit(command) => command.run(globals).await,
        Command::Stats(command) => command.run(globals).await,
        Command::Completion(command) => command.run(),
    }
}
