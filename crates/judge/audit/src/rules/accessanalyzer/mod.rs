//! Rules about IAM Access Analyzer.

pub(super) mod off;
