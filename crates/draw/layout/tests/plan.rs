//! What holds for every plan, on generated estates of several sizes and on the company.

mod neutral;
mod score;
mod stability;

use isobar_graph::{Graph, Index, Selection, View};
use isobar_layout::{Blueprint, Options, PlateKind, Projection, Rect, place};
use isobar_testkit::estate;
use isobar_testkit::score::Score;
use proptest::prelude::*;
use score::score;

const BOTH: [Projection; 2] = [Projection::Isometric, Projection::Flat];

fn plan(graph: &Graph, projection: Projection) -> Blueprint {
    place(&estate::view(graph), &Options { projection, ..Options::default() })
}

/// The zeros are zero.
fn check_zeros(name: &str, blueprint: &Blueprint) -> Score {
    let score = score(blueprint);
    println!("{name}: {} nodes, {score}", blueprint.nodes.len());
    for (zero, found) in score.zeros() {
        assert_eq!(found, 0, "{name}: {zero}: {:#?}", score.faults);
    }
    score
}

/// The zeros, everything shown has exactly one place, and the measures stay under their ceilings.
fn check(name: &str, graph: &Graph, crossings_per_line: f64) {
    for projection in BOTH {
        let blueprint = plan(graph, projection);
        let name = format!("{name} {}", projection.as_str());
        let score = check_zeros(&name, &blueprint);
        let view = estate::view(graph);
        let leaves = view.shown.iter().filter(|&&at| graph.get(at).container.is_none()).count();
        assert_eq!(blueprint.nodes.len(), leaves, "{name}: every resource has one place");
        let containers = view.shown.iter().filter(|&&at| drawn_container(graph, at)).count();
        let plates = blueprint.plates.iter().filter(|p| p.resource.is_some()).count();
        assert_eq!(plates, containers, "{name}: every container has one plate");
        let lines = score.lines.max(1) as f64;
        assert!(
            score.crossing_places as f64 <= crossings_per_line * lines,
            "{name}: {} crossings",
            score.crossing_places
        );
        assert!(score.tiers >= 1.0, "{name}: tiers stand in line to {}", score.tiers);
        assert!(score.bends as f64 <= 4.0 * lines, "{name}: {} bends", score.bends);
        assert!((1.0..=2.6).contains(&score.aspect), "{name}: aspect {}", score.aspect);
    }
}

/// One account draws no plate for itself, nor does `global`.
fn drawn_container(graph: &Graph, at: Index) -> bool {
    use isobar_graph::ContainerKind::{Account, Region};
    let resource = graph.get(at);
    match resource.container {
        None | Some(Account) => false,
        Some(Region) => !resource.region.is_global() && !graph.children(at).is_empty(),
        Some(_) => true,
    }
}

#[test]
fn the_company_is_tidy() {
    check("company", &estate::company(), 1.5);
}

#[test]
fn fifty_are_tidy() {
    for seed in 1..=5 {
        check(&format!("50/{seed}"), &estate::generate(seed, 50), 1.5);
    }
}

#[test]
fn five_hundred_are_tidy() {
    for seed in 1..=3 {
        check(&format!("500/{seed}"), &estate::generate(seed, 500), 4.0);
    }
}

#[test]
fn five_thousand_have_no_fault() {
    let score = check_zeros("5000", &plan(&estate::generate(11, 5_000), Projection::Isometric));
    assert!((1.0..=2.6).contains(&score.aspect), "aspect {}", score.aspect);
}

/// Seeds whose pictures once had a line through an icon.
#[test]
fn faults_of_old_stay_away() {
    for (seed, size) in [(7_287, 114)] {
        for projection in BOTH {
            check_zeros(&format!("{size}/{seed}"), &plan(&estate::generate(seed, size), projection));
        }
    }
}

/// Whether the slow campaign is wished for (`cargo xtask test --full`).
fn full() -> bool {
    std::env::var_os("ISOBAR_FULL").is_some()
}

/// Twenty estates of each size; the large ones take minutes, so they are the campaign's.
#[test]
fn twenty_seeds_have_no_fault() {
    let sizes: &[usize] = if full() { &[50, 500, 5_000, 20_000] } else { &[50, 500] };
    for &size in sizes {
        for seed in 1..=20 {
            check_zeros(
                &format!("{size}/{seed}"),
                &plan(&estate::generate(seed, size), Projection::Isometric),
            );
        }
    }
    // So large a floor has coarse lanes.
    for projection in BOTH.into_iter().filter(|_| full()) {
        check_zeros("100000/7", &plan(&estate::generate(7, 100_000), projection));
    }
}

/// The demo's regions: what is measured, at most, and at least for the last.
fn check_demo(region: &str, lines: usize, crossings: usize, shared: usize, density: f64) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../serve/app/demo/demo.isobar");
    let recording = isobar_recording::open(path.as_ref()).expect("the demo's recording");
    let graph = isobar_graph::build(isobar_catalog::Catalog::embedded(), &[&recording]);
    let regions = vec![region.parse().expect("a region")];
    let view = View::select(&graph, &Selection { regions, ..Selection::default() });
    for projection in BOTH {
        let name = format!("{region} {}", projection.as_str());
        let score = check_zeros(&name, &place(&view, &Options { projection, ..Options::default() }));
        assert!(score.lines <= lines, "{name}: {} lines", score.lines);
        assert!(score.crossing_places <= crossings, "{name}: {} crossings", score.crossing_places);
        assert!(score.shared <= shared, "{name}: {} pieces on one another", score.shared);
        assert!(score.label_density >= density, "{name}: density {}", score.label_density);
        assert!((1.2..=2.2).contains(&score.aspect), "{name}: aspect {}", score.aspect);
    }
}

#[test]
fn the_demo_is_fit_to_be_shown() {
    check_demo("eu-west-1", 130, 215, 8, 0.14);
    check_demo("us-east-1", 34, 12, 0, 0.105);
}

#[test]
fn the_order_of_finding_does_not_matter() {
    for (seed, size) in [(1, 30), (2, 120), (3, 300)] {
        let first = plan(&estate::generate(seed, size), Projection::Isometric);
        assert_eq!(first, plan(&estate::generate(seed, size), Projection::Isometric));
        assert_eq!(first, plan(&estate::shuffled(seed, size, seed + 99), Projection::Isometric));
    }
}

#[test]
fn both_projections_show_one_arrangement() {
    let graph = estate::company();
    let (iso, flat) = (plan(&graph, Projection::Isometric), plan(&graph, Projection::Flat));
    for (a, b) in iso.nodes.iter().zip(&flat.nodes) {
        assert_eq!(a.resource, b.resource);
        assert!((a.at.x - b.at.x).abs() < 0.01, "{} moved along", a.name);
        assert!((a.at.y - b.at.y).abs() < 6.0, "{} moved across", a.name);
    }
}

/// Accounts in one column: hardly a line runs through one that holds none of its ends.
#[test]
fn few_accounts_lie_below_one_another() {
    let graph = estate::several(&[(7, 60), (3, 40), (5, 80)]);
    for projection in BOTH {
        let blueprint = plan(&graph, projection);
        check_zeros(&format!("accounts {}", projection.as_str()), &blueprint);
        let accounts = blueprint.plates.iter().filter(|plate| plate.kind == PlateKind::Account);
        let accounts: Vec<Rect> = accounts.map(|plate| plate.rect).collect();
        assert_eq!(accounts.len(), 3);
        assert!(
            accounts.iter().all(|rect| (rect.x, rect.w) == (accounts[0].x, accounts[0].w)),
            "{accounts:?}"
        );
        let foreign = |edge: &&isobar_layout::Edge| {
            let ends = [edge.points[0], edge.points[edge.points.len() - 1]];
            let holds =
                |rect: &Rect| ends.iter().any(|end| rect.contains(&Rect::new(end.x, end.y, 0.0, 0.0), 0.0));
            let run = |pair: &[isobar_layout::Point]| {
                let (a, b) = (pair[0], pair[1]);
                Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
            };
            let through = |rect: &Rect| edge.points.windows(2).any(|pair| rect.overlaps(&run(pair), 0.5));
            accounts.iter().any(|rect| !holds(rect) && through(rect))
        };
        let through = blueprint.edges.iter().filter(foreign).count();
        assert!(through <= 2, "{} lines through accounts", through);
    }
}

#[test]
fn without_edges_nothing_else_changes() {
    let graph = estate::company();
    let view = estate::view(&graph);
    let with = place(&view, &Options::default());
    let without = place(&view, &Options { edges: false, ..Options::default() });
    assert!(without.edges.is_empty() && !with.edges.is_empty());
    assert_eq!((with.nodes, with.plates, with.facts), (without.nodes, without.plates, without.facts));
}

/// Every relation is told by some line, however many there are.
fn check_relations(name: &str, graph: &Graph, projection: Projection) {
    let view = estate::view(graph);
    let blueprint = plan(graph, projection);
    let kept: std::collections::HashSet<_> = blueprint.edges.iter().flat_map(|e| &e.members).collect();
    for link in view.links.iter().filter(|l| l.flow != isobar_graph::Flow::Egress) {
        let pair = (graph.get(link.from).id.clone(), graph.get(link.to).id.clone());
        assert!(kept.contains(&pair), "{name}: {} to {}", pair.0, pair.1);
    }
}

#[test]
fn every_relation_is_kept_by_some_line() {
    for seed in 1..=6 {
        for projection in BOTH {
            check_relations(&format!("400/{seed}"), &estate::generate(seed, 400), projection);
        }
    }
}

#[test]
fn an_unused_network_stays_small() {
    let blueprint = plan(&estate::company(), Projection::Isometric);
    let area = |name: &str| {
        let vpc = blueprint.plates.iter().find(|p| p.kind == PlateKind::Vpc && p.title.starts_with(name));
        vpc.map(|p| p.rect.w * p.rect.h).expect("a VPC of that name")
    };
    assert!(area("default") * 4.0 < area("vpc-prod"));
}

#[test]
fn nothing_gives_an_empty_plan() {
    let blueprint = plan(&Graph::default(), Projection::Flat);
    assert!(blueprint.nodes.is_empty() && blueprint.plates.is_empty() && blueprint.edges.is_empty());
}

#[test]
fn facts_are_said_in_short() {
    let facts = plan(&estate::company(), Projection::Flat).facts;
    assert_eq!((facts.title.as_str(), facts.account.as_str()), ("Orders platform", "1111 2222 3333"));
    assert_eq!((facts.region.as_str(), facts.shown), ("us-east-1", facts.total));
}

/// The words about a line lie on it and cover no icon and no name.
fn check_words(b: &Blueprint) {
    for edge in &b.edges {
        let Some(at) = edge.label_at else { continue };
        let spot = Rect::new(at.x, at.y, 0.0, 0.0);
        let on = edge.points.windows(2).any(|w| {
            let piece = Rect::new(
                w[0].x.min(w[1].x),
                w[0].y.min(w[1].y),
                (w[0].x - w[1].x).abs(),
                (w[0].y - w[1].y).abs(),
            );
            piece.contains(&spot, 0.02)
        });
        assert!(on, "{at:?} does not lie on {:?}", edge.points);
        let badge = Rect::new(at.x - 0.4, at.y - 0.25, 0.8, 0.5);
        for node in &b.nodes {
            let foot = Rect::around(node.at, isobar_layout::blueprint::FOOTPRINT / 2.0 * node.scale);
            let covered = foot.overlaps(&badge, 0.0)
                || isobar_layout::label_boxes(node, b.projection).iter().any(|l| l.overlaps(&badge, 0.0));
            assert!(!covered, "the words at {at:?} cover {}", node.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn estates_of_any_seed_have_no_fault(seed in 0u64..10_000, size in 5usize..220, flat: bool) {
        let projection = if flat { Projection::Flat } else { Projection::Isometric };
        let blueprint = plan(&estate::generate(seed, size), projection);
        check_zeros(&format!("{size}/{seed}"), &blueprint);
        check_words(&blueprint);
    }
}
