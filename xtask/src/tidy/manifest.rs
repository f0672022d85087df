//! The workspace's members, read from their Cargo.toml files.
//!
//! In: the workspace's folder. Out: each member's name, folder and direct dependencies. What may
//! depend on what is left to `arrows`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use toml::Table;

/// One member of the workspace.
pub(super) struct Member {
    /// `isobar-graph`.
    pub(super) name: String,
    /// `crates/read/graph`.
    pub(super) folder: String,
    /// Direct dependencies, build dependencies included.
    pub(super) dependencies: BTreeSet<String>,
    /// Those of its tests alone.
    pub(super) dev_dependencies: BTreeSet<String>,
    /// Whether it takes the workspace's lints, which forbid unsafe code.
    pub(super) lints: bool,
}

/// The members in the order in which the workspace lists them.
pub(super) fn members(root: &Path) -> Result<Vec<Member>> {
    let workspace = read(&root.join("Cargo.toml"))?;
    let list = workspace["workspace"]["members"].as_array().context("workspace.members is a list")?;
    list.iter()
        .filter_map(|member| member.as_str())
        .map(|folder| {
            let table = read(&root.join(folder).join("Cargo.toml"))?;
            Ok(parse(folder, &table))
        })
        .collect()
}

/// One member out of its Cargo.toml.
pub(super) fn parse(folder: &str, table: &Table) -> Member {
    let names = |key: &str| -> BTreeSet<String> {
        let own = table.get(key).and_then(|section| section.as_table());
        own.map(|section| section.keys().cloned().collect()).unwrap_or_default()
    };
    let mut dependencies = names("dependencies");
    dependencies.extend(names("build-dependencies"));
    Member {
        name: table.get("package").and_then(|p| p["name"].as_str()).unwrap_or_default().to_owned(),
        folder: folder.to_owned(),
        dependencies,
        dev_dependencies: names("dev-dependencies"),
        lints: table
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .is_some_and(|on| on.as_bool() == Some(true)),
    }
}

fn read(path: &Path) -> Result<Table> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.parse().with_context(|| format!("parsing {}", path.display()))
}
