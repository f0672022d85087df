//! Order, concurrency and outcome of an account's calls.
