//! Painting: small blueprints in, where shapes and words come to lie out.

use std::collections::HashSet;

use isobar_layout::Projection;

use super::*;
use crate::scene::{NodePart, Scene};
use crate::style::{PixelSize, Scale, Theme};

#[path = "../../samples/orders.rs"]
pub(in crate::paint) mod orders;

const BOTH: [Projection; 2] = [Projection::Isometric, Projection::Flat];

fn canvas(w: u32, h: u32) -> Style {
    Style {
        width: Some(PixelSize::new(w).unwrap()),
        height: Some(PixelSize::new(h).unwrap()),
        ..Style::default()
    }
}

fn each_text(items: &[Item], found: &mut Vec<Text>) {
    for item in items {
        match item {
            Item::Text(text) => found.push(text.clone()),
            Item::Group(group) => each_text(&group.items, found),
            Item::Shape(_) | Item::Use { .. } => {}
        }
    }
}

fn texts(scene: &Scene) -> Vec<Text> {
    let mut found = Vec::new();
    each_text(&scene.items, &mut found);
    found
}

#[test]
fn everything_of_the_blueprint_is_on_the_page() {
    for projection in BOTH {
        let blueprint = orders::orders(projection);
        let scene = paint(&blueprint, &Style::default());
        assert_eq!(scene.nodes.len(), blueprint.nodes.len());
        assert_eq!(scene.plates.len(), blueprint.plates.len());
        assert_eq!(scene.edges.len(), blueprint.edges.len());
        for part in &scene.nodes {
            assert!(scene.page.contains(&part.bounds, 0.0), "{} is off the page", part.name);
            let label = part.label.as_ref().unwrap_or_else(|| panic!("{} has no label", part.name));
            assert!(scene.page.contains(&label.bounds, 0.0), "the label of {} is off the page", part.name);
        }
        assert!(texts(&scene).iter().any(|text| text.text == "22 of 22 resources"));
        assert!(texts(&scene).iter().all(|text| text.size >= 10.0), "a text is too small");
    }
}

#[test]
fn no_label_hides_a_solid_or_another_label() {
    for projection in BOTH {
        let scene = paint(&orders::crowd(projection, 120), &Style::default());
        let labels: Vec<(&NodePart, Rect)> =
            scene.nodes.iter().filter_map(|n| n.label.as_ref().map(|l| (n, l.bounds))).collect();
        assert!(labels.len() > 100);
        for (node, bounds) in &labels {
            for (other, there) in &labels {
                assert!(
                    node.id == other.id || !bounds.overlaps(there, 1.0),
                    "{} and {}",
                    node.name,
                    other.name
                );
            }
            for other in &scene.nodes {
                assert!(
                    node.id == other.id || !bounds.overlaps(&other.bounds, 1.0),
                    "{} on {}",
                    node.name,
                    other.name
                );
            }
        }
    }
}

/// Boxes that overlap by more than a pixel, as pairs of positions: a sweep along x.
fn overlaps(a: &[Rect], b: &[Rect], mut found: impl FnMut(usize, usize)) {
    let mut order: Vec<usize> = (0..b.len()).collect();
    order.sort_by(|&i, &j| b[i].x.total_cmp(&b[j].x));
    let widest = b.iter().map(|rect| rect.w).fold(0.0, f64::max);
    for (at, rect) in a.iter().enumerate() {
        let from = order.partition_point(|&i| b[i].x < rect.x - widest);
        for &other in order[from..].iter().take_while(|&&i| b[i].x < rect.right()) {
            if rect.overlaps(&b[other], 1.0) {
                found(at, other);
            }
        }
    }
}

#[test]
fn labels_overlap_nothing_on_estates_of_any_size() {
    use isobar_layout::{Options, place};
    use isobar_testkit::estate;
    let estates =
        [("company", estate::company()), ("50", estate::generate(3, 50)), ("500", estate::generate(7, 500))];
    for (name, graph) in &estates {
        for projection in BOTH {
            let blueprint = place(&estate::view(graph), &Options { projection, ..Options::default() });
            for style in [Style::default(), canvas(1920, 1080)] {
                let scene = paint(&blueprint, &style);
                let named: Vec<(usize, Rect)> = (scene.nodes.iter().enumerate())
                    .filter_map(|(at, node)| node.label.as_ref().map(|label| (at, label.bounds)))
                    .collect();
                let labels: Vec<Rect> = named.iter().map(|(_, bounds)| *bounds).collect();
                let solids: Vec<Rect> = scene.nodes.iter().map(|node| node.bounds).collect();
                let what = format!("{name} {} {:?}", projection.as_str(), scene.canvas);
                overlaps(&labels, &labels, |a, b| {
                    assert!(a == b, "{what}: {:?} on {:?}", labels[a], labels[b]);
                });
                overlaps(&labels, &solids, |label, solid| {
                    assert!(named[label].0 == solid, "{what}: a name on {}", scene.nodes[solid].name);
                });
                let large = scene.nodes.iter().filter(|node| node.scale > 0.99).count();
                // At natural size nearly all; on a screen of much as many as find room.
                let least = if style.width.is_none() { 85 } else { 50 };
                assert!(labels.len() * 100 >= large * least, "{what}: {} of {large} are named", labels.len());
            }
        }
    }
}

#[test]
fn members_too_small_to_see_leave_their_place_to_the_title() {
    let mut blueprint = orders::crowd(Projection::Flat, 60);
    blueprint.nodes.iter_mut().for_each(|node| node.scale = 0.25);
    let drawn = |w, h| {
        let scene = paint(&blueprint, &canvas(w, h));
        let layer = scene.items.iter().find_map(|item| match item {
            Item::Group(Group { mark: Mark::Layer("nodes"), items }) => Some(items.len()),
            _ => None,
        });
        layer.unwrap()
    };
    assert_eq!(drawn(4000, 3000), 60);
    assert_eq!(drawn(300, 200), 0);
}

#[test]
fn a_label_off_takes_names_and_nothing_else() {
    let blueprint = orders::orders(Projection::Flat);
    let with = paint(&blueprint, &Style::default());
    let without = paint(&blueprint, &Style { label: false, ..Style::default() });
    let words = |scene: &Scene| texts(scene).into_iter().map(|text| text.text).collect::<HashSet<_>>();
    assert!(words(&with).contains("alb-web") && !words(&without).contains("alb-web"));
    assert!(words(&without).contains("us-east-1a") && words(&without).contains("request"));
    assert_eq!(with.nodes.len(), without.nodes.len());
    assert_eq!(with.edges.len(), without.edges.len());
}

#[test]
fn the_canvas_is_exact_and_furniture_covers_nothing() {
    for (w, h) in [(1920, 1080), (30, 20), (1, 1), (400, 1600), (4000, 300), (800, 600)] {
        for projection in BOTH {
            let scene = paint(&orders::orders(projection), &canvas(w, h));
            assert_eq!(scene.canvas, (w, h));
            let shape = f64::from(w) / f64::from(h);
            assert!((scene.page.w / scene.page.h / shape - 1.0).abs() < 1e-6);
            let Some(Item::Group(overlays)) = scene.items.last() else { panic!() };
            assert!(w < 400 || h < 300 || !overlays.items.is_empty(), "{w} x {h} has no title block");
            assert!(w > 30 || overlays.items.is_empty(), "{w} x {h} has an unreadable title block");
            for item in &overlays.items {
                let Item::Shape(Shape { outline: Outline::Rect(rect, _), .. }) = item else { continue };
                for node in &scene.nodes {
                    assert!(!rect.overlaps(&node.bounds, 0.0), "{} is covered at {w} x {h}", node.name);
                }
            }
        }
    }
}

#[test]
fn scale_multiplies_the_natural_size_and_one_side_gives_the_other() {
    let blueprint = orders::orders(Projection::Isometric);
    let natural = paint(&blueprint, &Style::default());
    let scale = Scale::parse("2").unwrap();
    let double = paint(&blueprint, &Style { scale, ..Style::default() });
    assert!(double.canvas.0.abs_diff(natural.canvas.0 * 2) <= 2);
    let style = Style { width: Some(PixelSize::new(500).unwrap()), ..Style::default() };
    let narrow = paint(&blueprint, &style);
    let expected = 500.0 * natural.page.h / natural.page.w;
    assert!(narrow.canvas.0 == 500 && (f64::from(narrow.canvas.1) - expected).abs() < expected * 0.2);
    let huge = paint(&orders::crowd(Projection::Isometric, 3000), &Style { scale, ..Style::default() });
    assert!(huge.canvas.0.max(huge.canvas.1) <= 8192);
}

#[test]
fn a_partial_scan_is_marked_where_words_have_no_room() {
    for (w, h) in [(120, 80), (30, 20), (1, 1)] {
        for gaps in [Vec::new(), vec!["a call was denied".to_owned()]] {
            let mut blueprint = orders::orders(Projection::Isometric);
            blueprint.facts.gaps = gaps.clone();
            let scene = paint(&blueprint, &Style { legend: false, ..canvas(w, h) });
            let Some(Item::Group(overlays)) = scene.items.last() else { panic!() };
            assert_eq!(overlays.items.len(), if gaps.is_empty() { 0 } else { 3 }, "{w} x {h}");
        }
    }
}

#[test]
fn names_grow_in_small_pictures_of_much() {
    let blueprint = orders::orders(Projection::Isometric);
    let natural = paint(&blueprint, &Style::default());
    let width = natural.canvas.0 / 2;
    let small = paint(&blueprint, &Style { width: PixelSize::new(width).ok(), ..Style::default() });
    let zoom = f64::from(small.canvas.0) / small.page.w;
    let labels: Vec<_> = small.nodes.iter().filter_map(|node| node.label.as_ref()).collect();
    assert!(labels.len() * 10 > small.nodes.len() * 7, "{} names", labels.len());
    for (at, label) in labels.iter().enumerate() {
        assert!(label.scale * 13.0 * zoom > 8.5, "{:?} is unreadable", label.lines);
        for other in &labels[at + 1..] {
            assert!(!label.bounds.overlaps(&other.bounds, 0.0), "{:?} on {:?}", label.lines, other.lines);
        }
    }
}

#[test]
fn a_partial_scan_says_so() {
    let mut blueprint = orders::orders(Projection::Isometric);
    blueprint.facts.gaps = (1..=5).map(|n| format!("call {n} was denied")).collect();
    blueprint.facts.filter = Some("env=prod".to_owned());
    blueprint.facts.shown = 12;
    blueprint.facts.total = 1234;
    let scene = paint(&blueprint, &Style::default());
    let words: Vec<String> = texts(&scene).into_iter().map(|text| text.text).collect();
    for expected in [
        "Partial: the scan has 5 gaps",
        "call 1 was denied",
        "and 2 more",
        "env=prod",
        "12 of 1,234 resources",
    ] {
        assert!(words.iter().any(|word| word == expected), "{expected} is missing in {words:?}");
    }
    assert_eq!(scene.notice.len(), 5);
}

#[test]
fn edges_stop_before_the_solids_they_join() {
    for projection in BOTH {
        let blueprint = orders::orders(projection);
        let scene = paint(&blueprint, &Style::default());
        for edge in &scene.edges {
            let isobar_layout::blueprint::End::Node(to) = edge.to else { continue };
            let tip = *edge.points.last().unwrap();
            let solid = &scene.nodes[to];
            let inner = Rect::around(
                isobar_layout::Point::new(solid.bounds.center().x, solid.bounds.center().y),
                solid.bounds.w.min(solid.bounds.h) * 0.3,
            );
            let inside =
                tip.0 > inner.x && tip.0 < inner.right() && tip.1 > inner.y && tip.1 < inner.bottom();
            assert!(!inside, "an arrowhead hides behind {}", solid.name);
        }
    }
}

#[test]
fn arrowheads_are_seen_and_meet_what_they_point_at() {
    use isobar_layout::blueprint::End;
    use isobar_layout::{Options, place};
    use isobar_testkit::estate;
    let company = estate::company();
    for projection in BOTH {
        let blueprint = place(&estate::view(&company), &Options { projection, ..Options::default() });
        let scene = paint(&blueprint, &Style { label: false, ..Style::default() });
        let unit = crate::geom::Camera::natural(projection).unit;
        let mut seen = 0;
        for edge in &scene.edges {
            let End::Node(to) = edge.to else { continue };
            let node = &scene.nodes[to];
            let hull: Vec<Xy> = (scene.symbols[node.symbol].hull.iter())
                .map(|&(x, y)| (node.at.0 + x * node.scale, node.at.1 + y * node.scale))
                .collect();
            let tip = *edge.points.last().unwrap();
            assert!(!crate::geom::within(&[tip], &hull), "an arrowhead hides behind {}", node.name);
            let near = (0..hull.len()).any(|at| {
                let (a, b) = (hull[at], hull[(at + 1) % hull.len()]);
                (0..=20).any(|step| {
                    let t = f64::from(step) / 20.0;
                    let side = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
                    crate::geom::distance(side, tip) < 0.25 * unit
                })
            });
            assert!(near, "{}: an arrowhead ends beside {}", projection.as_str(), node.name);
            seen += 1;
        }
        assert!(seen > 20, "{seen} arrowheads");
    }
}

#[test]
fn furniture_lies_in_free_corners_and_touches_nothing() {
    use isobar_layout::{Options, place};
    use isobar_testkit::estate;
    let estates = [estate::company(), estate::generate(7, 20), estate::generate(7, 200)];
    for (graph, projection) in estates.iter().flat_map(|graph| BOTH.map(|projection| (graph, projection))) {
        let blueprint = place(&estate::view(graph), &Options { projection, ..Options::default() });
        for style in [Style::default(), canvas(1200, 750), canvas(600, 1400)] {
            let scene = paint(&blueprint, &style);
            let Some(Item::Group(overlays)) = scene.items.last() else { panic!() };
            let cards: Vec<Rect> = (overlays.items.iter())
                .filter_map(|item| match item {
                    Item::Shape(Shape { outline: Outline::Rect(rect, _), .. }) => Some(*rect),
                    _ => None,
                })
                .filter(|rect| rect.w * scene.zoom() > 60.0)
                .collect();
            let what = format!("{} {:?}", projection.as_str(), scene.canvas);
            assert_eq!(cards.len(), 2, "{what}");
            for card in &cards {
                assert!(scene.page.contains(card, 0.0), "{what}: off the page");
                for node in &scene.nodes {
                    let label = node.label.as_ref().map_or(node.bounds, |label| label.bounds);
                    assert!(!card.overlaps(&node.bounds.union(&label), 0.0), "{what}: {}", node.name);
                }
                let lines = scene.edges.iter().flat_map(|edge| edge.points.windows(2));
                let strip =
                    |a: Xy, b: Xy| [(a.0 - 1.0, a.1), (a.0 + 1.0, a.1), (b.0 + 1.0, b.1), (b.0 - 1.0, b.1)];
                for pair in lines {
                    assert!(!crate::geom::touches(&strip(pair[0], pair[1]), card), "{what}: a line");
                }
                for plate in scene.plates.iter().filter(|plate| plate.depth == 0.0) {
                    let open = matches!(plate.kind, isobar_layout::PlateKind::Region)
                        && plate.bounds.contains(card, 0.0);
                    assert!(open || !crate::geom::touches(&plate.outline, card), "{what}: {}", plate.title);
                }
            }
            assert!(!cards[0].overlaps(&cards[1], 0.0), "{what}: one on another");
            // Without them the drawing would not be much larger.
            let bare = paint(&blueprint, &Style { legend: false, title_block: false, ..style.clone() });
            let (all, least) = (scene.page.w * scene.page.h, bare.page.w * bare.page.h);
            assert!(all < least * 1.7, "{what}: furniture makes {:.2} of the page", all / least);
        }
    }
}

#[test]
fn groups_are_named_in_the_legend_where_they_are_used() {
    use isobar_layout::{Outline, OutlineFrame, OverlayKind};
    for projection in BOTH {
        let mut blueprint = orders::orders(projection);
        let words = |scene: &Scene| texts(scene).iter().map(|text| text.text.clone()).collect::<Vec<_>>();
        let plain = words(&paint(&blueprint, &Style::default()));
        let (node, id) = (&blueprint.nodes[0], blueprint.nodes[1].id);
        let rect = Rect::around(node.at, 1.0);
        let frames = vec![OutlineFrame { id, rect, plate: node.plate, inner: false }];
        let (resource, name) = (node.resource.clone(), "web".to_owned());
        let badges = vec![2, 3, usize::MAX];
        blueprint.outlines = vec![Outline { resource, kind: OverlayKind::Sg, name, frames, badges }];
        let scene = paint(&blueprint, &Style::default());
        let more: Vec<String> = words(&scene).into_iter().filter(|word| !plain.contains(word)).collect();
        assert_eq!(more, ["web", "web", "web", "security group"], "a frame, two badges, the legend");
        assert_eq!(scene.outlines.len(), 1);
    }
}

#[test]
fn no_name_lies_under_a_groups_badge() {
    use isobar_layout::OverlayKind;
    for projection in BOTH {
        let mut blueprint = orders::crowd(projection, 60);
        let resource = blueprint.nodes[0].resource.clone();
        let badges = (0..60).step_by(2).collect();
        let (name, frames) = ("web-tier".to_owned(), Vec::new());
        let one = isobar_layout::Outline { resource, kind: OverlayKind::Sg, name, frames, badges };
        blueprint.outlines = vec![one];
        let scene = paint(&blueprint, &canvas(1600, 1000));
        let worn: Vec<Rect> = (scene.items.iter())
            .filter_map(|item| match item {
                Item::Group(Group { mark: Mark::Layer("badges"), items }) => Some(items),
                _ => None,
            })
            .flatten()
            .filter_map(|item| match item {
                Item::Group(Group { items, .. }) => items.first(),
                _ => None,
            })
            .filter_map(|item| match item {
                Item::Shape(Shape { outline: Outline::Rect(rect, _), .. }) => Some(*rect),
                _ => None,
            })
            .collect();
        assert!(worn.len() >= 30, "{}", worn.len());
        for (node, label) in scene.nodes.iter().filter_map(|node| Some((node, node.label.as_ref()?))) {
            for badge in &worn {
                assert!(!label.bounds.overlaps(badge, 0.5), "{}: {:?}", projection.as_str(), node.name);
            }
        }
    }
}

#[test]
fn anything_can_be_painted() {
    for projection in BOTH {
        for theme in [Theme::Light, Theme::Dark] {
            let style = Style { theme, grid: true, transparent: true, ..canvas(640, 480) };
            let scene = paint(&orders::hostile(projection), &style);
            for text in texts(&scene) {
                assert_eq!(crate::text::clean(&text.text), text.text);
            }
        }
        let nothing = orders::Estate::new(projection).blueprint;
        let scene = paint(&nothing, &Style::default());
        assert!(scene.canvas.0 > 100 && scene.canvas.1 > 100);
        let mut odd = orders::orders(projection);
        odd.nodes[0].at.x = f64::NAN;
        odd.nodes[1].plate = Some(usize::MAX);
        odd.nodes[2].scale = 0.0;
        odd.plates[1].rect.w = -5.0;
        odd.edges[0].points.clear();
        let rect = Rect::new(f64::NAN, 0.0, -3.0, f64::INFINITY);
        let frame =
            isobar_layout::OutlineFrame { id: odd.nodes[0].id, rect, plate: Some(usize::MAX), inner: true };
        odd.outlines = vec![isobar_layout::Outline {
            resource: odd.nodes[0].resource.clone(),
            kind: isobar_layout::OverlayKind::Asg,
            name: "\u{202e}odd\n".to_owned(),
            frames: vec![frame],
            badges: vec![0, 2],
        }];
        odd.edges[1].to = isobar_layout::blueprint::End::Node(usize::MAX);
        paint(&odd, &Style::default());
    }
}
