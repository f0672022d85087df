//! `cargo xtask tidy`: the rules of the house that a program can check.
//!
//! In: the files of the repository. Out: nothing, or a list of problems, each saying where and what
//! to do. The same runs as a test of this crate, so nobody has to remember it. What rustfmt, clippy
//! and cargo-deny check is left to them.

mod arrows;
mod files;
mod manifest;

use std::path::Path;

use anyhow::{Result, bail};

pub(crate) use files::tracked;

/// Checks everything and prints what is wrong.
pub(crate) fn run(root: &Path) -> Result<()> {
    let problems = problems(root)?;
    for problem in &problems {
        println!("tidy: {problem}");
    }
    if !problems.is_empty() {
        bail!("{} thing(s) are untidy", problems.len());
    }
    println!("tidy: all in order");
    Ok(())
}

/// Everything that is wrong, in a stable order.
fn problems(root: &Path) -> Result<Vec<String>> {
    let crates = manifest::members(root)?;
    let files = tracked(root)?;
    let mut problems = arrows::check(&crates);
    problems.extend(arrows::order(&crates));
    problems.extend(files::architecture(root, &crates)?);
    for file in &files {
        problems.extend(files::check(root, file));
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let problems = super::problems(&crate::root()).expect("the repository can be read");
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
