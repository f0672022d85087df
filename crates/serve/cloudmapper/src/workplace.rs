//! The folder a command works in, and the one way paths are made in it.
//!
//! A user's path never leaves its folder: it is joined component by component, and what exists on
//! the way must, links resolved, still lie inside.

use std::path::{Component, Path, PathBuf};

use crate::Error;

/// The folder that holds `account-data/`, `web/`, `config/` and `config.json`.
#[derive(Debug, Clone)]
pub struct Workplace {
    root: PathBuf,
    confined: bool,
}

impl Workplace {
    /// An operator's own folder, from a terminal: absolute paths and `..` are the operator's business.
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), confined: false }
    }

    /// A folder that callers from elsewhere must not leave.
    pub fn confined(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), confined: true }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether callers must stay inside.
    pub fn is_confined(&self) -> bool {
        self.confined
    }

    /// A path given by the user, for a configuration or an output file.
    pub fn path(&self, given: &str) -> Result<PathBuf, Error> {
        if self.confined { self.inside(given) } else { Ok(self.root.join(given)) }
    }

    /// The folder of an account's data.
    pub fn account(&self, name: &str) -> Result<PathBuf, Error> {
        let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '@' | '+');
        let dots = name.chars().all(|c| c == '.');
        if name.is_empty() || dots || name.chars().count() > 100 || !name.chars().all(safe) {
            return Err(Error::UnsafeName { name: name.chars().take(100).collect() });
        }
        self.inside(&format!("account-data/{name}"))
    }

    fn inside(&self, given: &str) -> Result<PathBuf, Error> {
        let outside =
            || Error::OutsidePath { path: given.chars().take(200).collect(), root: self.root.clone() };
        let mut path = self.root.clone();
        for component in Path::new(given).components() {
            match component {
                Component::Normal(part) => path.push(part),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(outside()),
            }
        }
        // The nearest ancestor that exists decides: a link on the way must not lead out.
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let real = path.ancestors().find_map(|p| p.canonicalize().ok());
        if real.is_some_and(|real| !real.starts_with(&root) && !root.starts_with(&real)) {
            return Err(outside());
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leaves_the_folder() {
        let place = Workplace::confined("/srv/isobar");
        assert_eq!(place.path("config.json").unwrap(), Path::new("/srv/isobar/config.json"));
        for bad in ["../x", "/etc/passwd", "a/../../x", "account-data/../../x"] {
            assert!(place.path(bad).is_err(), "{bad}");
        }
        for bad in ["..", ".", "", "a/b", "a\\b", "a\0b", "$(id)", "demo; echo PWNED; #", "a\nb"] {
            assert!(place.account(bad).is_err(), "{bad:?}");
        }
        assert!(place.account("Prod EU-1").is_ok());
        assert_eq!(Workplace::open("/srv").path("/etc/x").unwrap(), Path::new("/etc/x"));
    }
}
