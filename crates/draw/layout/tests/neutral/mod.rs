//! What holds for every neutral graph: nothing missing, nothing shrunk, every link in one line.

use std::collections::BTreeMap;

use isobar_layout::neutral::{Placed, place_neutral};
use isobar_layout::{Lines, Rect};
use isobar_testkit::neutral::{Neutral, generate, odd};
use isobar_testkit::score::{Score, score, stability};
use proptest::prelude::*;

use crate::score::neutral::{given, picture};

const BOTH: [Lines; 2] = [Lines::Gathered, Lines::Each];

/// What is not zero yet, a hundred lines: nothing.
const NOT_YET: &[(&str, f64)] = &[];
/// The same in graphs without sense. Where boxes leave no way at all a line goes over an icon sooner than
/// being lost.
const NOT_YET_ODD: &[(&str, f64)] =
    &[("through_icons", 2.0), ("through_labels", 20.0), ("through_holders", 60.0), ("through_vpcs", 60.0)];

/// Places a graph and proves that the answer is whole.
fn placed(name: &str, graph: &Neutral, lines: Lines) -> Placed {
    let placed = place_neutral(&given(graph), lines).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(placed.nodes.len(), graph.nodes.len(), "{name}: every node has one place");
    let rects: BTreeMap<&str, Rect> = placed.nodes.iter().map(|n| (n.id.as_str(), n.rect)).collect();
    let holds: std::collections::BTreeSet<&str> =
        graph.nodes.iter().filter_map(|n| n.parent.as_deref()).collect();
    for node in graph.nodes.iter().filter(|node| !holds.contains(node.id.as_str())) {
        let rect = rects[node.id.as_str()];
        assert_eq!((rect.w, rect.h), node.size.unwrap_or((64.0, 64.0)), "{name}: the size of {}", node.id);
    }
    let mut told: Vec<&str> = placed.edges.iter().flat_map(|e| &e.members).map(String::as_str).collect();
    told.extend(placed.omitted.iter().map(|o| o.id.as_str()));
    told.sort_unstable();
    let mut asked: Vec<&str> = graph.edges.iter().map(|e| e.id.as_str()).collect();
    asked.sort_unstable();
    assert_eq!(told, asked, "{name}: every edge is told once");
    let lost: Vec<_> = placed.omitted.iter().filter(|o| o.reason.contains("no way")).collect();
    assert!(lost.is_empty(), "{name}: no line for {lost:?}");
    if lines == Lines::Each {
        assert!(placed.edges.iter().all(|e| e.members.len() == 1), "{name}: a line each");
    }
    for edge in &placed.edges {
        for pair in edge.points.windows(2) {
            assert!(
                pair[0].x == pair[1].x || pair[0].y == pair[1].y,
                "{name}: {:?} is slanted: {:?}",
                edge.members,
                edge.points
            );
        }
    }
    placed
}

/// What must be zero is, but for the named ceilings a hundred lines.
fn check(name: &str, graph: &Neutral, lines: Lines, not_yet: &[(&str, f64)]) -> Score {
    let placed = placed(name, graph, lines);
    let score = score(&picture(graph, &placed));
    println!("{name} {lines:?}: {} nodes, {score}", graph.nodes.len());
    let hundreds = (score.lines as f64 / 100.0).max(1.0);
    for (zero, found) in score.zeros() {
        let ceiling = not_yet.iter().find(|not| not.0 == zero).map_or(0.0, |not| not.1 * hundreds);
        assert!(found as f64 <= ceiling, "{name}: {found} {zero}, at most {ceiling}: {:#?}", score.faults);
    }
    score
}

#[test]
fn clouds_of_fifty_and_five_hundred() {
    for seed in 1..=3 {
        for (size, lines) in [(50, BOTH[0]), (50, BOTH[1]), (500, BOTH[0]), (500, BOTH[1])] {
            check(&format!("{size}/{seed}"), &generate(seed, size), lines, NOT_YET);
        }
    }
}

/// Twenty graphs of each size; the large ones take minutes, so they are the campaign's.
#[test]
fn twenty_clouds_have_no_fault() {
    let sizes: &[usize] = if crate::full() { &[50, 500, 5_000, 20_000] } else { &[50, 500] };
    for &size in sizes {
        for seed in 1..=20 {
            check(&format!("{size}/{seed}"), &generate(seed, size), Lines::Gathered, NOT_YET);
        }
    }
}

/// With every line drawn like nodes change places: in the order of their names there would be 650.
#[test]
fn small_clouds_with_every_line_are_uncrossed() {
    let crossings = (1..=10)
        .map(|seed| check(&format!("50/{seed}"), &generate(seed, 50), Lines::Each, NOT_YET).crossings)
        .sum::<usize>();
    assert!(crossings <= 400, "{crossings} crossings in ten graphs");
}

/// A seed whose picture once had a line through an icon.
#[test]
fn an_odd_fault_of_old_stays_away() {
    for lines in BOTH {
        check("odd 73/14842", &odd(14_842, 73), lines, NOT_YET_ODD);
    }
}

/// On the average of some graphs: in one of them a column more moves all that stand beyond it.
#[test]
fn a_little_change_moves_little() {
    const SEEDS: u64 = 8;
    for (size, most) in [(50, 0.16), (500, 0.05)] {
        let mut moved = [0.0; 3];
        for seed in 1..=SEEDS {
            let graph = generate(seed, size);
            let victim = graph.some_leaf();
            let before = picture(&graph, &placed("before", &graph, Lines::Gathered));
            let changes = [graph.with_another(), graph.without(&victim), graph.renamed(&victim)];
            for (sum, changed) in moved.iter_mut().zip(changes) {
                let after = picture(&changed, &placed("after", &changed, Lines::Gathered));
                *sum += stability(&before, &after).moved / SEEDS as f64;
            }
        }
        for (name, moved) in ["one more", "one less", "renamed"].iter().zip(moved) {
            println!("{size}, {name}: {:.1} % moved", moved * 100.0);
            assert!(moved <= most, "{size}, {name}: {moved}");
        }
    }
}

#[test]
fn the_order_of_telling_does_not_matter() {
    for graph in [generate(1, 120), odd(4, 60)] {
        for lines in BOTH {
            let first = placed("first", &graph, lines);
            assert_eq!(first, placed("again", &graph, lines));
            assert_eq!(first, placed("shuffled", &graph.shuffled(9), lines));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn odd_graphs_are_drawn_whole(seed in 0u64..100_000, size in 1usize..90, each: bool) {
        let lines = if each { Lines::Each } else { Lines::Gathered };
        check(&format!("odd {size}/{seed}"), &odd(seed, size), lines, NOT_YET_ODD);
    }
}
