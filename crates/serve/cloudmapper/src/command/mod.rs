//! The commands, one file each: its arguments and what it does.

use clap::{Args, Subcommand};

use crate::{AccountEntry, Config, Context, Error};

mod amis;
mod api_endpoints;
pub(crate) mod audit;
pub(crate) mod collect;
mod configure;
mod find_admins;
mod find_unused;
mod help;
mod iam_report;
mod prepare;
mod public;
mod report;
mod sg_ips;
mod stats;
mod weboftrust;
pub mod webserver;

/// A command with its arguments.
#[derive(Debug, Subcommand)]
#[command(rename_all = "snake_case")]
pub enum Command {
    /// List the machine images of running instances
    #[command(after_help = help::AMIS)]
    Amis(amis::Amis),
    /// List the addresses of API Gateway's stages
    #[command(after_help = help::API_ENDPOINTS)]
    ApiEndpoints(api_endpoints::ApiEndpoints),
    /// Look for what is dangerous or careless in accounts
    #[command(after_help = help::AUDIT)]
    Audit(audit::Audit),
    /// Collect what an account answers
    #[command(after_help = help::COLLECT)]
    Collect(collect::Collect),
    /// Add and remove accounts and named address ranges in the config file
    #[command(after_help = help::CONFIGURE)]
    Configure(configure::Configure),
    /// Find the users and roles that are administrators
    #[command(after_help = help::FIND_ADMINS)]
    FindAdmins(find_admins::FindAdmins),
    /// Find resources that nothing uses
    #[command(after_help = help::FIND_UNUSED)]
    FindUnused(find_unused::FindUnused),
    /// Write a report on users, roles and their policies
    #[command(after_help = help::IAM_REPORT)]
    IamReport(iam_report::IamReport),
    /// Prepare the network map of an account
    #[command(after_help = help::PREPARE)]
    Prepare(prepare::Prepare),
    /// List what the internet can reach
    #[command(after_help = help::PUBLIC)]
    Public(public::Public),
    /// Write a report on accounts
    #[command(after_help = help::REPORT)]
    Report(report::Report),
    /// List the address ranges that security groups trust
    #[command(after_help = help::SG_IPS)]
    SgIps(sg_ips::SgIps),
    /// Count the resources of accounts
    #[command(after_help = help::STATS)]
    Stats(stats::Stats),
    /// Show which other accounts, vendors and identity providers the accounts trust
    #[command(name = "weboftrust", after_help = help::WEBOFTRUST)]
    WebOfTrust(weboftrust::WebOfTrust),
    /// Serve the network map and the reports
    #[command(after_help = help::WEBSERVER)]
    Webserver(webserver::Webserver),
}

impl Command {
    /// Runs it.
    pub(crate) fn run(&self, context: &mut Context) -> Result<(), Error> {
        match self {
            Self::Amis(command) => command.run(context),
            Self::ApiEndpoints(command) => command.run(context),
            Self::Audit(command) => command.run(context),
            Self::Collect(_) => {
                Err(Error::Explicit("collect needs a way to AWS, and none is open here".into()))
            }
            Self::Configure(command) => command.run(context),
            Self::FindAdmins(command) => command.run(context),
            Self::FindUnused(command) => command.run(context),
            Self::IamReport(command) => command.run(context),
            Self::Prepare(command) => command.run(context),
            Self::Public(command) => command.run(context),
            Self::Report(command) => command.run(context),
            Self::SgIps(command) => command.run(context),
            Self::Stats(command) => command.run(context),
            Self::WebOfTrust(command) => command.run(context),
            Self::Webserver(command) => command.run(context),
        }
    }

    /// Whether it changes anything: files, the configuration, or what is collected.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Collect(_) | Self::Configure(_) | Self::Prepare(_))
    }
}

/// The options of commands that take several accounts.
#[derive(Debug, Args)]
pub struct Accounts {
    /// The config file
    #[arg(long, default_value = "config.json")]
    pub config: String,
    /// Account names, comma separated; `all` for every account of the config file
    #[arg(long)]
    pub accounts: String,
    /// How much to say on stderr
    #[arg(long = "log_level", alias = "log-level", default_value = "INFO", value_parser = ["DEBUG", "INFO", "WARN", "ERROR"])]
    pub log_level: String,
}

impl Accounts {
    /// The configuration and the accounts named.
    pub(crate) fn read(&self, context: &Context) -> Result<(Config, Vec<AccountEntry>), Error> {
        let config = context.config(&self.config)?;
        let accounts = config.select(&self.accounts)?;
        Ok((config, accounts))
    }
}
