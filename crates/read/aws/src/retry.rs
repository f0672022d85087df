//! When a request is tried again: the AWS SDKs' "standard" mode.
//!
//! In: what went wrong. Out: how long to wait, or that it is over. One [`Budget`] serves a whole client,
//! so that a service in trouble is not buried under everybody's retries.

use std::sync::Mutex;
use std::time::Duration;

use rand::Rng;

/// Tokens for retries; a retry takes some, a success gives some back.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: Mutex<u32>,
}

const CAPACITY: u32 = 500;
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;
const LONGEST: Duration = Duration::from_secs(20);

impl Budget {
    pub(crate) fn new() -> Self {
        Self { tokens: Mutex::new(CAPACITY) }
    }

    /// Takes the tokens of one retry; none where there are too few left.
    pub(crate) fn take(&self, timed_out: bool) -> Option<u32> {
        let cost = if timed_out { COST_OF_TIMEOUT } else { COST };
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *tokens = tokens.checked_sub(cost)?;
        Some(cost)
    }

    /// A request succeeded: what its last retry took comes back, or one token where it had none.
    pub(crate) fn give(&self, taken: Option<u32>) {
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *tokens = (*tokens + taken.unwrap_or(1)).min(CAPACITY);
    }
}

/// How long to wait before the attempt after this one (the first attempt is 1): exponential, with full
/// jitter so that many clients do not come back at once.
pub(crate) fn pause(attempt: u32) -> Duration {
    let ceiling = Duration::from_secs(1 << attempt.saturating_sub(1).min(5)).min(LONGEST);
    ceiling.mul_f64(rand::rng().random_range(0.0..1.0))
}

/// Whether a status or code is worth another try.
pub(crate) fn is_transient(code: &str, status: u16) -> bool {
    matches!(status, 500 | 502 | 503 | 504)
        || matches!(
            code,
            "RequestTimeout" | "RequestTimeoutException" | "InternalError" | "PriorRequestNotComplete"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_runs_out_and_recovers() {
        let budget = Budget::new();
        assert!((0..100).all(|_| budget.take(false).is_some()));
        assert_eq!(budget.take(false), None);
        budget.give(Some(COST));
        assert_eq!(budget.take(true), None);
        assert_eq!(budget.take(false), Some(COST));
        for _ in 0..2000 {
            budget.give(None);
        }
        assert_eq!((0..1000).filter(|_| budget.take(false).is_some()).count(), 100);
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        for attempt in 1..60 {
            assert!(pause(attempt) <= LONGEST);
        }
        assert!(pause(1) <= Duration::from_secs(1));
    }
}
