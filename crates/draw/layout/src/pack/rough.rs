//! From an arrangement of rounded sizes to the places of the pieces themselves.

use super::ROUNDED;
use crate::block::Sky;
use crate::geometry::Rect;

/// Where a piece would lie if its sides were as long as they are reckoned with.
pub(super) struct Rough {
    pub(super) piece: usize,
    pub(super) shape: usize,
    pub(super) rect: Rect,
}

impl Rough {
    /// How many numbers tell it.
    pub(super) const NUMBERS: usize = 6;

    pub(super) fn numbers(&self) -> [f64; Self::NUMBERS] {
        let Rect { x, y, w, h } = self.rect;
        [self.piece as f64, self.shape as f64, x, y, w, h]
    }

    pub(super) fn of(numbers: &[f64]) -> Self {
        let rect = Rect::new(numbers[2], numbers[3], numbers[4], numbers[5]);
        Self { piece: numbers[0] as usize, shape: numbers[1] as usize, rect }
    }
}

/// The same columns, each piece as high up as it fits there.
pub(super) fn dropped(rough: &[Rough], sizes: &[(f64, f64)], gap: f64) -> Vec<(f64, f64)> {
    let mut sky = Sky::new(gap);
    let place = |(r, &(w, h)): (&Rough, &(f64, f64))| {
        let y = sky.drop(r.rect.x + ROUNDED, w - 2.0 * ROUNDED);
        sky.take(r.rect.x, w, y + h);
        (r.rect.x, y)
    };
    rough.iter().zip(sizes).map(place).collect()
}

/// The same arrangement with the true sizes: who stood left of another still does, who stood above
/// still does, edges in line stay in line where they can.
pub(super) fn closer(rough: &[Rough], sizes: &[(f64, f64)], gap: f64) -> Vec<(f64, f64)> {
    let mut order: Vec<usize> = (0..rough.len()).collect();
    let rect = |n: usize| &rough[n].rect;
    order.sort_by(|&a, &b| rect(a).x.total_cmp(&rect(b).x).then(rect(a).y.total_cmp(&rect(b).y)));
    let mut x = vec![0.0f64; rough.len()];
    for (k, &n) in order.iter().enumerate() {
        let here = rect(n);
        // The edge it stood at; the first that is met, if there are several.
        let mut edge: Option<f64> = None;
        for &other in &order[..k] {
            let left = rect(other);
            let after = x[other] + sizes[other].0 + gap;
            let beside = left.y < here.bottom() - ROUNDED && here.y < left.bottom() - ROUNDED;
            if beside && left.right() <= here.x + ROUNDED {
                x[n] = x[n].max(after);
            }
            if (left.x - here.x).abs() < ROUNDED {
                edge = edge.or(Some(x[other]));
            } else if (left.right() + gap - here.x).abs() < ROUNDED {
                edge = edge.or(Some(after));
            }
        }
        x[n] = x[n].max(edge.unwrap_or(0.0));
    }
    order.sort_by(|&a, &b| rect(a).y.total_cmp(&rect(b).y).then(rect(a).x.total_cmp(&rect(b).x)));
    let mut y = vec![0.0f64; rough.len()];
    for (k, &n) in order.iter().enumerate() {
        let end = |n: usize| x[n] + sizes[n].0 + gap - ROUNDED;
        for &other in &order[..k] {
            let meet = x[other] < end(n) && x[n] < end(other);
            if meet && rect(other).bottom() <= rect(n).y + ROUNDED {
                y[n] = y[n].max(y[other] + sizes[other].1 + gap);
            }
        }
    }
    x.into_iter().zip(y).collect()
}
