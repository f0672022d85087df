//! What lines keep away from: footprints, labels and titles.

use super::Course;
use super::near::Near;
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
    near: Near,
    near_titles: Near,
}

impl Obstacles {
    pub(crate) fn of(course: &Course<'_>) -> Self {
        let mut hard = Vec::with_capacity(course.nodes.len() * 4);
        for (n, node) in course.nodes.iter().enumerate() {
            hard.push((Rect::around(node.at, (HALF + 0.18) * node.scale), n));
            hard.extend(label_boxes(node, course.projection).into_iter().map(|label| (label, n)));
        }
        let titles: Vec<Rect> = course.plates.iter().map(title).collect();
        let near = Near::of(hard.iter().map(|h| &h.0));
        let near_titles = Near::of(titles.iter());
        Self { hard, titles, near, near_titles }
    }

    /// Obstacles near a rectangle; one may be named twice.
    pub(crate) fn near(&self, rect: &Rect) -> impl Iterator<Item = &(Rect, usize)> {
        let mut found = Vec::new();
        self.near.each(rect, |n| found.push(n));
        found.into_iter().map(|n| &self.hard[n])
    }

    /// Titles near a rectangle; one may be named twice.
    pub(crate) fn titles_near(&self, rect: &Rect) -> impl Iterator<Item = &Rect> {
        let mut found = Vec::new();
        self.near_titles.each(rect, |n| found.push(n));
        found.into_iter().map(|n| &self.titles[n])
    }
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
