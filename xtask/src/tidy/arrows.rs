//! Who may depend on whom, and which third-party library lives behind which door.
//!
//! In: the members with their dependencies. Out: each arrow that points the wrong way. The two
//! tables here are the house's plan; ARCHITECTURE.md says why.

use std::collections::BTreeSet;

use super::manifest::Member;

/// Each crate with what it may use directly, in flow order. What a crate may use, it may also use
/// through: an arrow along a chain of arrows is allowed, one against it is not.
const ARROWS: &[(&str, &[&str])] = &[
    ("isobar-model", &[]),
    ("isobar-store", &["isobar-model"]),
    ("isobar-catalog", &["isobar-model"]),
    ("isobar-aws", &["isobar-model"]),
    ("isobar-recording", &["isobar-model"]),
    ("isobar-collect", &["isobar-aws", "isobar-catalog", "isobar-recording"]),
    ("isobar-graph", &["isobar-catalog", "isobar-recording"]),
    ("isobar-layout", &["isobar-graph"]),
    ("isobar-scene", &["isobar-layout"]),
    ("isobar-export", &["isobar-scene"]),
    ("isobar-iam", &["isobar-graph"]),
    ("isobar-network", &["isobar-graph"]),
    ("isobar-audit", &["isobar-iam", "isobar-network"]),
    ("isobar-report", &["isobar-audit"]),
    ("isobar-app", &["isobar-store", "isobar-collect", "isobar-export", "isobar-report"]),
    ("isobar-cloudmapper", &["isobar-app"]),
    ("isobar-mcp", &["isobar-app", "isobar-cloudmapper"]),
    ("isobar-http", &["isobar-app", "isobar-cloudmapper", "isobar-mcp"]),
    ("isobar-cli", &["isobar-app", "isobar-http", "isobar-catalog"]),
    ("isobar-testkit", &["isobar-graph"]),
    ("isobar-tests", EVERYTHING),
    ("xtask", EVERYTHING),
];

const EVERYTHING: &[&str] = &["isobar-app", "isobar-http", "isobar-testkit"];

/// Heavy libraries, each with the crates that may open that door. Tests may use what they like.
const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &["isobar-cli"]),
    ("aws-config", &["isobar-aws"]),
    ("aws-sigv4", &["isobar-aws"]),
    ("axum", &["isobar-http"]),
    ("axum-server", &["isobar-http"]),
    ("clap", &["isobar-cli", "isobar-cloudmapper"]),
    ("clap_complete", &["isobar-cli"]),
    ("governor", &["isobar-http"]),
    ("image-webp", &["isobar-export"]),
    ("indicatif", &["isobar-cli"]),
    ("krilla", &["isobar-export"]),
    ("metrics-exporter-prometheus", &["isobar-http"]),
    ("object_store", &["isobar-recording", "isobar-store"]),
    ("png", &["isobar-export"]),
    ("reqwest", &["isobar-aws"]),
    ("resvg", &["isobar-export", "isobar-scene"]),
    ("rmcp", &["isobar-mcp"]),
    ("rustybuzz", &["isobar-export"]),
    ("schemars", &["isobar-mcp"]),
    ("sqlx", &["isobar-store"]),
    ("tiny-skia", &["isobar-export"]),
    ("tower", &["isobar-http"]),
    ("tower-http", &["isobar-http"]),
    ("tracing-subscriber", &["isobar-cli"]),
    ("ttf-parser", &["isobar-export", "isobar-scene"]),
    ("utoipa", &["isobar-http"]),
];

/// Crates that are not shipped: they may use any library.
const WORKBENCH: &[&str] = &["isobar-testkit", "isobar-tests", "xtask"];

/// Dependencies that point the wrong way, and libraries outside their door.
pub(super) fn check(members: &[Member]) -> Vec<String> {
    let mut problems = Vec::new();
    for member in members {
        let manifest = format!("{}/Cargo.toml", member.folder);
        if !ARROWS.iter().any(|(name, _)| *name == member.name) {
            problems.push(format!(
                "{manifest}: {} has no line in xtask/src/tidy/arrows.rs; say there what it may use",
                member.name
            ));
        }
        if !member.lints {
            problems.push(format!("{manifest}: add `[lints] workspace = true`"));
        }
        let allowed = reachable(&member.name);
        for dependency in &member.dependencies {
            if is_ours(dependency) && !allowed.contains(dependency.as_str()) {
                problems.push(format!(
                    "{manifest}: {} must not know {dependency}; the arrows point the other way (ARCHITECTURE.md)",
                    member.name
                ));
            }
            if WORKBENCH.contains(&member.name.as_str()) {
                continue;
            }
            if let Some((_, owners)) = DOORS.iter().find(|(library, _)| library == dependency)
                && !owners.contains(&member.name.as_str())
            {
                problems.push(format!("{manifest}: {dependency} belongs to {} alone", owners.join(" and ")));
            }
        }
        for dependency in &member.dev_dependencies {
            let known = allowed.contains(dependency.as_str()) || dependency == "isobar-testkit";
            if is_ours(dependency) && !known {
                problems.push(format!("{manifest}: the tests of {} must not know {dependency}", member.name));
            }
        }
    }
    problems
}

/// Members listed out of flow order.
pub(super) fn order(members: &[Member]) -> Vec<String> {
    let place = |member: &Member| ARROWS.iter().position(|(name, _)| *name == member.name);
    let pairs = members.iter().zip(members.iter().skip(1));
    pairs
        .filter(|(a, b)| matches!((place(a), place(b)), (Some(a), Some(b)) if a > b))
        .map(|(a, b)| format!("Cargo.toml: members stand in flow order; {} comes before {}", b.name, a.name))
        .collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("isobar-")
}

fn reachable(name: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = vec![name];
    while let Some(name) = open.pop() {
        let next = ARROWS.iter().find(|(from, _)| *from == name).map_or(&[][..], |(_, to)| to);
        for &next in next {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::manifest::parse;
    use super::*;

    fn check_one(name: &str, dependencies: &str, expected: &str) {
        let text = format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{dependencies}");
        let member = parse("crates/x", &text.parse().expect("valid TOML"));
        let found = check(&[member]).join("\n");
        assert!(
            if expected.is_empty() { found.is_empty() } else { found.contains(expected) },
            "{name}: {found:?} should say {expected:?}"
        );
    }

    #[test]
    fn arrows_and_doors() {
        check_one("isobar-layout", "[dependencies]\nisobar-graph = \"1\"\nisobar-model = \"1\"", "");
        check_one("isobar-graph", "[dependencies]\nisobar-layout = \"1\"", "must not know isobar-layout");
        check_one("isobar-graph", "[dependencies]\naxum = \"1\"", "belongs to isobar-http alone");
        check_one("isobar-graph", "[dev-dependencies]\naxum = \"1\"\nisobar-testkit = \"1\"", "");
        check_one("isobar-scene", "[dev-dependencies]\nisobar-app = \"1\"", "tests of isobar-scene must not");
        check_one("isobar-new", "", "has no line");
    }

    #[test]
    fn arrows_have_no_circle() {
        for (name, _) in ARROWS {
            assert!(!reachable(name).contains(name), "{name} reaches itself");
        }
    }
}
