//! Who stands where: overlaps, containment, labels, density, tiers.

use std::collections::BTreeMap;

use super::Score;
use super::near::Near;
use super::picture::{Picture, Rect, Sort};

pub(super) fn measure(picture: &Picture, score: &mut Score) {
    boxes(picture, score);
    labels(picture, score);
    score.tiers = tiers(picture);
    let area = (picture.bounds.w * picture.bounds.h).max(f64::MIN_POSITIVE);
    let leaves = || picture.items.iter().filter(|item| item.sort == Sort::Leaf);
    let icons: f64 = leaves().map(|item| item.rect.w * item.rect.h).sum();
    let words: f64 = leaves().flat_map(|item| &item.label).map(|l| l.w * l.h).sum();
    score.density = icons / area;
    score.label_density = (icons + words) / area;
}

fn boxes(picture: &Picture, score: &mut Score) {
    let items = &picture.items;
    let slack = picture.grain;
    let mut near = Near::new(&picture.bounds, items.len());
    for (at, item) in items.iter().enumerate() {
        near.add(&item.rect, at as u32);
    }
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if !picture.bounds.contains(&item.rect, slack) {
            score.outside += 1;
            score.fault(|| format!("{} lies outside the picture", item.id));
        }
        if let Some(parent) = item.parent
            && !item.on_border
            && !items[parent].rect.contains(&item.rect, slack)
        {
            score.outside += 1;
            score.fault(|| format!("{} sticks out of {}", item.id, items[parent].id));
        }
        near.around(&item.rect, &mut found);
        for &other in &found {
            let other = other as usize;
            let others = &items[other];
            if !item.rect.overlaps(&others.rect, slack)
                || picture.is_in(at, other)
                || picture.is_in(other, at)
            {
                continue;
            }
            let leaf = |sort: Sort| sort == Sort::Leaf;
            match (leaf(item.sort), leaf(others.sort)) {
                (true, false) => {
                    score.covered += 1;
                    score.fault(|| format!("{} stands in foreign {}", item.id, others.id));
                }
                (true, true) | (false, false) if at < other => {
                    // Of nested containers only the outermost that overlap are told.
                    let told = |at: usize, by: usize| {
                        items[at].parent.is_some_and(|p| {
                            items[p].rect.overlaps(&items[by].rect, slack) && !picture.is_in(by, p)
                        })
                    };
                    if !leaf(item.sort) && (told(at, other) || told(other, at)) {
                        continue;
                    }
                    score.overlaps += 1;
                    score.fault(|| format!("{} and {} overlap", item.id, others.id));
                }
                _ => {}
            }
        }
    }
}

/// Labels in several pieces stand in a slanted view, where pieces of neighbours may share floor
/// without sharing sight; only those that lie flat are compared.
fn labels(picture: &Picture, score: &mut Score) {
    let flat: Vec<(usize, Rect)> = picture
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.label.len() == 1)
        .map(|(at, item)| (at, item.label[0]))
        .collect();
    let slack = picture.grain;
    let mut near = Near::new(&picture.bounds, picture.items.len());
    for (n, (_, label)) in flat.iter().enumerate() {
        near.add(label, n as u32);
    }
    let mut found = Vec::new();
    for (n, (at, label)) in flat.iter().enumerate() {
        near.around(label, &mut found);
        for &other in found.iter().filter(|&&other| other as usize > n) {
            let (other, others) = &flat[other as usize];
            if label.overlaps(others, slack) {
                score.label_overlaps += 1;
                score.fault(|| {
                    format!("labels of {} and {} overlap", picture.items[*at].id, picture.items[*other].id)
                });
            }
        }
    }
    for item in picture.items.iter().filter(|item| item.sort == Sort::Leaf) {
        near.around(&item.rect, &mut found);
        for &other in &found {
            let (owner, label) = &flat[other as usize];
            if label.overlaps(&item.rect, slack) {
                score.label_overlaps += 1;
                score.fault(|| format!("the label of {} lies on {}", picture.items[*owner].id, item.id));
            }
        }
    }
}

/// The share of subnets of a tier that stand in line with one of that tier in another zone.
fn tiers(picture: &Picture) -> f64 {
    let vpc = |at: usize| {
        std::iter::successors(Some(at), |&at| picture.items[at].parent)
            .find(|&at| picture.items[at].sort == Sort::Vpc)
    };
    let mut rows: BTreeMap<(usize, u8), Vec<usize>> = BTreeMap::new();
    for (at, item) in picture.items.iter().enumerate().filter(|(_, item)| item.sort != Sort::Leaf) {
        if let (Some(tier), Some(vpc)) = (item.tier, vpc(at)) {
            rows.entry((vpc, tier)).or_default().push(at);
        }
    }
    let (mut aligned, mut all) = (0usize, 0usize);
    for row in rows.values() {
        for &at in row {
            let item = &picture.items[at];
            let mut others =
                row.iter().map(|&other| &picture.items[other]).filter(|other| other.parent != item.parent);
            let mut any = false;
            let near = |a: f64, b: f64| (a - b).abs() <= picture.grain;
            let in_line = others.any(|other| {
                any = true;
                near(other.rect.x, item.rect.x) || near(other.rect.y, item.rect.y)
            });
            all += usize::from(any);
            aligned += usize::from(in_line);
        }
    }
    if all == 0 { 1.0 } else { aligned as f64 / all as f64 }
}
