//! One binary for all whole-product tests. Each module is one question asked of the product.

mod catalog;
mod cli;
mod conformance;
mod demo;
mod harness;
mod house;
mod sdk;
mod wire;
