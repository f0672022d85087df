//! One binary for all whole-product tests. Each module is one question asked of the product.

mod api;
mod catalog;
mod cli;
mod collect;
mod conformance;
mod credentials;
mod demo;
mod goldens;
mod harness;
mod hostile;
mod house;
mod jobs;
mod large;
mod limits;
mod mcp;
mod mxgraph;
mod organization;
mod parsers;
mod reading;
mod sdk;
mod sts;
mod tools;
mod wire;
