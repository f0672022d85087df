//! A map of the world with dots, as an SVG that stands alone, light and dark.
//!
//! In: [`Point`]s. Out: SVG, every place at its true longitude and latitude (plate carrée). The land is
//! Natural Earth's at 1:110 million, which is in the public domain, in whole degrees; borders, about
//! which people disagree, are left out.

use std::collections::BTreeMap;

use crate::chart::{COLOURS, FONTS, STYLE, WIDTH, cut};
use crate::escape::markup;

/// The outlines of the land in degrees, east of the date line and south of the pole.
const LAND: &str = include_str!("land.path");

/// With more places than this their names would cover the map; the dots' titles still have them.
const NAMED: usize = 16;

/// Something at a place on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What is there.
    pub name: String,
    /// What the place is called.
    pub place: String,
}

/// The map: one dot for all that is at one place, larger for more.
pub fn map(title: &str, points: &[Point]) -> String {
    let (left, top, wide, high) = (24.0, 56.0, 912.0, 456.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"536\" viewBox=\"0 0 {WIDTH} 536\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"{FONTS}\">{STYLE}\
         <rect class=\"p\" width=\"{WIDTH}\" height=\"536\"/>\
         <text class=\"i\" x=\"24\" y=\"36\" font-size=\"17\" font-weight=\"600\">{title}</text>\
         <path class=\"l\" transform=\"translate({left} {top}) scale({:.6})\" d=\"{}\"/>",
        wide / 360.0,
        LAND.trim_end(),
        title = markup(title),
    );
    for step in 0..=12 {
        let x = left + wide * f64::from(step) / 12.0;
        out.push_str(&format!("<path class=\"g\" d=\"M{x:.1} {top:.1}v{high:.1}\"/>"));
        if step <= 6 {
            let y = top + high * f64::from(step) / 6.0;
            out.push_str(&format!("<path class=\"g\" d=\"M{left:.1} {y:.1}h{wide:.1}\"/>"));
        }
    }
    // By where they are drawn, so that what would be one dot is one.
    let mut places: BTreeMap<(i64, i64), Vec<&Point>> = BTreeMap::new();
    for point in points.iter().filter(|p| p.latitude.is_finite() && p.longitude.is_finite()) {
        let x = left + (point.longitude.clamp(-180.0, 180.0) + 180.0) / 360.0 * wide;
        let y = top + (90.0 - point.latitude.clamp(-90.0, 90.0)) / 180.0 * high;
        // Tenths of a pixel, which fit by far.
        #[expect(clippy::cast_possible_truncation)]
        places.entry(((x * 10.0).round() as i64, (y * 10.0).round() as i64)).or_default().push(point);
    }
    let named = places.len() <= NAMED;
    for ((x, y), here) in &places {
        let at = |tenths: &i64| format!("{}.{}", tenths / 10, tenths % 10);
        let names: Vec<String> = here.iter().map(|point| markup(&point.name)).collect();
        let radius = (4 + here.len().ilog2() * 2).min(12);
        out.push_str(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" fill=\"{}\" fill-opacity=\".8\"><title>{}</title></circle>",
            at(x),
            at(y),
            COLOURS[1],
            names.join("\n")
        ));
        if named {
            // Names of the far east stand before their dots, so that the page does not cut them.
            let (anchor, shift) = if *x > 7600 { ("end", -100) } else { ("start", 100) };
            let many = if here.len() > 1 { format!(" ({})", here.len()) } else { String::new() };
            out.push_str(&format!(
                "<text class=\"i\" x=\"{}\" y=\"{}\" font-size=\"11\" text-anchor=\"{anchor}\">{}{many}</text>",
                at(&(x + shift)),
                at(&(y + 40)),
                markup(&cut(&here[0].place, 32)),
            ));
        }
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(latitude: f64, longitude: f64) -> Point {
        Point { latitude, longitude, name: "<a>".to_owned(), place: "<b>".to_owned() }
    }

    #[test]
    fn places_stand_where_they_are() {
        let svg =
            map("m", &[point(0.0, 0.0), point(90.0, -180.0), point(f64::NAN, 900.0), point(-7.0, 900.0)]);
        assert!(svg.contains("cx=\"480.0\" cy=\"284.0\"") && svg.contains("cx=\"24.0\" cy=\"56.0\""));
        assert!(svg.contains("&lt;a&gt;") && !svg.contains("<a>") && !svg.contains("<b>"));
        assert_eq!((svg.matches("<circle").count(), svg.matches("cx=\"936.0\"").count()), (3, 1));
    }

    #[test]
    fn one_place_is_one_dot_and_many_places_have_no_names() {
        let svg = map("m", &[point(1.0, 2.0), point(1.0, 2.0)]);
        assert_eq!((svg.matches("<circle").count(), svg.matches("&lt;b&gt; (2)").count()), (1, 1));
        let many: Vec<Point> = (0..20).map(|at| point(f64::from(at), 2.0)).collect();
        assert!(!map("m", &many).contains("&lt;b&gt;"));
    }
}
