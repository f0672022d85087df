//! Prints how long placement and routing take at several sizes:
//! `cargo run --release -p isobar-layout --example stages -- [SIZE...]`.

use std::time::Instant;

use isobar_layout::{Options, place};
use isobar_testkit::estate;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 10_000];
    }
    println!("{:>10} {:>8} {:>10} {:>12} {:>10}", "resources", "lines", "place ms", "with lines", "aspect");
    for size in sizes {
        let graph = estate::generate(7, size);
        let view = estate::view(&graph);
        let timed = |edges: bool| {
            let options = Options { edges, ..Options::default() };
            let runs = if size > 2_000 { 1 } else { 3 };
            let times = (0..runs).map(|_| {
                let start = Instant::now();
                let blueprint = place(&view, &options);
                (start.elapsed().as_secs_f64() * 1_000.0, blueprint)
            });
            times.min_by(|a, b| a.0.total_cmp(&b.0)).expect("at least one run")
        };
        let (bare, _) = timed(false);
        let (full, blueprint) = timed(true);
        println!(
            "{:>10} {:>8} {bare:>10.1} {full:>12.1} {:>10.2}",
            blueprint.nodes.len(),
            blueprint.edges.len(),
            blueprint.bounds.w / blueprint.bounds.h
        );
    }
}
