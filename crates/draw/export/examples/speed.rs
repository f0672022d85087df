//! What a drawing of a generated estate costs: processor time of each stage, the smallest of several
//! runs, and the most memory the process ever held.
//! Usage: `cargo run --release -p isobar-export --example speed -- [RESOURCES [FORMAT]]`; a format
//! (svg, png, pdf) makes that one alone and once, so that its memory can be told.

use std::error::Error;
use std::hint::black_box;

use isobar_export::{Page, pdf, png, svg};
use isobar_graph::Graph;
use isobar_layout::{Options, place};
use isobar_scene::{PixelSize, Scene, Style, paint};
use isobar_testkit::estate;

/// Milliseconds this thread has run.
fn worked() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
    nanoseconds / 1e6
}

fn measure<T>(name: &str, runs: usize, mut run: impl FnMut() -> T) -> T {
    let mut least = f64::INFINITY;
    let mut result = None;
    for _ in 0..runs {
        let before = worked();
        result = Some(black_box(run()));
        least = least.min(worked() - before);
    }
    println!("{name:<10} {least:>8.1} ms");
    result.expect("at least one run")
}

/// The most memory held, in megabytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1000.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().map_or(Ok(1000), |text| text.parse())?;
    let only = arguments.next();
    let runs = if only.is_some() { 1 } else { 5 };
    let graph: Graph = measure("estate", 1, || estate::generate(7, count));
    let view = estate::view(&graph);
    let blueprint = measure("layout", runs, || place(&view, &Options::default()));
    let side = |pixels| PixelSize::new(pixels).map(Some);
    let screen = Style { width: side(1920)?, height: side(1080)?, ..Style::default() };
    let scene = measure("scene", runs, || paint(&blueprint, &screen));
    let wanted = |format: &str| only.as_deref().is_none_or(|only| only == format);
    let tell = |bytes: usize| println!("{:>20} kB", bytes / 1000);
    if wanted("svg") {
        tell(measure("svg", runs, || svg::write(&scene)).len());
    }
    if wanted("png") {
        tell(measure("png", runs, || png::write(&scene, &screen.fonts))?.len());
    }
    if wanted("pdf") {
        let natural: Scene = paint(&blueprint, &Style::default());
        tell(measure("pdf", runs, || pdf::write(&natural, &screen.fonts, &Page::default()))?.len());
    }
    println!("{} resources drawn, peak {:.0} MB", blueprint.nodes.len(), peak());
    Ok(())
}
