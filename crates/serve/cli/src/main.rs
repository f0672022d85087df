//! The isobar binary, one file per subcommand.
fn main() {}
