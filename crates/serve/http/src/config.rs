//! What the operator of the server can set.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use isobar_app::Rights;
use isobar_mcp::Limits;

/// So many requests in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: u32,
    /// In how long.
    pub per: Duration,
}

/// Certificate chain and private key, as PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub certificates: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What the operator of the server can set. The defaults are those the documentation names.
#[derive(Debug, Clone)]
pub struct ServeConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How long a snapshot request is held before a 202. Most clients give up after 80 seconds.
    pub hold: Duration,
    /// The longest hold that `Prefer: wait=` may ask for.
    pub longest_hold: Duration,
    /// The limit for each key; none switches it off.
    pub rate: Option<Rate>,
    /// Origins whose pages may call the API from a browser, `https://example.com`.
    pub origins: Vec<String>,
    /// Host names under which the page is served, besides loopback; any when empty and the server
    /// listens on more than loopback.
    pub hosts: Vec<String>,
    /// HTTPS, TLS 1.3 only; plain HTTP where none.
    pub tls: Option<Tls>,
    /// The longest body that is read, in bytes.
    pub largest_body: usize,
    /// The longest earlier snapshot that is read, in bytes: some 20,000 resources.
    pub largest_snapshot: usize,
    /// The longest time a body may take to arrive.
    pub body_time: Duration,
    /// The longest headers that are read, in bytes.
    pub largest_head: usize,
    /// How many requests are in work at a time; further ones get a 503.
    pub concurrency: usize,
    /// Whether `/metrics` answers. It needs no key, and tells counts, never names.
    pub metrics: bool,
    /// How long running requests may take after a stop was asked for.
    pub grace: Duration,
    /// With which rights callers on this machine may use `/api/tools` and `/mcp` without a key; not at
    /// all where none. For clients that cannot send one.
    pub tools_open: Option<Rights>,
    /// What bounds a call of a tool.
    pub tool_limits: Limits,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8888)),
            hold: Duration::from_secs(75),
            longest_hold: Duration::from_secs(120),
            rate: Some(Rate { requests: 20, per: Duration::from_secs(10) }),
            origins: Vec::new(),
            hosts: Vec::new(),
            tls: None,
            largest_body: 1 << 20,
            largest_snapshot: 32 << 20,
            body_time: Duration::from_secs(20),
            largest_head: 16 << 10,
            concurrency: 512,
            metrics: true,
            grace: Duration::from_secs(10),
            tools_open: None,
            tool_limits: Limits::default(),
        }
    }
}
