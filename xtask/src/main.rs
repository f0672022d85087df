//! The workshop: tests, models, goldens, house rules.
fn main() {}
