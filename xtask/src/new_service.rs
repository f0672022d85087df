//! `cargo xtask new-service NAME`: a new service in one file, started.
//!
//! In: the service's name in the AWS models. Out: a service file to fill in and the folder of its
//! example. What the file may say is left to the catalog's documentation, whether it is right to
//! the catalog's tests.

use std::path::Path;

use anyhow::{Result, bail};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The name that the AWS models and the AWS CLI use: `sqs`, `elbv2`
    name: String,
    /// The service's title; the name in capitals where none is given
    #[arg(long)]
    title: Option<String>,
    /// For services that are asked once per account, not once per region
    #[arg(long)]
    global: bool,
}

const CATALOG: &str = "crates/read/catalog";

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<()> {
    let name = &arguments.name;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        bail!("{name:?} is no service name; they are lower-case, like `sqs` or `cognito-idp`");
    }
    let file = format!("{CATALOG}/services/{name}.toml");
    let example = format!("{CATALOG}/examples/{name}");
    if root.join(&file).exists() {
        bail!("{file} is there already");
    }
    let title = arguments.title.clone().unwrap_or_else(|| name.to_uppercase());
    std::fs::write(root.join(&file), skeleton(name, &title, arguments.global))?;
    std::fs::create_dir_all(root.join(&example))?;
    println!("wrote {file} and {example}/");
    println!("next:  1. name the calls and resources in the file");
    println!("       2. put one hand-made answer per call into {example}/");
    println!("       3. cargo nextest run -p isobar-catalog");
    println!("       4. cargo xtask bless, and read what changed in docs/");
    Ok(())
}

fn skeleton(name: &str, title: &str, global: bool) -> String {
    let scope = if global { "global" } else { "regional" };
    format!(
        r#"service = "{name}"
title   = "{title}"
scope   = "{scope}"

[[call]]
operation = "ListThings"

[[resource]]
type   = "{name}:thing"
from   = "ListThings"
at     = "Things[]"
arn    = "Arn"
name   = "Name"
inside = "{inside}"
"#,
        inside = if global { "account" } else { "region" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skeleton_is_toml_and_names_its_service() {
        let table: toml::Table = skeleton("sqs", "Simple Queue Service", false).parse().expect("TOML");
        assert_eq!(table["service"].as_str(), Some("sqs"));
        assert_eq!(table["resource"][0]["inside"].as_str(), Some("region"));
    }
}
