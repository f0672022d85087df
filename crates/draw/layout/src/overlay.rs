//! Groups that hold resources without being a place: Auto Scaling groups, clusters, security groups,
//! network ACLs. Shown on request, over a finished plan: they never move anything.
//!
//! A group's members that stand side by side with nobody else between them get a frame. A frame may
//! lie inside another one; where two would cut each other, and where there is no room for one more
//! around the same members, the smaller group's members bear a badge instead.

use std::collections::{BTreeMap, BTreeSet};

use isobar_graph::{Index, RelationKind};
use isobar_model::ResourceId;
use uuid::Uuid;

use crate::blueprint::{FOOTPRINT, Node, Options, Plate, Projection};
use crate::geometry::Rect;
use crate::label::label_boxes;
use crate::metrics::tidy;
use crate::place::synthetic;
use crate::plan::Plan;

/// A kind of group that can be shown, those that hold most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverlayKind {
    /// Network ACLs, around subnets.
    Nacl,
    /// ECS and EKS clusters, around services, tasks and nodes.
    Cluster,
    /// Auto Scaling groups, around instances.
    Asg,
    /// Security groups, around what wears them.
    Sg,
}

impl OverlayKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nacl, Self::Cluster, Self::Asg, Self::Sg];

    /// `nacl`, `cluster`, `asg` or `sg`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nacl => "nacl",
            Self::Cluster => "cluster",
            Self::Asg => "asg",
            Self::Sg => "sg",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nacl => "network ACL",
            Self::Cluster => "cluster",
            Self::Asg => "Auto Scaling group",
            Self::Sg => "security group",
        }
    }

    /// The catalog's types of such groups.
    fn types(self) -> &'static [&'static str] {
        match self {
            Self::Nacl => &["ec2:network-acl"],
            Self::Cluster => &["ecs:cluster", "eks:cluster"],
            Self::Asg => &["autoscaling:group"],
            Self::Sg => &["ec2:security-group"],
        }
    }
}

/// The kinds of groups to show; none unless asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Overlays(BTreeSet<OverlayKind>);

impl Overlays {
    /// Reads a list with commas, `asg,sg`; none where a word is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| OverlayKind::ALL.into_iter().find(|kind| kind.as_str() == word))
            .collect::<Option<_>>()
            .map(Self)
    }
    /// The kinds in their order.
    pub fn kinds(&self) -> impl Iterator<Item = OverlayKind> + '_ {
        self.0.iter().copied()
    }
    /// Those of another set too.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }
}

/// A group as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The group.
    pub resource: ResourceId,
    /// What it is.
    pub kind: OverlayKind,
    /// What people call it.
    pub name: String,
    /// Around members that stand side by side.
    pub frames: Vec<OutlineFrame>,
    /// Members that no frame could be drawn around, by position in [`crate::Blueprint::nodes`].
    pub badges: Vec<usize>,
}

/// A rectangle around some members of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineFrame {
    /// The id by which SVG and mxGraph name it.
    pub id: Uuid,
    /// Where it lies.
    pub rect: Rect,
    /// The plate its members stand on.
    pub plate: Option<usize>,
    /// It lies inside another frame; its name then goes to the other end.
    pub inner: bool,
}

/// From a member's footprint to the frame, for members of full size; in 2d from its name too.
const PAD: f64 = 0.3;
const FLAT_PAD: f64 = 0.16;
/// What is left of that for a frame inside another.
const INNER: f64 = 0.5;
/// From a subnet to the frame; zones leave little room around them.
const PLATE_PAD: f64 = 0.08;
/// Frames around one another, at most.
const DEEPEST: usize = 2;
/// Members further apart do not stand side by side, in floor units between their footprints.
const APART: f64 = 2.6;
/// How many earlier runs a row may join; bounds the work where thousands alternate.
const RECENT: usize = 8;
/// Memberships within memberships: cluster, node group, Auto Scaling group, instance.
const LINKS: usize = 4;

/// Something with a place on a plate: a resource, or a plate of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Plate(usize),
    Node(usize),
}

/// What stands where.
struct Floor<'a> {
    nodes: &'a [Node],
    plates: &'a [Plate],
    projection: Projection,
    /// Everything directly on a plate, or on the page.
    on: BTreeMap<Option<usize>, Vec<Thing>>,
}

impl<'a> Floor<'a> {
    fn new(nodes: &'a [Node], plates: &'a [Plate], projection: Projection) -> Self {
        let mut on: BTreeMap<Option<usize>, Vec<Thing>> = BTreeMap::new();
        for (at, plate) in plates.iter().enumerate() {
            on.entry(plate.parent).or_default().push(Thing::Plate(at));
        }
        for (at, node) in nodes.iter().enumerate() {
            on.entry(node.plate).or_default().push(Thing::Node(at));
        }
        Self { nodes, plates, projection, on }
    }
    /// What a frame goes around. In 2d that is the name too; in isometric names hang before the
    /// floor's diagonal, where no rectangle could take them in.
    fn rect(&self, thing: Thing) -> Rect {
        let node = match thing {
            Thing::Plate(at) => return self.plates[at].rect,
            Thing::Node(at) => &self.nodes[at],
        };
        let foot = Rect::around(node.at, FOOTPRINT / 2.0 * node.scale);
        match self.projection {
            Projection::Isometric => foot,
            Projection::Flat => {
                // The boxes keep a distance below the words, which the frame's own pad is for.
                let words = |b: &Rect| Rect::new(b.x, b.y, b.w, 0.8 * b.h);
                label_boxes(node, self.projection).iter().fold(foot, |all, label| all.union(&words(label)))
            }
        }
    }
    fn holder(&self, thing: Thing) -> Option<usize> {
        match thing {
            Thing::Plate(at) => self.plates[at].parent,
            Thing::Node(at) => self.nodes[at].plate,
        }
    }
    fn pad(&self, thing: Thing) -> f64 {
        match thing {
            Thing::Plate(_) => PLATE_PAD,
            Thing::Node(at) => {
                self.nodes[at].scale * if self.projection == Projection::Flat { FLAT_PAD } else { PAD }
            }
        }
    }
}

/// Members side by side.
#[derive(Debug, Clone)]
struct Run {
    rect: Rect,
    members: Vec<Thing>,
}

/// The groups that were asked for, over a finished plan.
pub(crate) fn outlines(
    plan: &Plan<'_, '_>,
    options: &Options,
    nodes: &[Node],
    plates: &[Plate],
) -> Vec<Outline> {
    let kinds = &options.overlays;
    if kinds.0.is_empty() {
        return Vec::new();
    }
    let floor = Floor::new(nodes, plates, options.projection);
    let mut outlines = Vec::new();
    let mut runs: Vec<(usize, Option<usize>, Run)> = Vec::new();
    for (kind, group, members) in groups(plan, kinds, nodes, plates) {
        let resource = plan.get(group);
        let mut outline = Outline {
            resource: resource.id.clone(),
            kind,
            name: resource.name.clone(),
            frames: Vec::new(),
            badges: Vec::new(),
        };
        let mut by_plate: BTreeMap<Option<usize>, Vec<Thing>> = BTreeMap::new();
        for &thing in &members {
            match thing {
                Thing::Node(at) if nodes[at].on_border => outline.badges.push(at),
                thing => by_plate.entry(floor.holder(thing)).or_default().push(thing),
            }
        }
        for (plate, alike) in by_plate {
            runs.extend(
                side_by_side(&floor, plate, alike).into_iter().map(|run| (outlines.len(), plate, run)),
            );
        }
        outlines.push(outline);
    }
    nest(&floor, runs, &mut outlines);
    for outline in &mut outlines {
        outline.badges.sort_unstable();
    }
    outlines
}

/// Gives every run a frame, the largest first, or its members badges.
fn nest(floor: &Floor<'_>, mut runs: Vec<(usize, Option<usize>, Run)>, outlines: &mut [Outline]) {
    // Stable: what is equally large stays in the order of kind and id.
    runs.sort_by(|a, b| (b.2.rect.w * b.2.rect.h).total_cmp(&(a.2.rect.w * a.2.rect.h)));
    let mut taken: BTreeMap<Option<usize>, Vec<(Rect, usize)>> = BTreeMap::new();
    for (group, plate, run) in runs {
        let there = taken.entry(plate).or_default();
        let cut = there.iter().any(|(r, _)| r.overlaps(&run.rect, 0.01) && !r.contains(&run.rect, 0.01));
        let around = there.iter().filter(|(r, _)| r.contains(&run.rect, 0.01));
        let depth = around.map(|(_, depth)| depth + 1).max().unwrap_or(0);
        let pad = run.members.first().map_or(PAD, |&first| floor.pad(first));
        let outline = &mut outlines[group];
        if cut || depth >= DEEPEST {
            outline.badges.extend(run.members.iter().filter_map(|member| match member {
                Thing::Node(at) => Some(*at),
                Thing::Plate(_) => None,
            }));
            continue;
        }
        there.push((run.rect, depth));
        let pad = pad * if depth > 0 { INNER } else { 1.0 };
        let r = run.rect;
        let (x, y, w, h) = (r.x - pad, r.y - pad, r.w + 2.0 * pad, r.h + 2.0 * pad);
        let rect = Rect::new(tidy(x), tidy(y), tidy(w), tidy(h));
        let id = synthetic(&format!("outline/{}/{}", outline.resource.as_str(), outline.frames.len()));
        outline.frames.push(OutlineFrame { id, rect, plate, inner: depth > 0 });
    }
}

/// The runs of members on one plate: first rows, then rows beneath one another.
fn side_by_side(floor: &Floor<'_>, plate: Option<usize>, mut members: Vec<Thing>) -> Vec<Run> {
    members.sort_by(|&a, &b| {
        let (a, b) = (floor.rect(a), floor.rect(b));
        a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x))
    });
    let inside: BTreeSet<Thing> = members.iter().copied().collect();
    let there = floor.on.get(&plate).map(Vec::as_slice).unwrap_or_default();
    let others: Vec<Rect> =
        there.iter().filter(|thing| !inside.contains(thing)).map(|&thing| floor.rect(thing)).collect();
    let joined = |a: &Rect, b: &Rect| {
        let both = a.union(b);
        let near = a.x - b.right() <= APART
            && b.x - a.right() <= APART
            && a.y - b.bottom() <= APART
            && b.y - a.bottom() <= APART;
        (near && !others.iter().any(|other| other.overlaps(&both, 0.01))).then_some(both)
    };
    let mut rows: Vec<Run> = Vec::new();
    for thing in members {
        let rect = floor.rect(thing);
        let before = rows.last_mut().filter(|row| (row.rect.y - rect.y).abs() < 0.01);
        match before.and_then(|row| Some((joined(&row.rect, &rect)?, row))) {
            Some((both, row)) => {
                row.rect = both;
                row.members.push(thing);
            }
            None => rows.push(Run { rect, members: vec![thing] }),
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for row in rows {
        let recent = runs.len().saturating_sub(RECENT);
        // A frame that took in the row must not come to lie across another run of the same group.
        let fits = (recent..runs.len()).rev().find_map(|at| {
            let both = joined(&runs[at].rect, &row.rect)?;
            let alone = runs.iter().enumerate().all(|(n, run)| n == at || !run.rect.overlaps(&both, 0.01));
            alone.then_some((at, both))
        });
        match fits {
            Some((at, both)) => {
                runs[at].rect = both;
                runs[at].members.extend(row.members);
            }
            None => runs.push(row),
        }
    }
    runs
}

/// The groups that have members in the picture, by kind, then id.
fn groups(
    plan: &Plan<'_, '_>,
    kinds: &Overlays,
    nodes: &[Node],
    plates: &[Plate],
) -> Vec<(OverlayKind, Index, BTreeSet<Thing>)> {
    let graph = plan.view.graph;
    let mut things: BTreeMap<Index, Thing> = BTreeMap::new();
    for (at, plate) in plates.iter().enumerate() {
        things.extend(plate.resource.as_ref().and_then(|id| Some((graph.find(id)?, Thing::Plate(at)))));
    }
    for (at, node) in nodes.iter().enumerate() {
        things.extend(graph.find(&node.resource).map(|index| (index, Thing::Node(at))));
    }
    // From a group to what it holds, whichever way round the relation is told.
    let mut holds: BTreeMap<Index, Vec<Index>> = BTreeMap::new();
    let mut attached: BTreeMap<Index, Vec<Index>> = BTreeMap::new();
    for relation in graph.relations() {
        let (from, to) = (relation.from, relation.to);
        match relation.kind {
            RelationKind::Contains => holds.entry(from).or_default().push(to),
            RelationKind::GuardedBy | RelationKind::UsesTable => holds.entry(to).or_default().push(from),
            RelationKind::AttachedTo => attached.entry(from).or_default().push(to),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for kind in kinds.kinds() {
        let is_one = |at: &Index| kind.types().contains(&graph.get(*at).kind.as_ref());
        let count = graph.resources().len() as u32;
        for group in (0..count).map(Index).filter(is_one) {
            let mut found = BTreeSet::new();
            let mut ring = vec![group];
            for _ in 0..LINKS {
                let mut next: BTreeSet<Index> =
                    ring.iter().filter_map(|at| holds.get(at)).flatten().copied().collect();
                if kind == OverlayKind::Sg {
                    // A network interface is not drawn; what it is part of is.
                    let carried = next.iter().filter(|at| !things.contains_key(at));
                    let carried: Vec<Index> =
                        carried.filter_map(|at| attached.get(at)).flatten().copied().collect();
                    next.extend(carried);
                }
                next.remove(&group);
                found.extend(next.iter().filter_map(|at| things.get(at)).copied());
                if matches!(kind, OverlayKind::Sg | OverlayKind::Nacl) {
                    break;
                }
                ring = next.into_iter().collect();
            }
            // A network ACL is about whole subnets, all others about resources.
            found.retain(|thing| matches!(thing, Thing::Plate(_)) == (kind == OverlayKind::Nacl));
            if !found.is_empty() {
                out.push((kind, group, found));
            }
        }
    }
    out
}
