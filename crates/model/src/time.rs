//! Points in time, always UTC.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A point in time; printed as RFC 3339 with milliseconds and `Z`, the form every client parses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The clock. Only the edges (collect, app, http, cli) may call it; below, `now` is an argument.
    pub fn now() -> Self {
        let now = jiff::Timestamp::now();
        Self::of_millis(now.as_millisecond()).unwrap_or(Self(now))
    }
    /// Reads RFC 3339, to the millisecond: what is written down reads back as the same.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let time = text.parse::<jiff::Timestamp>().ok().and_then(|t| Self::of_millis(t.as_millisecond()));
        time.ok_or_else(|| ParseError::new(text, "a time such as 2026-11-22T01:00:00.000Z"))
    }
    /// From milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Result<Self, ParseError> {
        let problem = || ParseError::new(&millis.to_string(), "a time in milliseconds since 1970");
        Self::of_millis(millis).ok_or_else(problem)
    }
    /// None before the year 0, for which RFC 3339 has no form.
    fn of_millis(millis: i64) -> Option<Self> {
        const YEAR_0: i64 = -62_167_219_200_000;
        let time = jiff::Timestamp::from_millisecond(millis).ok().filter(|_| millis >= YEAR_0);
        time.map(Self)
    }
    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }
    /// Seconds from `earlier` to this; negative when the order is reversed.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.as_millis() - earlier.as_millis()) as f64 / 1000.0
    }
    /// `2026-11-22 01:00`, as title blocks print it.
    pub fn minute(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M").to_string()
    }
    /// The same as jiff knows it.
    pub fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_milliseconds_and_z() {
        let time = Timestamp::parse("2026-11-22T01:02:03.5+01:00").unwrap();
        assert_eq!(time.to_string(), "2026-11-22T00:02:03.500Z");
        assert_eq!(time.minute(), "2026-11-22 00:02");
        assert_eq!(Timestamp::from_millis(time.as_millis()).unwrap(), time);
        assert!(Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59.9996Z", "9999-12-30T21:59:59.9999Z"] {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!(Timestamp::parse(&time.to_string()), Ok(time), "{text}");
        }
        // RFC 3339 has four digits for the year, and no sign.
        assert!(Timestamp::parse("-000001-12-31T23:59:59Z").is_err());
        assert!(Timestamp::from_millis(-70_000_000_000_000).is_err());
    }
}
