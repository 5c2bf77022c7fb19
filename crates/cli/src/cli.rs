//! The commands as they are typed.

use clap::{Parser, Subcommand};

use crate::commands::{
    Agents, Answer, Apply, Approve, Ask, Audit, Budgets, Cancel, Check, Comment, Completion,
    Config, Delegations, Demo, Deny, Diff, Doctor, Export, Freeze, Get, Grants, Init, Keys, Login,
    Logout, Pending, Policy, Redeem, Report, Request, Resolve, Serve, Settings, Show, Stats,
    Tokens, Unfreeze, Users, Validate, Wait, Webhooks, Whoami,
};
use crate::exit;
use crate::globals::Globals;

/// Countersign: approval for what AI agents do
#[derive(Debug, Parser)]
#[command(name = "countersign", version, after_help = exit::HELP, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) globals: Globals,
}

/// What can be done; for people, agents and admins.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See the whole story: agents ask, you answer, they go on
    Demo(Demo),
    /// Make a data directory with the first admin and an application key
    Init(Init),
    /// Run the server
    Serve(Serve),
    /// Look for what commonly goes wrong with a server, and say how to mend it
    Doctor(Doctor),
    /// What a server is set to
    #[command(subcommand)]
    Config(Config),
    /// Ask whether something may run now
    Check(Check),
    /// Ask a person for a yes
    Request(Request),
    /// Wait for the answer to a request
    Wait(Wait),
    /// Withdraw a request
    Cancel(Cancel),
    /// Answer, as the agent, a person's question
    Answer(Answer),
    /// Claim the one use of an approval
    Redeem(Redeem),
    /// Report how the approved run ended
    Result(Report),
    /// List what waits for an answer
    Pending(Pending),
    /// Show one request whole
    Show(Show),
    /// Say yes
    Approve(Approve),
    /// Say no
    Deny(Deny),
    /// Ask the agent something before you decide
    Ask(Ask),
    /// Say how a run ended whose end was not seen
    Resolve(Resolve),
    /// Remark on a request or a task
    Comment(Comment),
    /// Agents, and what they may do
    #[command(subcommand)]
    Agents(Agents),
    /// People who sign in and answer
    #[command(subcommand)]
    Users(Users),
    /// Who answers in whose place while someone is away
    #[command(subcommand)]
    Delegations(Delegations),
    /// Keys of agents, applications and people
    #[command(subcommand)]
    Keys(Keys),
    /// Capability tokens: what an agent hands to a sub-agent
    #[command(subcommand)]
    Token(Tokens),
    /// What holds for all requests
    Settings(Settings),
    /// How every budget stands
    Budgets(Budgets),
    /// Bounded automatic yeses
    Grants(Grants),
    /// Stop everything, an agent, or some actions
    Freeze(Freeze),
    /// Let go on what was frozen
    Unfreeze(Unfreeze),
    /// Addresses outside that are told what happens
    #[command(subcommand)]
    Webhooks(Webhooks),
    /// Look for mistakes in policy files, without a server
    Validate(Validate),
    /// Show what applying policy files would change
    Diff(Diff),
    /// Put policy files into force
    Apply(Apply),
    /// Show policy documents that are in force
    Get(Get),
    /// Write all policy documents that are in force as YAML
    Export(Export),
    /// Policy documents as files
    #[command(subcommand)]
    Policy(Policy),
    /// Sign this command line in, through a browser
    Login(Login),
    /// Sign this command line out
    Logout(Logout),
    /// Whose key this is
    Whoami(Whoami),
    /// The record of everything that happened
    #[command(subcommand)]
    Audit(Audit),
    /// How many, how fast, by whom
    Stats(Stats),
    /// Print completions for a shell
    Completion(Completion),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_commands_fit_together() {
        super::Cli::command().debug_assert();
    }
}
