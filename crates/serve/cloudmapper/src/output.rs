//! What a command said, and how it ended.

/// Text for stdout and stderr, and an exit code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// For stdout.
    pub stdout: String,
    /// For stderr.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

impl Output {
    /// Adds a line to stdout.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.stdout.push_str(text.as_ref());
        self.stdout.push('\n');
    }

    /// Adds a line to stderr.
    pub fn note(&mut self, text: impl AsRef<str>) {
        self.stderr.push_str(text.as_ref());
        self.stderr.push('\n');
    }

    /// Adds what another said, and how it ended where that was not well.
    pub(crate) fn join(&mut self, other: Self) {
        self.stdout.push_str(&other.stdout);
        self.stderr.push_str(&other.stderr);
        if other.code != 0 {
            self.code = other.code;
        }
    }
}
