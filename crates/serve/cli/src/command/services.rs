//! `isobar services`: the catalog as a table, and what it does not cover.
//!
//! In: the embedded catalog. Out: a table, JSON, or the Markdown of `docs/services.md`.

use anyhow::Result;
use clap::Args;
use isobar_catalog::spec::{Catalog, Scope, Service};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{self, Format, Table};
use crate::exit::Outcome;

/// List the AWS services isobar reads, and those it does not
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

/// Prints the catalog.
pub(crate) fn run(_: &Arguments, settings: &Settings) -> Result<Outcome> {
    let catalog = Catalog::embedded();
    match settings.output {
        Format::Json => console::json(&as_json(catalog))?,
        Format::Table => {
            console::line(&covered(catalog).render())?;
            console::line("\nNot covered:\n")?;
            let mut table = Table::new(["SERVICE", "TITLE", "WHY NOT"]);
            for gap in Catalog::uncovered() {
                table.row([&gap.service, &gap.title, &gap.reason]);
            }
            table.print()?;
        }
    }
    Ok(Outcome::Done)
}

fn covered(catalog: &Catalog) -> Table {
    let mut table = Table::new(["SERVICE", "TITLE", "ASKED", "CALLS", "TYPES"]);
    for service in &catalog.services {
        let calls = service.calls.len().to_string();
        let types = components(service).join(" ");
        table.row([&service.service, &service.title, asked(service.scope), &calls, &types]);
    }
    table
}

fn asked(scope: Scope) -> &'static str {
    match scope {
        Scope::Regional => "per region",
        Scope::Global => "once",
    }
}

/// The types a filter and `--exclude` know, each once.
fn components(service: &Service) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for resource in &service.resources {
        if !words.contains(&resource.component.as_str()) {
            words.push(&resource.component);
        }
    }
    words
}

fn as_json(catalog: &Catalog) -> Value {
    let services: Vec<Value> = catalog
        .services
        .iter()
        .map(|service| {
            let calls: Vec<&str> = service.calls.iter().map(|call| call.operation.as_str()).collect();
            let resources: Vec<Value> = service
                .resources
                .iter()
                .map(|resource| json!({"kind": resource.kind, "type": resource.component}))
                .collect();
            let global = matches!(service.scope, Scope::Global);
            json!({
                "service": service.service, "title": service.title,
                "scope": if global { "global" } else { "regional" },
                "calls": calls, "resources": resources,
            })
        })
        .collect();
    let gaps: Vec<Value> = Catalog::uncovered()
        .iter()
        .map(|gap| json!({"service": gap.service, "title": gap.title, "reason": gap.reason}))
        .collect();
    json!({"services": services, "notCovered": gaps})
}

/// `docs/services.md`.
#[cfg(test)]
pub(crate) fn markdown(catalog: &Catalog) -> String {
    let code = |words: &[&str]| words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" ");
    let mut page = String::from(
        "# AWS services\n\n\
         Generated from the catalog; `cargo xtask bless docs_` writes it anew. The same table is printed by\n\
         `isobar services`. *Types* are the words that filters (`type=ec2`) and `exclude` take.\n\n\
         | service | title | asked | calls | types |\n|---|---|---|---|---|\n",
    );
    for service in &catalog.services {
        let calls: Vec<&str> = service.calls.iter().map(|call| call.operation.as_str()).collect();
        page.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            service.service,
            service.title,
            asked(service.scope),
            code(&calls),
            code(&components(service))
        ));
    }
    page.push_str(
        "\n## Not covered\n\nCloudcraft draws these, isobar does not yet. A recording of them would hold nothing, so a\n\
         drawing does not show them and does not warn about them.\n\n| service | title | why not |\n|---|---|---|\n",
    );
    for gap in Catalog::uncovered() {
        page.push_str(&format!("| `{}` | {} | {} |\n", gap.service, gap.title, gap.reason));
    }
    page
}
