//! `configure`: accounts and named address ranges in the config file.

use clap::{Args, Subcommand};
use isobar_network::Cidr;
use serde_json::json;

use crate::{Config, Context, Error};

/// Add and remove accounts and named address ranges in the config file.
#[derive(Debug, Args)]
pub struct Configure {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
#[command(rename_all = "kebab-case")]
enum Action {
    /// Add an account
    AddAccount {
        /// Its name, which is also its folder below account-data
        #[arg(long)]
        name: String,
        /// Its twelve digits
        #[arg(long)]
        id: String,
        /// Use it where no account is named
        #[arg(long, default_value = "false")]
        default: String,
        #[command(flatten)]
        file: File,
    },
    /// Remove accounts by name, by id, or where both agree
    RemoveAccount {
        /// The name
        #[arg(long)]
        name: Option<String>,
        /// The twelve digits
        #[arg(long)]
        id: Option<String>,
        #[command(flatten)]
        file: File,
    },
    /// Give an address range a name
    AddCidr {
        /// The range, 203.0.113.0/24
        #[arg(long)]
        cidr: String,
        /// Its name
        #[arg(long)]
        name: String,
        #[command(flatten)]
        file: File,
    },
    /// Take names of address ranges away by range, by name, or where both agree
    RemoveCidr {
        /// The range
        #[arg(long)]
        cidr: Option<String>,
        /// The name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        file: File,
    },
}

#[derive(Debug, Args)]
struct File {
    /// The config file; made where there is none
    #[arg(long, default_value = "config.json")]
    config_file: String,
}

impl Configure {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let file = match &self.action {
            Action::AddAccount { file, .. }
            | Action::RemoveAccount { file, .. }
            | Action::AddCidr { file, .. }
            | Action::RemoveCidr { file, .. } => &file.config_file,
        };
        let path = context.place.path(file)?;
        let mut config = if path.exists() { context.config(file)? } else { Config::default() };
        change(&self.action, &mut config, context)?;
        context.write(&path, config.to_text().as_bytes())
    }
}

fn change(action: &Action, config: &mut Config, context: &Context) -> Result<(), Error> {
    match action {
        Action::AddAccount { name, id, default, .. } => {
            // A name that could not become a folder would only fail later, at collect.
            context.place.account(name)?;
            let mut account = json!({"id": id, "name": name});
            if default.eq_ignore_ascii_case("true") {
                account["default"] = json!(true);
            }
            config.accounts_mut().retain(|a| a["name"] != name.as_str());
            config.accounts_mut().push(account);
        }
        Action::RemoveAccount { name, id, .. } => {
            config.accounts_mut().retain(|a| !agrees(&[(&a["name"], name), (&a["id"], id)]));
        }
        Action::AddCidr { cidr, name, .. } => {
            let range = Cidr::parse(cidr).ok_or_else(|| Error::ConfigMalformed {
                path: "--cidr".to_owned(),
                reason: "CIDR is not valid".to_owned(),
            })?;
            config.cidrs_mut().insert(range.to_string(), json!({"name": name}));
        }
        Action::RemoveCidr { cidr, name, .. } => {
            config
                .cidrs_mut()
                .retain(|range, about| !agrees(&[(&json!(range), cidr), (&about["name"], name)]));
        }
    }
    Ok(())
}

/// Whether everything that was asked for agrees, and something was asked for.
fn agrees(asked: &[(&serde_json::Value, &Option<String>)]) -> bool {
    let given: Vec<_> = asked.iter().filter_map(|(have, want)| Some((*have, want.as_ref()?))).collect();
    !given.is_empty() && given.iter().all(|(have, want)| have.as_str() == Some(want.as_str()))
}
