//! The table of embedded service files, sorted; a test compares it with the folder.

/// Name and text of every file under `services/`.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("sqs.toml", include_str!("../services/sqs.toml")),
];
