//! `countersign get` and `countersign export`: what is in force.

use std::io::{self, IsTerminal as _, Write as _};

use clap::{Args, ValueEnum};
use countersign_domain::display::sanitise;
use countersign_domain::policy::document::DocumentKind;
use countersign_wire::policies::{DocumentView, kind_named};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{Output, table};

/// Show policy documents that are in force.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign get policies\n  countersign get policy refunds -o yaml"
)]
pub(crate) struct Get {
    /// Agent, Policy, Budget, Grant, Tool, Group or Defaults; every kind if it is left out
    #[arg(value_parser = kind)]
    kind: Option<DocumentKind>,
    /// The document
    name: Option<String>,
    /// How to print: a table of many and YAML of one, unless it is said
    #[arg(short = 'o', long, value_enum)]
    output: Option<Form>,
}

/// Write everything that is in force as one YAML file to standard output.
#[derive(Debug, Args)]
pub(crate) struct Export {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Yaml,
    Json,
}

fn kind(word: &str) -> Result<DocumentKind, String> {
    let kinds = DocumentKind::ALL.map(DocumentKind::as_str).join(", ");
    kind_named(word).ok_or_else(|| format!("kinds are {kinds}"))
}

impl Get {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let client = globals.client()?;
        let kind = self.kind.map(DocumentKind::as_str);
        let form = match (self.output, globals.output()) {
            (Some(Form::Json), _) | (None, Output::Json) => Some(Form::Json),
            (form, _) => form,
        };
        if let (Some(kind), Some(name)) = (kind, &self.name) {
            let document = client.policy(kind, name).await?;
            match form {
                Some(Form::Json) => Output::Json.show(&document, String::new)?,
                Some(Form::Yaml) | None => print_yaml(&document.yaml)?,
            }
            return Ok(Exit::Success);
        }
        let documents = client.policies(kind).await?;
        match form {
            Some(Form::Json) => Output::Json.show(&documents, String::new)?,
            Some(Form::Yaml) => {
                let all = documents.items.iter().map(|document| document.yaml.as_str());
                print_yaml(&all.collect::<Vec<_>>().join("---\n"))?;
            }
            None => Output::Human.show(&documents, || listed(&documents.items))?,
        }
        Ok(Exit::Success)
    }
}

impl Export {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let text = globals.client()?.export_policies().await?;
        match globals.output() {
            Output::Json => Output::Json.show(&serde_json::json!({"yaml": text}), String::new)?,
            Output::Human => print_yaml(&text)?,
        }
        Ok(Exit::Success)
    }
}

fn listed(documents: &[DocumentView]) -> String {
    let row = |document: &DocumentView| {
        [
            document.kind.clone(),
            document.name.clone(),
            document.revision.to_string(),
            document.updated_at.to_string(),
            document.updated_by.clone(),
            if document.from_file { "file" } else { "granted" }.to_owned(),
        ]
    };
    table(["kind", "name", "revision", "updated", "by", "from"], documents.iter().map(row))
}

/// As it is into a file or pipe; on a terminal every character is made visible.
fn print_yaml(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        for line in text.lines() {
            writeln!(out, "{}", sanitise(line))?;
        }
    } else {
        out.write_all(text.as_bytes())?;
    }
    Ok(out.flush()?)
}
