//! `countersign login`.

use std::io::{self, BufRead as _};

use clap::Args;
use countersign_client::{Client, ClientError};
use countersign_domain::display::sanitise;
use countersign_wire::Code;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::{Globals, Place};
use crate::output::{Output, fields};
use crate::profile::Profile;

/// Sign this command line in: it shows a code and a link, and you let it in from a browser in which you are
/// signed in. Its token is kept in a profile, which every command then uses.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  countersign login --url https://ok.example.com\n  \
    countersign login --profile work --url https://ok.example.com\n  \
    countersign login --token < token.txt")]
pub(crate) struct Login {
    /// What this machine calls itself to whoever lets it in; by default your name and that of the machine
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
}

impl Login {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let output = globals.output();
        let place = globals.place_to_sign_in()?;
        let token = match globals.typed_token() {
            Some((_, true)) => pasted(output)?,
            Some((typed, false)) => typed.to_owned(),
            None => self.let_in(&place, output).await?,
        };
        let me = Client::new(&place.url, &token, &place.org)?.me().await?;
        if me.kind != "person" {
            return Err(Failure::Refused {
                what: format!("this key belongs to the {} `{}`", me.kind, sanitise(&me.name)),
                next: "a profile is for people; give an agent its key in COUNTERSIGN_TOKEN",
                exit: Exit::NotAllowed,
            });
        }
        let name = globals.profile_name();
        let Place { url, org, .. } = place;
        let profile = Profile { url: url.clone(), org, person: me.name.clone(), token };
        let path = profile.save(name)?.display().to_string();
        if Globals::has_token_in_environment() {
            output.tell("note: COUNTERSIGN_TOKEN is set, and goes before the profile");
        }
        let done = json!({"person": me.name, "url": url, "profile": name, "file": path});
        output.show(&done, || {
            let signed_in = format!("{} at {url}", me.name);
            fields([
                ("signed in as", signed_in),
                ("profile", name.to_owned()),
                ("kept in", path.clone()),
            ])
        })?;
        Ok(Exit::Success)
    }

    /// Shows a code, and waits until a person lets this machine in.
    async fn let_in(&self, place: &Place, output: Output) -> Result<String, Failure> {
        let client = Client::new(&place.url, "", &place.org)?;
        let machine = self.machine.clone().unwrap_or_else(this_machine);
        let started = client.start_login(&machine).await?;
        let (code, url) = (sanitise(&started.code), sanitise(&started.url));
        match output {
            Output::Human => output.tell(&format!(
                "Open this in a browser in which you are signed in:\n\n  {url}\n\n\
                 It has to show this code: {code}\n\nWaiting…"
            )),
            Output::Json => {
                let asked = json!({"code": code, "url": url, "expires_at": started.expires_at});
                output.show(&asked, String::new)?;
            }
        }
        let answer = client.finish_login(&started).await.map_err(|error| match &error {
            ClientError::Problem(problem) if problem.code == Code::NotFound => Failure::Refused {
                what: "this machine was refused, or nobody let it in in time".to_owned(),
                next: "run `countersign login` again",
                exit: Exit::NotAllowed,
            },
            _ => error.into(),
        })?;
        answer.token.ok_or(Failure::NoToken)
    }
}

fn pasted(output: Output) -> Result<String, Failure> {
    output.tell("Paste your token, which your account page in the dashboard makes:");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let token = line.trim().to_owned();
    if token.is_empty() { Err(Failure::NoToken) } else { Ok(token) }
}

/// What this machine is called, so that whoever lets it in knows it again.
fn this_machine() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    match std::env::var("USER") {
        Ok(user) if !user.is_empty() => format!("{user}@{host}"),
        Ok(_) | Err(_) => host,
    }
}
