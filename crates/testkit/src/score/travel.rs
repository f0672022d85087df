//! How each line travels by itself: its ends, what it runs through, bends, length, direction.

use std::collections::BTreeSet;

use super::Score;
use super::near::Near;
use super::picture::{Picture, Rect, Sort};

pub(super) fn measure(picture: &Picture, score: &mut Score) {
    let items = &picture.items;
    let mut boxes = Near::new(&picture.bounds, items.len());
    let mut words = Near::new(&picture.bounds, items.len());
    for (at, item) in items.iter().enumerate() {
        boxes.add(&item.rect, at as u32);
        item.label.iter().for_each(|label| words.add(label, at as u32));
    }
    let (mut straight, mut pieces, mut length) = (0usize, 0usize, 0.0);
    let (mut good, mut ahead) = (0usize, 0usize);
    let mut found = Vec::new();
    for line in &picture.lines {
        let name = || format!("the line {} to {}", items[line.from].id, items[line.to].id);
        if line.points.len() < 2 {
            score.ends_off += 2;
            score.fault(|| format!("{} has no course", name()));
            continue;
        }
        for (end, point) in [(line.from, line.points[0]), (line.to, line.points[line.points.len() - 1])] {
            if !touches(picture, end, point) {
                score.ends_off += 1;
                score.fault(|| format!("{} does not end at {}: {point:?}", name(), items[end].id));
            }
        }
        score.bends += line.points.len() - 2;
        let mut through: BTreeSet<usize> = BTreeSet::new();
        let mut labels: BTreeSet<usize> = BTreeSet::new();
        for (piece, pair) in line.points.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            // A line that begins in the middle of a solid and leaves downwards is drawn from below
            // the solid's own label on.
            let trimmed = |at: usize| {
                picture.ends_inside
                    && (a[0] - b[0]).abs() <= picture.grain * 0.15
                    && (piece == 0 && at == line.from || piece + 2 == line.points.len() && at == line.to)
            };
            let (dx, dy) = ((a[0] - b[0]).abs(), (a[1] - b[1]).abs());
            pieces += 1;
            straight += usize::from(dx.min(dy) <= picture.grain * 0.15);
            length += dx.hypot(dy);
            boxes.along(a, b, &mut found);
            through.extend(
                found
                    .iter()
                    .map(|&at| at as usize)
                    .filter(|&at| items[at].rect.crossed(a, b, picture.grain * 0.25)),
            );
            words.along(a, b, &mut found);
            labels.extend(
                found.iter().map(|&at| at as usize).filter(|&at| !trimmed(at)).filter(|&at| {
                    items[at].label.iter().any(|label| label.crossed(a, b, picture.grain * 0.25))
                }),
            );
        }
        for at in through {
            let home = picture.is_in(line.from, at) || picture.is_in(line.to, at);
            let word = match items[at].sort {
                _ if home => continue,
                Sort::Leaf => {
                    score.through_icons += 1;
                    "icon"
                }
                Sort::Holder => {
                    score.through_holders += 1;
                    score.through_boxes += 1;
                    "foreign"
                }
                Sort::Vpc => {
                    score.through_vpcs += 1;
                    score.through_boxes += 1;
                    "foreign VPC"
                }
                Sort::Frame => {
                    score.through_boxes += 1;
                    continue;
                }
            };
            score.fault(|| format!("{} runs through {word} {}", name(), items[at].id));
        }
        score.through_labels += labels.len();
        for at in labels {
            score.fault(|| format!("{} runs through the label of {}", name(), items[at].id));
        }
        if let (Some(from), Some(to)) = (items[line.from].tier, items[line.to].tier)
            && from < to
        {
            let (a, b) = (items[line.from].rect.center(), items[line.to].rect.center());
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            ahead += 1;
            good += usize::from(if dx.abs() >= dy.abs() { dx > 0.0 } else { dy > 0.0 });
        }
    }
    let side = (picture.bounds.w * picture.bounds.h).sqrt().max(f64::MIN_POSITIVE);
    score.orthogonal = if pieces == 0 { 1.0 } else { straight as f64 / pieces as f64 };
    score.length = length / picture.lines.len().max(1) as f64 / side;
    score.flow = if ahead == 0 { 1.0 } else { good as f64 / ahead as f64 };
}

/// Whether a line may end here: on the border, or anywhere in an icon where the picture says so.
fn touches(picture: &Picture, end: usize, at: [f64; 2]) -> bool {
    let rect: Rect = picture.items[end].rect;
    let slack = picture.grain * 0.5;
    if !rect.contains(&Rect::new(at[0], at[1], 0.0, 0.0), slack) {
        return false;
    }
    if picture.ends_inside && picture.items[end].sort == Sort::Leaf {
        return true;
    }
    let near = |a: f64, b: f64| (a - b).abs() <= slack;
    near(at[0], rect.x) || near(at[0], rect.right()) || near(at[1], rect.y) || near(at[1], rect.bottom())
}
