//! One binary for all whole-product tests. Each module is one question asked of the product.

mod api;
mod catalog;
mod cli;
mod conformance;
mod demo;
mod goldens;
mod harness;
mod hostile;
mod house;
mod jobs;
mod reading;
mod sdk;
mod sts;
mod wire;
