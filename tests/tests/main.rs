//! One binary for all whole-product tests. Each module is one question asked of the product.

mod demo;
mod harness;
