//! The two ways to an MCP server: stdin and stdout, or a service that http mounts.

use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, stdio as pipes};

use super::Agent;
use crate::tools::{Caller, Tools};

/// The service for HTTP; each request carries a [`Caller`] in its extensions.
pub type HttpService = StreamableHttpService<Agent, NeverSessionManager>;

/// Without sessions: each request is authenticated for itself and nothing outlives it. Who may come
/// in, under which host name and from which origin is checked by http, before.
pub fn http_service(tools: Tools) -> HttpService {
    let mut config = StreamableHttpServerConfig::default();
    config.legacy_session_mode = false;
    config.json_response = true;
    config.allowed_hosts = Vec::new();
    config.max_request_body_bytes = 1 << 20;
    StreamableHttpService::new(move || Ok(Agent::new(tools.clone(), None)), Arc::default(), config)
}

/// Serves one client on stdin and stdout until it goes. Nothing else may write to stdout.
///
/// # Errors
/// A clause that says why the connection ended badly.
pub async fn stdio(tools: Tools, caller: Caller) -> Result<(), String> {
    let agent = Agent::new(tools, Some(caller));
    let running = match agent.serve(pipes()).await {
        Ok(running) => running,
        // A client that goes before it said hello is no failure of ours.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    running.waiting().await.map(drop).map_err(|error| error.to_string())
}
