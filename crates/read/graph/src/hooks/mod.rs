//! What service files cannot say: small functions on the graph in the making.
//!
//! Each runs once, after everything stands and the declared relations are there. A service file
//! names its hook (`hook = "network"`); a hook whose resources are not there does nothing.

use crate::build::Build;

mod access;
mod balancer;
mod internet;
mod network;
mod trust;

type Hook = fn(&mut Build<'_>);

/// Every hook by the name that service files use, in the order in which they run.
pub(crate) const HOOKS: &[(&str, Hook)] = &[
    ("network", network::run),
    ("balancer", balancer::run),
    ("internet", internet::run),
    ("trust", trust::run),
    ("access", access::run),
];

/// Runs them all.
pub(crate) fn run(build: &mut Build<'_>) {
    for (_, hook) in HOOKS {
        hook(build);
    }
}
