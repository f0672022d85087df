//! A report's chart as PNG: its marks become a scene of the same colours and faces.

use isobar_export::{Error, png};
use isobar_report::chart::{Chart, Mark};
use isobar_scene::geom::Rect;
use isobar_scene::scene::{Anchor, Fill, Item, Outline, Shape, Text};
use isobar_scene::{Color, Fonts, Scene, Theme, Weight};

/// Draws a chart at its own size, on light paper.
pub(crate) fn png(chart: &Chart) -> Result<Vec<u8>, Error> {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let canvas = (side(chart.size.0), side(chart.size.1));
    let mut scene = Scene::blank(canvas, Theme::Light);
    let (ink, muted) = (scene.palette.ink, scene.palette.muted);
    scene.background = Some(Color::WHITE);
    scene.title.clone_from(&chart.title);
    scene.items = chart.marks.iter().map(|mark| item(mark, ink, muted)).collect();
    png::write(&scene, &Fonts::embedded())
}

fn item(mark: &Mark, ink: Color, muted: Color) -> Item {
    match mark {
        Mark::Block { at, size, radius, colour, .. } => {
            let rect = Rect::new(at.0 as f64, at.1 as f64, size.0 as f64, size.1 as f64);
            let colour = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or_default();
            Item::Shape(Shape {
                outline: Outline::Rect(rect, *radius as f64),
                fill: Some(Fill::Flat(Color::hex(colour))),
                fill_opacity: 1.0,
                stroke: None,
                matrix: None,
            })
        }
        Mark::Words { at, size, heavy, ends, muted: quiet, text } => Item::Text(Text {
            at: (at.0 as f64, at.1 as f64),
            text: isobar_scene::clean(text),
            size: *size,
            weight: if *heavy { Weight::SemiBold } else { Weight::Regular },
            color: if *quiet { muted } else { ink },
            anchor: if *ends { Anchor::End } else { Anchor::Start },
            halo: None,
            matrix: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_drawn_at_its_own_size() {
        let series = ["prod".to_owned(), "dev".to_owned()];
        let chart = isobar_report::chart::stacked("a <b>", &series, &[("S3".to_owned(), vec![3, 4])]);
        let bytes = png(&chart).expect("a small picture");
        assert!(bytes.starts_with(b"\x89PNG"));
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((side(16) as usize, side(20) as usize), chart.size);
    }
}
