//! The HTTP API and its page.
//!
//! In: an [`isobar_app::App`] and a [`ServeConfig`]. Out: a bound address and a future that serves
//! until it is told to stop. Cloudcraft's wire format lives in [`routes::cloudcraft`]; SQL, AWS and
//! drawing are unknown here.
//!
//! Every answer that is no success is a JSON object with a text `error`, from every layer: the one
//! table from errors to status codes is [`error`].

mod auth;
mod body;
mod cloudmapper_web;
pub mod config;
pub mod error;
mod etag;
mod layers;
mod query;
mod routes;
mod serve;
mod state;
mod web;

#[cfg(test)]
mod tests;

pub use cloudmapper_web::{MapConfig, MapServing, serve_map};
pub use config::{Rate, ServeConfig, Tls};
pub use error::{ApiError, ServeError};
pub use routes::docs::openapi;
pub use serve::{Serving, router, serve};
