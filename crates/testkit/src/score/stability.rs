//! How much of a picture stays where it was when the graph changes a little.

use std::collections::BTreeMap;

use super::picture::{Picture, Sort};

/// How much stayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// The share of leaves of both pictures that moved against the rest.
    pub moved: f64,
    /// The share of pairs of leaves that kept their order, along and across.
    pub order: f64,
}

/// Pairs that are compared at most.
const PAIRS: usize = 200_000;

/// Compares two pictures. Leaves are told by their ids; a shift of the whole is no move.
pub fn stability(before: &Picture, after: &Picture) -> Stability {
    let places = |picture: &Picture| -> BTreeMap<String, [f64; 2]> {
        let leaves = picture.items.iter().filter(|item| item.sort == Sort::Leaf);
        leaves.map(|item| (item.id.clone(), item.rect.center())).collect()
    };
    let (old, new) = (places(before), places(after));
    let both: Vec<([f64; 2], [f64; 2])> =
        old.iter().filter_map(|(id, &a)| new.get(id).map(|&b| (a, b))).collect();
    if both.is_empty() {
        return Stability { moved: 0.0, order: 1.0 };
    }
    let shift = [0, 1].map(|axis| {
        let mut by: Vec<f64> = both.iter().map(|(a, b)| b[axis] - a[axis]).collect();
        by.sort_by(f64::total_cmp);
        by[by.len() / 2]
    });
    let near = |a: f64, b: f64| (a - b).abs() <= before.grain * 2.0;
    let stays = |(a, b): &&([f64; 2], [f64; 2])| (0..2).all(|axis| near(b[axis] - a[axis], shift[axis]));
    let moved = both.iter().filter(|pair| !stays(pair)).count();
    // Every pair of few, every so many-th of many.
    let n = both.len();
    let stride = (n * n / PAIRS).max(1);
    let (mut kept, mut all) = (0usize, 0usize);
    for at in (0..n * n).step_by(stride) {
        let (i, j) = (at / n, at % n);
        for axis in 0..2 {
            let sign = |d: f64| if near(d, 0.0) { 0 } else { d.signum() as i8 };
            all += 1;
            kept += usize::from(
                sign(both[i].0[axis] - both[j].0[axis]) == sign(both[i].1[axis] - both[j].1[axis]),
            );
        }
    }
    Stability { moved: moved as f64 / n as f64, order: kept as f64 / all.max(1) as f64 }
}
