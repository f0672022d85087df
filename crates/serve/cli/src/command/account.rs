//! `isobar account`: linked accounts.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use isobar_app::{Access, Account, AccountChange, App, NewAccount, Scope};
use isobar_model::{AccountId, Region};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{self, Format, Table, clean, warn};
use crate::exit::Outcome;

/// Link AWS accounts, and look after them
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    Update(Update),
    Remove(Named),
    Verify(Named),
    Parameters(Parameters),
}

/// Link an account; its role is assumed first, to see that it works
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What you call it
    #[arg(long)]
    name: String,
    /// The role to assume, arn:aws:iam::123456789012:role/isobar
    #[arg(long, value_name = "ARN")]
    role_arn: String,
    /// The region whose STS is asked [default: the partition's home region]
    #[arg(long)]
    region: Option<String>,
}

/// List the linked accounts
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Change an account; a changed role is assumed first
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The account's id or name
    account: String,
    /// What you call it from now on
    #[arg(long)]
    name: Option<String>,
    /// The role to assume from now on
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// The region whose STS is asked
    #[arg(long)]
    region: Option<String>,
}

/// One account
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The account's id or name
    account: String,
}

/// Show what is needed to make a role: whom it trusts and the external id
#[derive(Debug, Args)]
pub(crate) struct Parameters {}

/// Runs the subcommand.
pub(crate) async fn run(command: Command, settings: &Settings) -> Result<Outcome> {
    let (app, scope) = super::open(settings).await?;
    let shown = |account: &Account| show(account, settings.output);
    match command {
        Command::Add(add) => {
            let new = NewAccount {
                name: add.name,
                role_arn: add.role_arn,
                region: region(add.region.as_deref(), settings)?,
                read_access: Access(None),
                write_access: Access(None),
            };
            shown(&app.account_add(&scope, new).await?)?;
        }
        Command::List(_) => {
            let accounts = app.accounts(&scope).await?;
            match settings.output {
                Format::Json => console::json(&accounts.iter().map(as_json).collect::<Vec<_>>())?,
                Format::Table => table(&accounts).print()?,
            }
        }
        Command::Update(update) => {
            let id = find(&app, &scope, &update.account).await?.id;
            let change = AccountChange {
                name: update.name,
                role_arn: update.role_arn,
                region: region(update.region.as_deref(), settings)?,
                ..AccountChange::default()
            };
            shown(&app.account_update(&scope, id, change).await?)?;
        }
        Command::Remove(named) => {
            let account = find(&app, &scope, &named.account).await?;
            app.account_remove(&scope, account.id).await?;
            warn(&format!("removed {} ({})", clean(&account.name), account.id));
        }
        Command::Verify(named) => {
            let id = find(&app, &scope, &named.account).await?.id;
            shown(&app.account_verify(&scope, id).await?)?;
        }
        Command::Parameters(_) => {
            let parameters = app.iam_parameters(&scope).await?;
            match settings.output {
                Format::Json => console::json(&json!({
                    "accountId": parameters.account_id.as_str(),
                    "externalId": parameters.external_id.to_string(),
                    "awsConsoleUrl": parameters.console_url,
                }))?,
                Format::Table => {
                    console::line(&format!("trusted account  {}", parameters.account_id.as_str()))?;
                    console::line(&format!("external id      {}", parameters.external_id))?;
                    console::line(&format!("console          {}", parameters.console_url))?;
                }
            }
        }
    }
    app.close().await;
    Ok(Outcome::Done)
}

/// The account of that id or name.
pub(crate) async fn find(app: &App, scope: &Scope, text: &str) -> Result<Account> {
    if let Ok(id) = AccountId::parse(text) {
        return app.account(scope, id).await.with_context(|| hint(text));
    }
    let mut named: Vec<Account> =
        app.accounts(scope).await?.into_iter().filter(|account| account.name == text).collect();
    match named.len() {
        1 => Ok(named.remove(0)),
        0 => bail!("{}", hint(text)),
        n => bail!("{n} accounts are called {text:?}; say the id that `isobar account list` shows"),
    }
}

fn hint(text: &str) -> String {
    format!("there is no account {text:?}; `isobar account list` shows those there are")
}

fn region(text: Option<&str>, settings: &Settings) -> Result<Option<Region>> {
    text.map(|text| isobar_app::regions::parse(text, &settings.extra_regions)).transpose().map_err(Into::into)
}

fn show(account: &Account, format: Format) -> Result<()> {
    match format {
        Format::Json => console::json(&as_json(account))?,
        Format::Table => table(std::slice::from_ref(account)).print()?,
    }
    if let Some(warning) = &account.warning {
        warn(&format!("warning: {}", clean(warning)));
    }
    Ok(())
}

fn table(accounts: &[Account]) -> Table {
    let mut table = Table::new(["ID", "NAME", "AWS ACCOUNT", "ROLE", "VERIFIED", ""]);
    for account in accounts {
        table.row([
            &account.id.to_string(),
            &account.name,
            account.aws_account.as_ref().map(|id| id.as_str()).unwrap_or_default(),
            &account.role_arn,
            &account.verified.map(|at| at.to_string()).unwrap_or_default(),
            if account.warning.is_some() { "warning" } else { "" },
        ]);
    }
    table
}

fn as_json(account: &Account) -> Value {
    json!({
        "id": account.id.to_string(), "name": account.name, "roleArn": account.role_arn,
        "externalId": account.external_id.to_string(), "region": account.region.as_str(),
        "awsAccount": account.aws_account.as_ref().map(|id| id.as_str()),
        "verifiedAt": account.verified.map(|at| at.to_string()),
        "warning": account.warning,
        "createdAt": account.created.to_string(), "updatedAt": account.updated.to_string(),
    })
}
