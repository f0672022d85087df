//! The result object of the tools endpoint.

use isobar_cloudmapper::Output;
use isobar_model::Timestamp;
use serde_json::{Value, json};

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the command said.
    pub stdout: String,
    /// What it said of trouble.
    pub stderr: String,
    /// Its exit code; -1 where it did not come to an end.
    pub code: i32,
    /// Whether the time was up.
    pub timed_out: bool,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// When it ended.
    pub at: Timestamp,
    /// The command line.
    pub command: String,
}

impl Answer {
    /// Whether it ran to its end and ended well. A command whose time was up did not, whatever it said
    /// until then.
    pub fn success(&self) -> bool {
        self.code == 0 && !self.timed_out
    }

    /// As JSON, in the fields of the endpoint.
    pub fn to_json(&self) -> Value {
        json!({
            "command": self.command,
            "execution_time": (self.seconds * 1e6).round() / 1e6,
            "partial_results": self.timed_out && !(self.stdout.is_empty() && self.stderr.is_empty()),
            "return_code": self.code,
            "stderr": self.stderr,
            "stdout": self.stdout,
            "success": self.success(),
            "timed_out": self.timed_out,
            "timestamp": self.at.to_string(),
        })
    }
}

/// Brings an output into bounds: the server's folder is named `.`, and each stream is cut at `most`
/// bytes, which stderr then tells.
pub(super) fn bounded(output: &mut Output, root: &str, most: usize) {
    for stream in [&mut output.stdout, &mut output.stderr] {
        if stream.contains(root) {
            *stream = stream.replace(root, ".");
        }
    }
    let whole = output.stdout.len();
    let mut cut = shorten(&mut output.stdout, most);
    cut |= shorten(&mut output.stderr, most);
    if cut {
        output.note(format!("cloudmapper: output cut at {most} bytes of {whole}; ask for less at a time"));
    }
}

fn shorten(text: &mut String, most: usize) -> bool {
    if text.len() <= most {
        return false;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_bounded_and_name_no_folder() {
        let mut output =
            Output { stdout: "ä".repeat(10), stderr: "/srv/x/config.json: gone".into(), code: 1 };
        bounded(&mut output, "/srv/x", 7);
        assert_eq!(output.stdout, "äää");
        assert!(output.stderr.starts_with("./confi") && output.stderr.contains("cut at 7 bytes of 20"));
    }

    #[test]
    fn a_timeout_is_no_success_and_partial_results_is_a_bool() {
        let answer = |timed_out, stdout: &str| Answer {
            stdout: stdout.into(),
            stderr: String::new(),
            code: if timed_out { -1 } else { 0 },
            timed_out,
            seconds: 0.25,
            at: Timestamp::from_millis(0).unwrap(),
            command: "cloudmapper stats".into(),
        };
        assert_eq!(answer(true, "x").to_json()["partial_results"], true);
        assert_eq!(answer(true, "").to_json()["partial_results"], false);
        assert_eq!(answer(false, "x").to_json()["partial_results"], false);
        assert_eq!((answer(true, "x").success(), answer(false, "").success()), (false, true));
    }
}
