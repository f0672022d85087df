//! Drawings that are not easy: hostile names, a partial scan, tiny and tall canvases, a crowd.
//! Usage: `cargo run -p isobar-export --example odd -- FOLDER`

#[path = "../../scene/samples/orders.rs"]
mod orders;

use std::error::Error;
use std::path::PathBuf;

use isobar_export::{Page, pdf, png};
use isobar_layout::{Blueprint, Projection};
use isobar_scene::{PixelSize, Style, Theme, paint};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    let sized = |w, h| -> Result<Style, isobar_scene::Error> {
        Ok(Style { width: Some(PixelSize::new(w)?), height: Some(PixelSize::new(h)?), ..Style::default() })
    };
    let save = |name: &str, blueprint: &Blueprint, style: &Style| -> Result<(), Box<dyn Error>> {
        let scene = paint(blueprint, style);
        std::fs::write(folder.join(format!("odd-{name}.png")), png::write(&scene, &style.fonts)?)?;
        Ok(())
    };
    let iso = Projection::Isometric;
    let mut partial = orders::orders(iso);
    partial.facts.gaps =
        (1..=5).map(|n| format!("rds:DescribeDBClusters was denied in us-east-1 ({n})")).collect();
    partial.facts.filter = Some("env=prod AND (type=ec2 OR type=rds)".to_owned());
    partial.facts.excluded = vec!["ebs".to_owned(), "natgateway".to_owned()];
    partial.edges[4].count = 12;
    partial.edges[19].label = Some("on failure".to_owned());
    save("partial", &partial, &Style::default())?;
    save("partial-dark", &partial, &Style { theme: Theme::Dark, ..Style::default() })?;
    save("hostile", &orders::hostile(iso), &Style::default())?;
    save("hostile-2d", &orders::hostile(Projection::Flat), &Style::default())?;
    save("tall", &orders::orders(iso), &sized(700, 1400)?)?;
    save("wide", &orders::orders(Projection::Flat), &sized(2000, 600)?)?;
    save("small", &orders::orders(iso), &sized(480, 320)?)?;
    save("crowd", &orders::crowd(iso, 300), &sized(1920, 1080)?)?;
    save(
        "crowd-2d",
        &orders::crowd(Projection::Flat, 1000),
        &Style { theme: Theme::Dark, ..sized(1920, 1080)? },
    )?;
    let scene = paint(&orders::hostile(Projection::Flat), &Style::default());
    std::fs::write(
        folder.join("odd-hostile.pdf"),
        pdf::write(&scene, &Style::default().fonts, &Page::default())?,
    )?;
    Ok(())
}
