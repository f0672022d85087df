//! How bad a finding is.

use std::fmt;

use isobar_model::ParseError;

/// The severity of a rule or finding; the order is from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Accepted: kept, shown only on request.
    Mute,
    /// Worth knowing.
    Info,
    /// Should be mended some time.
    Low,
    /// Should be mended soon.
    Medium,
    /// Must be mended.
    High,
    /// Must be mended now.
    Critical,
}

impl Severity {
    /// From harmless to worst.
    pub const ALL: [Self; 6] = [Self::Mute, Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Reads a severity in any case.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ParseError::new(text, "a severity: critical, high, medium, low, info or mute"))
    }

    /// `High`, as CloudMapper's override files and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mute => "Mute",
            Self::Info => "Info",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
