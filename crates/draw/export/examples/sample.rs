//! Draws the sample estate in every format, projection and theme, for looking at.
//! Usage: `cargo run -p isobar-export --example sample -- FOLDER`

#[path = "../../scene/samples/orders.rs"]
mod orders;

use std::error::Error;
use std::path::PathBuf;

use isobar_export::json::{self, JsonContext};
use isobar_export::{Page, PaperSize, mxgraph, pdf, png, svg, webp};
use isobar_layout::Projection;
use isobar_scene::{PixelSize, Style, Theme, paint};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    for projection in [Projection::Isometric, Projection::Flat] {
        for theme in [Theme::Light, Theme::Dark] {
            let blueprint = orders::orders(projection);
            let style = Style { theme, grid: true, ..Style::default() };
            let name = format!("{}-{}", projection.as_str(), theme.as_str());
            let save =
                |ending: &str, bytes: &[u8]| std::fs::write(folder.join(format!("{name}{ending}")), bytes);
            let scene = paint(&blueprint, &style);
            save(".svg", svg::write(&scene).as_bytes())?;
            save(".png", &png::write(&scene, &style.fonts)?)?;
            save(".webp", &webp::write(&scene, &style.fonts)?)?;
            save(".pdf", &pdf::write(&scene, &style.fonts, &Page::default())?)?;
            let paper = Page { paper: Some(PaperSize::A4), landscape: true, ..Page::default() };
            save("-a4.pdf", &pdf::write(&scene, &style.fonts, &paper)?)?;
            save(".drawio", mxgraph::write(&scene).as_bytes())?;
            let context = JsonContext { theme, label: true, autoconnect: true, ..JsonContext::default() };
            save(".json", json::write(&blueprint, &context).as_bytes())?;
            let canvas = Style {
                width: Some(PixelSize::new(1920)?),
                height: Some(PixelSize::new(1080)?),
                ..style.clone()
            };
            let scene = paint(&blueprint, &canvas);
            save("-1920x1080.png", &png::write(&scene, &canvas.fonts)?)?;
        }
    }
    Ok(())
}
