//! What must hold whatever bytes come in, one function a door: never a panic, and what was read reads
//! the same when it is written down.
//!
//! Each function is a fuzz target (`fuzz_targets/`), and each is run over `seeds/` and mutations of
//! them by the ordinary tests (`tests/tests/parsers.rs`, which includes this folder). An input that
//! once broke something stays in `seeds/`.

mod account;
mod files;
mod words;

pub use account::account;
pub use files::{bundle, tree};
pub use words::{arguments, config, filter, policy, response, snapshot, words};

/// What must hold for any input: it panics where something does not.
pub type Door = fn(&[u8]);

/// Every door by its name.
pub const ALL: [(&str, Door); 10] = [
    ("account", account),
    ("arguments", arguments),
    ("bundle", bundle),
    ("config", config),
    ("filter", filter),
    ("policy", policy),
    ("response", response),
    ("snapshot", snapshot),
    ("tree", tree),
    ("words", words),
];
