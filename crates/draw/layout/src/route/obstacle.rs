//! What lines keep away from: footprints, labels and titles.

use std::collections::HashMap;

use super::Course;
use crate::blueprint::{Plate, PlateKind, TitleSide};
use crate::geometry::Rect;
use crate::label::label_boxes;
use crate::metrics::{HALF, text_width};

/// Rectangles no line enters, findable by place.
pub(crate) struct Obstacles {
    /// A rectangle and the node it belongs to.
    pub hard: Vec<(Rect, usize)>,
    /// Titles: a line may cross one, but does not like to.
    pub titles: Vec<Rect>,
    buckets: HashMap<(i32, i32), Vec<u32>>,
}

const BUCKET: f64 = 6.0;

impl Obstacles {
    pub(crate) fn of(course: &Course<'_>) -> Self {
        let mut hard = Vec::with_capacity(course.nodes.len() * 4);
        for (n, node) in course.nodes.iter().enumerate() {
            hard.push((Rect::around(node.at, HALF + 0.18), n));
            hard.extend(label_boxes(node, course.projection).into_iter().map(|label| (label, n)));
        }
        let titles = course.plates.iter().map(title).collect();
        let mut buckets: HashMap<(i32, i32), Vec<u32>> = HashMap::new();
        for (n, (rect, _)) in hard.iter().enumerate() {
            for key in keys(rect) {
                buckets.entry(key).or_default().push(n as u32);
            }
        }
        Self { hard, titles, buckets }
    }

    /// Obstacles near a rectangle; one may be named twice.
    pub(crate) fn near(&self, rect: &Rect) -> impl Iterator<Item = &(Rect, usize)> {
        let keys: Vec<(i32, i32)> = keys(rect).collect();
        keys.into_iter().filter_map(|key| self.buckets.get(&key)).flatten().map(|&n| &self.hard[n as usize])
    }
}

fn keys(rect: &Rect) -> impl Iterator<Item = (i32, i32)> + use<> {
    let cell = |v: f64| (v / BUCKET).floor() as i32;
    let (x0, x1, y0, y1) = (cell(rect.x), cell(rect.right()), cell(rect.y), cell(rect.bottom()));
    (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
}

fn title(plate: &Plate) -> Rect {
    let size = match plate.kind {
        PlateKind::Account | PlateKind::Region => 1.45,
        PlateKind::Vpc => 1.3,
        _ => 1.0,
    };
    let (w, h) = ((text_width(&plate.title) * size + 0.4).min(plate.rect.w), 0.6 * size);
    let y = match plate.title_side {
        TitleSide::Top => plate.rect.y + 0.1,
        TitleSide::Bottom => plate.rect.bottom() - h - 0.1,
    };
    Rect::new(plate.rect.x, y, w, h)
}
