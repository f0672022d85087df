//! `configure`: accounts and named address ranges in the config file.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use isobar_aws::{Client, Identity};
use isobar_model::Region;
use isobar_network::Cidr;
use serde_json::{Map, Value, json};

use super::collect::Reach;
use crate::answers::{list, printable, text};
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
    /// Add every active account of the organization that the credentials belong to
    ///
    /// Asks organizations:ListAccounts, which the management account and delegated administrators may.
    /// Names become lower-case letters, digits, `-` and `_`; accounts whose id is there already stay as
    /// they are.
    DiscoverOrganizationAccounts {
        /// A profile of ~/.aws/config
        #[arg(long)]
        profile: Option<String>,
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
            Action::DiscoverOrganizationAccounts { .. } => {
                let why = "discover-organization-accounts needs a way to AWS, and none is open here: \
                           run it on the command line, isobar cloudmapper configure";
                return Err(Error::Explicit(why.to_owned()));
            }
        };
        let (path, mut config) = read(file, context)?;
        change(&self.action, &mut config, context)?;
        context.write(&path, config.to_text().as_bytes())
    }

    /// Whether it wants a way to AWS.
    pub(crate) fn asks_aws(&self) -> bool {
        matches!(self.action, Action::DiscoverOrganizationAccounts { .. })
    }

    /// The same with a way to AWS.
    pub(crate) async fn run_reaching(&self, context: &mut Context, reach: &Reach) -> Result<(), Error> {
        let Action::DiscoverOrganizationAccounts { profile, file } = &self.action else {
            return self.run(context);
        };
        let (path, mut config) = read(&file.config_file, context)?;
        let identity = Identity::Ambient { profile: profile.clone(), process_allowed: reach.process_allowed };
        let client = Client::connect(&reach.settings, identity, &reach.home)
            .await
            .map_err(|error| Error::Explicit(error.to_string()))?;
        let answer =
            client.call("organizations", "ListAccounts", &Region::global(), &Map::new()).await.map_err(
                |error| Error::Aws(format!("organizations:ListAccounts: {}", printable(&error.to_string()))),
            )?;
        let members = list(&answer["Accounts"]);
        if members.is_empty() {
            // An organization has at least its management account.
            let why =
                "organizations:ListAccounts names no account: these credentials belong to no organization";
            return Err(Error::Aws(why.to_owned()));
        }
        let notes = add_members(members, &mut config);
        notes.into_iter().for_each(|note| context.output.note(note));
        context.write(&path, config.to_text().as_bytes())
    }
}

/// The config file, or an empty one where there is none.
fn read(file: &str, context: &Context) -> Result<(PathBuf, Config), Error> {
    let path = context.place.path(file)?;
    let config = if path.exists() { context.config(file)? } else { Config::default() };
    Ok((path, config))
}

/// Adds an organization's accounts, and tells of each what came of it.
fn add_members(members: &[Value], config: &mut Config) -> Vec<String> {
    let mut notes = Vec::new();
    for member in members {
        let (id, called) = (text(&member["Id"]), text(&member["Name"]));
        let accounts = config.accounts();
        if id.is_empty() || accounts.iter().any(|account| account.id == id) {
            continue;
        }
        let status = text(&member["Status"]);
        if !matches!(status, "" | "ACTIVE") {
            // It could not be collected, and `--accounts all` would stop at it for ever.
            let why = printable(&status.to_lowercase());
            notes.push(format!("NOTE: account {} ({}) is {why}; left out", printable(called), printable(id)));
            continue;
        }
        let mut name = slug(called);
        // Two accounts of one name would share a folder below account-data.
        if name.is_empty() || accounts.iter().any(|account| account.name == name) {
            name = if name.is_empty() { id.to_owned() } else { format!("{name}-{id}") };
        }
        config.accounts_mut().push(json!({"id": id, "name": name}));
        notes.push(format!("NOTE: account {name} ({}) added", printable(id)));
    }
    notes
}

/// A name in lower-case letters, digits, `-` and `_`, as CloudMapper makes it: everything else is a `-`.
fn slug(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' };
    let whole: String = name.chars().take(80).map(kept).collect();
    let parts: Vec<&str> = whole.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
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
        // It asks AWS first, in `run_reaching`.
        Action::DiscoverOrganizationAccounts { .. } => {}
    }
    Ok(())
}

/// Whether everything that was asked for agrees, and something was asked for.
fn agrees(asked: &[(&Value, &Option<String>)]) -> bool {
    let given: Vec<_> = asked.iter().filter_map(|(have, want)| Some((*have, want.as_ref()?))).collect();
    !given.is_empty() && given.iter().all(|(have, want)| have.as_str() == Some(want.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_an_organization_become_accounts() {
        let text = r#"{"accounts": [{"id": "111111111111", "name": "main"}], "cidrs": {}, "kept": 1}"#;
        let mut config = Config::parse(text, "config.json").unwrap();
        let member = |id: &str, name: &str, status: &str| json!({"Id": id, "Name": name, "Status": status});
        let notes = add_members(
            &[
                member("111111111111", "Renamed since", "ACTIVE"),
                member("222222222222", "Shop (Prod) EU!", "ACTIVE"),
                member("333333333333", "shop prod_eu", "ACTIVE"),
                member("444444444444", "SHOP-PROD-EU", "ACTIVE"),
                member("555555555555", "Old", "SUSPENDED"),
                member("666666666666", "\u{5e97}\u{1b}[2J", "ACTIVE"),
                member("777777777777", "\u{5e97}", "ACTIVE"),
            ],
            &mut config,
        );
        let names: Vec<(String, String)> = config.accounts().into_iter().map(|a| (a.id, a.name)).collect();
        let expected = [
            ("111111111111", "main"),
            ("222222222222", "shop-prod-eu"),
            ("333333333333", "shop-prod_eu"),
            ("444444444444", "shop-prod-eu-444444444444"),
            ("666666666666", "2j"),
            ("777777777777", "777777777777"),
        ];
        assert_eq!(names, expected.map(|(id, name)| (id.to_owned(), name.to_owned())));
        assert_eq!(notes.len(), 6);
        assert!(
            notes.contains(&"NOTE: account Old (555555555555) is suspended; left out".to_owned()),
            "{notes:?}"
        );
        assert!(config.to_text().contains("\"kept\": 1"));
    }
}
