//! The MCP server: typed tools, resources and prompts over the same product.
//!
//! In: requests of the Model Context Protocol, over stdio with the operator's rights, or over HTTP with
//! those of the key that http authenticated. Out: text, JSON and pictures, each within bounds.

mod agent;
mod ask;
mod prompts;
mod resources;
mod serve;

pub use agent::Agent;
pub use serve::{HttpService, http_service, stdio};
