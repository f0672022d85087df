//! `isobar key`: the API's keys. A key is shown once, when it is made.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use isobar_app::{ApiKey, Rights};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::config::Settings;
use crate::console::{self, Format, Table, warn};
use crate::exit::Outcome;

/// Make, list and revoke API keys
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Make a key and print it; it is shown this once
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is for
    #[arg(long, default_value = "command line")]
    name: String,
    /// The key may also link, change and remove accounts
    #[arg(long)]
    write: bool,
}

/// List the keys, revoked ones included
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Revoke a key; it stops working at once
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The key's id, as `isobar key list` shows it
    id: String,
}

/// Runs the subcommand.
pub(crate) async fn run(command: Command, settings: &Settings) -> Result<Outcome> {
    let (app, scope) = super::open(settings).await?;
    match command {
        Command::Create(create) => {
            let rights = if create.write { Rights::ReadWrite } else { Rights::Read };
            let (key, secret) = app.key_create(&scope, &create.name, rights).await?;
            match settings.output {
                Format::Json => {
                    let mut value = as_json(&key);
                    value["key"] = secret.reveal().into();
                    console::json(&value)?;
                }
                Format::Table => {
                    console::line(secret.reveal())?;
                    warn(&format!("{} key; it is not shown again", key.rights.as_str()));
                }
            }
        }
        Command::List(_) => {
            let keys = app.keys(&scope).await?;
            match settings.output {
                Format::Json => console::json(&keys.iter().map(as_json).collect::<Vec<_>>())?,
                Format::Table => table(&keys).print()?,
            }
        }
        Command::Revoke(revoke) => {
            let id = Uuid::parse_str(&revoke.id)
                .with_context(|| format!("{:?} is no key id; `isobar key list` shows them", revoke.id))?;
            app.key_revoke(&scope, id).await?;
            warn("revoked");
        }
    }
    app.close().await;
    Ok(Outcome::Done)
}

fn table(keys: &[ApiKey]) -> Table {
    let mut table = Table::new(["ID", "NAME", "RIGHTS", "CREATED", "LAST USED", "REVOKED"]);
    for key in keys {
        let when = |at: Option<isobar_model::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        table.row([
            &key.id.to_string(),
            &key.name,
            key.rights.as_str(),
            &key.created.to_string(),
            &when(key.used),
            &when(key.revoked),
        ]);
    }
    table
}

fn as_json(key: &ApiKey) -> Value {
    json!({
        "id": key.id.to_string(), "name": key.name, "rights": key.rights.as_str(),
        "createdAt": key.created.to_string(),
        "lastUsedAt": key.used.map(|at| at.to_string()),
        "revokedAt": key.revoked.map(|at| at.to_string()),
    })
}
