//! What one resource more moves, and because of which plate:
//! `cargo run --release -p isobar-layout --example moves -- [neutral|estate] SIZE SEEDS CHANGES`.

#[path = "../tests/score/mod.rs"]
#[allow(dead_code)]
mod score;

use std::collections::BTreeMap;

use isobar_graph::Index;
use isobar_layout::neutral::place_neutral;
use isobar_layout::{Blueprint, Lines, Options, place};
use isobar_testkit::score::stability;
use isobar_testkit::{estate, neutral};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, or: usize| arguments.get(n).and_then(|text| text.parse().ok()).unwrap_or(or);
    let (size, seeds, changes) = (number(1, 500), number(2, 2), number(3, 10));
    let quiet = arguments.get(4).is_some();
    let (mut sum, mut order, mut count) = (0.0, 0.0, 0);
    for seed in 1..=seeds as u64 {
        let moves = match arguments.first().map(String::as_str) {
            Some("neutral") => of_neutral(seed, size, changes),
            _ => of_estate(seed, size, changes),
        };
        for (name, moved, kept, why) in moves {
            if !quiet {
                println!("{seed} {:5.1} % {:5.1} % {name}: {why}", moved * 100.0, kept * 100.0);
            }
            sum += moved;
            order += kept;
            count += 1;
        }
    }
    println!(
        "moved {:.2} %, order {:.2} %, {count} changes",
        sum / f64::from(count) * 100.0,
        order / f64::from(count) * 100.0
    );
}

type Move = (String, f64, f64, String);

fn of_estate(seed: u64, size: usize, changes: usize) -> Vec<Move> {
    let graph = estate::generate(seed, size);
    let view = estate::view(&graph);
    let options = Options::default();
    let full = place(&view, &options);
    let leaves: Vec<Index> =
        view.shown.iter().copied().filter(|&at| graph.get(at).container.is_none()).collect();
    let change = |n: usize| {
        let which = leaves[(n * leaves.len() / changes + 1) % leaves.len()];
        let mut less = view.clone();
        less.shown.retain(|&at| at != which);
        less.links.retain(|link| link.from != which && link.to != which);
        let bare = place(&less, &options);
        let moved = stability(&score::picture(&bare), &score::picture(&full));
        let resource = graph.get(which);
        let parent = resource.parent.map(|p| graph.get(p).name.clone()).unwrap_or_default();
        let name = format!("{} {} in {parent}", resource.kind, resource.name);
        (name, moved.moved, moved.order, plates(&bare, &full))
    };
    (0..changes).map(change).collect()
}

/// The plates that changed their size.
fn plates(before: &Blueprint, after: &Blueprint) -> String {
    let sizes = |b: &Blueprint| -> BTreeMap<_, _> {
        b.plates.iter().map(|p| (p.id, (p.title.clone(), p.rect.w, p.rect.h))).collect()
    };
    let (old, new) = (sizes(before), sizes(after));
    let changed = new.iter().filter_map(|(id, b)| {
        let Some(a) = old.get(id) else { return Some(format!("+[{}]", b.0)) };
        let (w, h) = (b.1 - a.1, b.2 - a.2);
        (w.abs() > 0.05 || h.abs() > 0.05).then(|| format!("[{}] {w:+.1} {h:+.1}", b.0))
    });
    let gone = old.iter().filter(|(id, _)| !new.contains_key(id)).map(|(_, a)| format!("-[{}]", a.0));
    changed.chain(gone).collect::<Vec<_>>().join(", ")
}

fn of_neutral(seed: u64, size: usize, changes: usize) -> Vec<Move> {
    let full = neutral::generate(seed, size);
    let place = |graph: &neutral::Neutral| {
        score::neutral::picture(
            graph,
            &place_neutral(&score::neutral::given(graph), Lines::Gathered).expect("a sound graph"),
        )
    };
    let after = place(&full);
    let leaves: Vec<&neutral::Node> = full.nodes.iter().filter(|n| n.kind == "resource").collect();
    let change = |n: usize| {
        let which = &leaves[(n * leaves.len() / changes + 1) % leaves.len()].id;
        let before = place(&full.without(which));
        let moved = stability(&before, &after);
        let old: BTreeMap<_, _> = before.items.iter().map(|i| (&i.id, (i.rect.w, i.rect.h))).collect();
        let why = after.items.iter().filter_map(|i| {
            let (w, h) = old.get(&i.id)?;
            let (w, h) = (i.rect.w - w, i.rect.h - h);
            (w.abs() > 1.0 || h.abs() > 1.0).then(|| format!("[{}] {w:+.0} {h:+.0}", i.id))
        });
        (which.clone(), moved.moved, moved.order, why.collect::<Vec<_>>().join(", "))
    };
    (0..changes).map(change).collect()
}
