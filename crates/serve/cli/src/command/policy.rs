//! `isobar policy`: the IAM policy that a reading role needs.

use anyhow::Result;
use clap::{Args, ValueEnum};
use isobar_app::Catalog;
use isobar_app::policy::PolicyKind;

use crate::console;
use crate::exit::Outcome;

/// Print the IAM policy that isobar's role needs, made from the calls it makes
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Which one
    #[arg(value_enum)]
    kind: Kind,
}

/// How narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Just the actions of this version's calls, one by one
    Minimal,
    /// Wildcards per service, so that later versions need no new policy
    Custom,
}

/// Prints the policy as JSON, whatever `--output` says: it is a document for AWS.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    console::line(&text(arguments.kind))?;
    Ok(Outcome::Done)
}

/// The policy as it is shown and kept in `docs/`.
pub(crate) fn text(kind: Kind) -> String {
    let catalog = Catalog::embedded();
    let kind = match kind {
        Kind::Minimal => PolicyKind::Minimal,
        Kind::Custom => PolicyKind::Custom,
    };
    let policy = isobar_app::policy::policy(catalog, kind);
    serde_json::to_string_pretty(&policy).expect("a policy is JSON")
}
