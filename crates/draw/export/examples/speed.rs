//! How long each format takes, median of several runs.
//! Usage: `cargo run --release -p isobar-export --example speed -- [RESOURCES]`

#[path = "../../scene/samples/orders.rs"]
mod orders;

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use isobar_export::json::{self, JsonContext};
use isobar_export::{Page, mxgraph, pdf, png, svg, webp};
use isobar_layout::Projection;
use isobar_scene::{PixelSize, Style, paint};

fn measure<T>(name: &str, mut run: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<24} {:>8.1} ms", times[times.len() / 2]);
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1000), |text| text.parse())?;
    for projection in [Projection::Isometric, Projection::Flat] {
        let blueprint = orders::crowd(projection, count);
        let (w, h) = (PixelSize::new(1920)?, PixelSize::new(1080)?);
        let style = Style { width: Some(w), height: Some(h), ..Style::default() };
        let scene = paint(&blueprint, &style);
        println!("{} resources, {}", blueprint.nodes.len(), projection.as_str());
        measure("paint", || paint(&blueprint, &style));
        measure("svg, paint included", || svg::write(&paint(&blueprint, &style)));
        measure("png, paint included", || png::write(&paint(&blueprint, &style), &style.fonts));
        measure("webp", || webp::write(&scene, &style.fonts));
        measure("pdf", || pdf::write(&scene, &style.fonts, &Page::default()));
        measure("mxgraph", || mxgraph::write(&scene));
        measure("json", || json::write(&blueprint, &JsonContext::default()));
        println!(
            "svg {} KB, png {} KB, mxgraph {} KB, canvas {:?}",
            svg::write(&scene).len() / 1000,
            png::write(&scene, &style.fonts)?.len() / 1000,
            mxgraph::write(&scene).len() / 1000,
            scene.canvas
        );
    }
    Ok(())
}
