//! Exit codes, and the last words on stderr.
//!
//! In: what a subcommand came to. Out: the process's exit code and, for an error, its causes, one a
//! line. What to do next is said by whoever made the error.

use std::process::ExitCode;

use crate::console::{Closed, clean};

/// What `--help` says of exit codes.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done; also when AWS denied some calls, which is said on stderr
  1  it did not work; stderr says why and what to do
  2  the arguments cannot be understood
  3  with --fail-on-partial: done, but something may be missing from the result";

/// How a subcommand ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All of it.
    Done,
    /// Some calls were denied or failed and the caller wants that told by the exit code.
    Partial,
    /// What CloudMapper's command of that name ends with.
    Code(u8),
}

/// Tells how it went.
pub(crate) fn report(outcome: anyhow::Result<Outcome>) -> ExitCode {
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partial) => ExitCode::from(3),
        Ok(Outcome::Code(code)) => ExitCode::from(code),
        // Whoever read our output has seen enough: `isobar services | head` is no error.
        Err(error) if error.is::<Closed>() => ExitCode::SUCCESS,
        Err(error) => {
            crate::console::warn(&words(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error and its causes, without repeating what the error above already says.
fn words(error: &anyhow::Error) -> String {
    let mut text = format!("error: {}", clean(&error.to_string()));
    let mut last = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !last.contains(&cause) {
            text.push_str(&format!("\n  because: {}", clean(&cause)));
            last = cause;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn check(error: anyhow::Error, expected: &str) {
        assert_eq!(words(&error), expected);
    }

    #[test]
    fn errors_name_their_causes_once() {
        check(anyhow!("no such role"), "error: no such role");
        check(anyhow!("timed out").context("asking STS"), "error: asking STS\n  because: timed out");
        check(anyhow!("timed out").context("asking STS: timed out"), "error: asking STS: timed out");
        check(anyhow!("bad\u{1b}[2Jname"), "error: bad\\u{1b}[2Jname");
    }
}
