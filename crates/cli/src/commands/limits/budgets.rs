//! `countersign budgets`.

use clap::Args;
use countersign_wire::budgets::BudgetView;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{table, word};

/// How every budget stands; those with limits of their own are listed below it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign budgets --json")]
pub(crate) struct Budgets {}

impl Budgets {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let budgets = globals.client()?.budgets().await?;
        globals.output().show(&budgets, || {
            let columns = ["budget", "used", "limit", "unit", "%", "resets at", "forecast"];
            table(columns, budgets.items.iter().flat_map(rows))
        })?;
        Ok(Exit::Success)
    }
}

fn rows(budget: &BudgetView) -> Vec<[String; 7]> {
    let mut rows = vec![[
        budget.name.clone(),
        budget.used.clone(),
        budget.limit.clone(),
        format!("{}/{}", word(&budget.unit), word(&budget.window)),
        budget.percent.to_string(),
        budget.resets_at.map(|at| at.to_string()).unwrap_or_default(),
        budget.forecast.clone().unwrap_or_default(),
    ]];
    rows.extend(budget.parts.iter().map(|part| {
        [
            format!("{}/{}", budget.name, part.name),
            part.used.clone(),
            budget.limit.clone(),
            String::new(),
            part.percent.to_string(),
            String::new(),
            part.forecast.clone().unwrap_or_default(),
        ]
    }));
    rows
}
