//! Groups over the plan of the company: who gets a frame, who a badge, and that nothing moves.

use std::fmt::Write as _;

use isobar_graph::{Family, Graph, Index, Relation, RelationKind, Resource};
use isobar_layout::{Blueprint, Options, OverlayKind, Overlays, PlateKind, Projection, place};
use isobar_model::ResourceId;
use isobar_testkit::estate;

/// A group's type and name, the relation, and the native ids or names of what it holds.
type Group<'a> = (&'a str, &'a str, RelationKind, &'a [&'a str]);

/// The company with groups, none of them drawn.
fn with(groups: &[Group<'_>]) -> Graph {
    let company = estate::company();
    let mut resources: Vec<Resource> = company.resources().to_vec();
    let mut relations: Vec<Relation> = company.relations().to_vec();
    let model = company.of_kind("ec2:instance").next().expect("the company has instances").1;
    for (kind, name, _, _) in groups {
        let id = ResourceId::new(format!("arn:aws:{kind}/{name}"));
        let (kind, name, native_id) = ((*kind).into(), (*name).to_owned(), (*name).to_owned());
        let family = Family::Security;
        resources.push(Resource { id, kind, name, native_id, family, drawn: false, ..model.clone() });
    }
    let find = |name: &str| {
        let at =
            resources.iter().position(|r| r.native_id == name || r.native_id == format!("subnet-{name}"));
        Index(at.unwrap_or_else(|| panic!("no {name}")) as u32)
    };
    for (_, name, kind, members) in groups {
        for member in *members {
            let (group, member) = (find(name), find(member));
            let inwards = matches!(kind, RelationKind::Contains | RelationKind::AttachedTo);
            let (from, to) = if inwards { (group, member) } else { (member, group) };
            relations.push(Relation { kind: *kind, from, to, label: None });
        }
    }
    Graph::assemble(resources, relations)
}

fn plan(graph: &Graph, projection: Projection, overlay: &str) -> Blueprint {
    let overlays = Overlays::parse(overlay).expect("known words");
    place(&estate::view(graph), &Options { projection, overlays, ..Options::default() })
}

/// `sg web: frame web-1 web-2, inner web-3, badge web-4`: what really stands in each frame.
fn tell(blueprint: &Blueprint) -> String {
    let mut out = String::new();
    for one in &blueprint.outlines {
        let mut parts = Vec::new();
        for frame in &one.frames {
            let nodes = blueprint.nodes.iter().filter(|n| n.plate == frame.plate);
            let nodes = nodes.filter(|n| frame.rect.contains(&isobar_layout::Rect::around(n.at, 0.6), 0.0));
            let plates = blueprint.plates.iter().filter(|p| p.parent == frame.plate);
            let plates = plates.filter(|p| frame.rect.contains(&p.rect, 0.0) && p.kind != PlateKind::Zone);
            let mut names: Vec<&str> =
                nodes.map(|n| n.native_id.as_str()).chain(plates.map(|p| p.native_id.as_str())).collect();
            names.sort_unstable();
            parts.push(format!("{} {}", if frame.inner { "inner" } else { "frame" }, names.join(" ")));
        }
        if !one.badges.is_empty() {
            let names: Vec<&str> =
                one.badges.iter().map(|&at| blueprint.nodes[at].native_id.as_str()).collect();
            parts.push(format!("badge {}", names.join(" ")));
        }
        parts.sort();
        let _ = writeln!(out, "{} {}: {}", one.kind.as_str(), one.name, parts.join(", "));
    }
    out
}

/// With these groups, asked for by these words, both projections say this.
fn check(groups: &[Group<'_>], overlay: &str, expected: &[&str]) {
    let graph = with(groups);
    for projection in [Projection::Isometric, Projection::Flat] {
        let mut shown = plan(&graph, projection, overlay);
        let told = tell(&shown);
        assert_eq!(told.lines().collect::<Vec<_>>(), expected, "{}", projection.as_str());
        for frame in shown.outlines.iter().flat_map(|one| &one.frames) {
            assert!(shown.bounds.contains(&frame.rect, 0.0), "{told}: off the plan");
        }
        shown.outlines.clear();
        assert_eq!(shown, plan(&graph, projection, ""), "a group moved something");
    }
}

const SG: &str = "ec2:security-group";
const WEARS: RelationKind = RelationKind::GuardedBy;
const HOLDS: RelationKind = RelationKind::Contains;

#[test]
fn groups_that_nest_are_framed() {
    let web: &[&str] = &["i-0web00", "i-0web01"];
    check(&[], "asg,cluster,sg,nacl", &[]);
    check(&[(SG, "web", WEARS, web)], "sg", &["sg web: frame i-0web00 i-0web01"]);
    check(&[(SG, "web", WEARS, web)], "asg", &[]);
    // The same members twice: one frame in the other.
    check(
        &[(SG, "web", WEARS, web), ("autoscaling:group", "fleet", HOLDS, web)],
        "sg,asg",
        &["asg fleet: frame i-0web00 i-0web01", "sg web: inner i-0web00 i-0web01"],
    );
    // Members in two subnets: a frame in each.
    check(
        &[(SG, "web", WEARS, &["i-0web00", "i-0web01", "i-0web10"])],
        "sg",
        &["sg web: frame i-0web00 i-0web01, frame i-0web10"],
    );
    // Others stand between: nobody else gets into a frame.
    let nat: &[&str] = &["nat-a", "nat-b"];
    check(&[(SG, "nat", WEARS, nat)], "sg", &["sg nat: frame nat-a, frame nat-b"]);
}

#[test]
fn groups_that_overlap_bear_badges() {
    let graph = with(&[]);
    let blueprint = plan(&graph, Projection::Isometric, "");
    let inside = blueprint.nodes.iter().find(|n| n.native_id == "i-0web00").and_then(|n| n.plate);
    let mut row: Vec<_> = blueprint.nodes.iter().filter(|n| n.plate == inside).collect();
    row.sort_by(|a, b| a.at.y.total_cmp(&b.at.y).then(a.at.x.total_cmp(&b.at.x)));
    let row: Vec<&str> = row.iter().map(|n| n.native_id.as_str()).collect();
    assert!(row.contains(&"i-0web01") && row.contains(&"orders-0"), "{row:?}");
    let web: &[&str] = &["i-0web00", "i-0web01"];
    // A third group of the same members finds no more room.
    check(
        &[(SG, "a", WEARS, web), (SG, "b", WEARS, web), (SG, "c", WEARS, web)],
        "sg",
        &["sg a: frame i-0web00 i-0web01", "sg b: inner i-0web00 i-0web01", "sg c: badge i-0web00 i-0web01"],
    );
    // Two of three that stand in one row share one in the middle.
    let (first, second): (&[&str], &[&str]) = (&row[0..2], &row[1..3]);
    let told = |word: &str, names: &[&str]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        format!("{word} {}", names.join(" "))
    };
    let graph = with(&[(SG, "a", WEARS, first), (SG, "b", WEARS, second)]);
    let shown = plan(&graph, Projection::Isometric, "sg");
    let (a, b) = (&shown.outlines[0], &shown.outlines[1]);
    assert_eq!((a.frames.len(), a.badges.len()), (1, 0), "{}", tell(&shown));
    assert_eq!((b.frames.len(), b.badges.len()), (0, 2), "{}", tell(&shown));
    assert!(tell(&shown).contains(&told("frame", first)), "{}", tell(&shown));
}

#[test]
fn members_are_found_through_what_is_not_drawn() {
    let web: &[&str] = &["i-0web00", "i-0web01"];
    let framed = ["cluster k8s: frame i-0web00 i-0web01"];
    check(
        &[
            ("autoscaling:group", "fleet", HOLDS, web),
            ("eks:nodegroup", "nodes", HOLDS, &["fleet"]),
            ("eks:cluster", "k8s", HOLDS, &["nodes"]),
        ],
        "cluster",
        &framed,
    );
    check(
        &[
            ("ec2:network-interface", "eni-1", RelationKind::AttachedTo, &["nat-a"]),
            (SG, "nat", WEARS, &["eni-1"]),
        ],
        "sg",
        &["sg nat: frame nat-a"],
    );
    check(
        &[("ec2:network-acl", "acl", RelationKind::UsesTable, &["data-a", "data-b"])],
        "nacl",
        &["nacl acl: frame subnet-data-a, frame subnet-data-b"],
    );
}

#[test]
fn words_are_read_at_the_door() {
    assert_eq!(
        Overlays::parse(" sg, asg,sg ").unwrap().kinds().collect::<Vec<_>>(),
        [OverlayKind::Asg, OverlayKind::Sg]
    );
    assert_eq!(Overlays::parse("").unwrap(), Overlays::default());
    assert!(Overlays::parse("sg,vpc").is_none());
    assert!(Overlays::parse("SG").is_none());
}
