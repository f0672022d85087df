//! Which box plays which part: the engine knows regions, VPCs, zones, subnets and what stands in
//! them, and nested frames inside subnets.
//!
//! In: boxes of any nesting. Out: pieces in the engine's order, some of them wrappers that nobody
//! gave and nobody sees.

use std::collections::{BTreeMap, BTreeSet};

use super::{DEEPEST, Error, LONGEST, MOST_EDGES, MOST_NODES, Neutral, Node};

/// More leaves than this directly on a VPC's plate, and any on a zone's, get a subnet of their own,
/// which nobody sees: the engine means those plates for the few things that span subnets.
const LOOSE_IN_VPC: usize = 6;

/// The part a piece plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Region,
    Vpc,
    Zone,
    Subnet,
    Frame,
    Leaf,
}

/// A box or a wrapper.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Position among the boxes; none for wrappers.
    pub(super) node: Option<usize>,
    /// The piece around it.
    pub(super) parent: Option<usize>,
    pub(super) part: Part,
    /// What tells wrappers apart.
    pub(super) key: String,
}

/// The boxes, sorted out.
pub(super) struct Tree {
    pub(super) pieces: Vec<Piece>,
    /// The parent of each box, by position.
    pub(super) parents: Vec<Option<usize>>,
    /// The ends of each link, by position.
    pub(super) ends: Vec<(usize, usize)>,
}

impl Tree {
    pub(super) fn of(neutral: &Neutral) -> Result<Self, Error> {
        let (nodes, edges) = (&neutral.nodes, &neutral.edges);
        let few = |what, count, most| {
            if count > most { Err(Error::TooMany { what, count, most }) } else { Ok(()) }
        };
        few("nodes", nodes.len(), MOST_NODES)?;
        few("edges", edges.len(), MOST_EDGES)?;
        let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, node) in nodes.iter().enumerate() {
            if by_id.insert(&node.id, at).is_some() {
                return Err(Error::Twice { what: "nodes", id: node.id.clone() });
            }
            for side in [node.w, node.h].into_iter().flatten() {
                if !(side > 0.0 && side <= LONGEST) {
                    return Err(Error::Size { id: node.id.clone(), side });
                }
            }
        }
        let mut parents = Vec::with_capacity(nodes.len());
        for node in nodes {
            let find = |parent: &String| {
                by_id
                    .get(parent.as_str())
                    .copied()
                    .ok_or_else(|| Error::UnknownParent { id: node.id.clone(), parent: parent.clone() })
            };
            parents.push(node.parent.as_ref().map(find).transpose()?);
        }
        depths(nodes, &parents)?;
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut ends = Vec::with_capacity(edges.len());
        for edge in edges {
            if !names.insert(&edge.id) {
                return Err(Error::Twice { what: "edges", id: edge.id.clone() });
            }
            let find = |direction, end: &String| {
                by_id.get(end.as_str()).copied().ok_or_else(|| Error::UnknownEnd {
                    id: edge.id.clone(),
                    direction,
                    end: end.clone(),
                })
            };
            ends.push((find("from", &edge.from)?, find("to", &edge.to)?));
        }
        let pieces = Sorter::sort(nodes, &parents);
        Ok(Self { pieces, parents, ends })
    }

    /// Whether one box is around another.
    pub(super) fn encloses(&self, outer: usize, inner: usize) -> bool {
        std::iter::successors(self.parents[inner], |&at| self.parents[at]).any(|at| at == outer)
    }
}

/// No box stands in itself, and none too deep.
fn depths(nodes: &[Node], parents: &[Option<usize>]) -> Result<(), Error> {
    let mut depth: Vec<usize> = vec![usize::MAX; nodes.len()];
    for start in 0..nodes.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(here) = at.filter(|&here| depth[here] == usize::MAX) {
            if path.len() > nodes.len() {
                break;
            }
            // Marks the way down; met again before it has a depth, it is a cycle.
            depth[here] = usize::MAX - 1;
            path.push(here);
            at = parents[here];
        }
        let level = match at {
            Some(met) if depth[met] == usize::MAX - 1 => {
                // The smallest name of the cycle, so that the message does not depend on the order.
                let ring = std::iter::successors(Some(met), |&at| parents[at]).take(path.len());
                let id = ring.map(|at| &nodes[at].id).min().cloned().unwrap_or_default();
                return Err(Error::Cycle { id });
            }
            Some(met) => depth[met] + 1,
            None => 0,
        };
        for (level, &here) in (level..).zip(path.iter().rev()) {
            if level > DEEPEST {
                return Err(Error::TooDeep { id: nodes[here].id.clone() });
            }
            depth[here] = level;
        }
    }
    Ok(())
}

/// What a box stands in.
#[derive(Clone, Copy)]
enum Around {
    Nothing,
    Region(usize),
    Vpc(usize),
    Zone(usize),
    Deeper(usize),
}

struct Sorter<'n> {
    nodes: &'n [Node],
    members: Vec<Vec<usize>>,
    pieces: Vec<Piece>,
    wrappers: BTreeMap<String, usize>,
}

impl<'n> Sorter<'n> {
    fn sort(nodes: &'n [Node], parents: &[Option<usize>]) -> Vec<Piece> {
        let mut members = vec![Vec::new(); nodes.len()];
        let mut roots = Vec::new();
        for (at, parent) in parents.iter().enumerate() {
            match parent {
                Some(parent) => members[*parent].push(at),
                None => roots.push(at),
            }
        }
        let mut sorter = Self { nodes, members, pieces: Vec::new(), wrappers: BTreeMap::new() };
        for root in roots {
            sorter.put(root, Around::Nothing);
        }
        sorter.pieces
    }

    fn piece(&mut self, node: Option<usize>, parent: Option<usize>, part: Part, key: &str) -> usize {
        self.pieces.push(Piece { node, parent, part, key: key.to_owned() });
        self.pieces.len() - 1
    }

    /// A wrapper in a piece, made once.
    fn wrapper(&mut self, parent: Option<usize>, part: Part) -> usize {
        let around = parent.and_then(|p| self.pieces[p].node).map_or("", |node| &self.nodes[node].id);
        let key = format!("{part:?}/{}/{around}", parent.map_or(0, |p| self.pieces[p].key.len()));
        match self.wrappers.get(&key) {
            Some(&made) => made,
            None => {
                let made = self.piece(None, parent, part, &key);
                self.wrappers.insert(key, made);
                made
            }
        }
    }

    fn is_container(&self, at: usize) -> bool {
        !self.members[at].is_empty()
    }

    fn put(&mut self, at: usize, around: Around) {
        let kind = self.nodes[at].kind.as_deref().unwrap_or_default();
        let holds_containers = self.members[at].iter().any(|&member| self.is_container(member));
        let inside = match around {
            _ if !self.is_container(at) => {
                let parent = match around {
                    Around::Nothing => None,
                    Around::Region(p) | Around::Vpc(p) | Around::Zone(p) | Around::Deeper(p) => Some(p),
                };
                self.piece(Some(at), parent, Part::Leaf, "");
                return;
            }
            Around::Nothing if matches!(kind, "vpc" | "az" | "subnet") => {
                let region = self.wrapper(None, Part::Region);
                return self.put(at, Around::Region(region));
            }
            Around::Nothing => Around::Region(self.piece(Some(at), None, Part::Region, "")),
            Around::Region(region) if matches!(kind, "az" | "subnet") => {
                let vpc = self.wrapper(Some(region), Part::Vpc);
                return self.put(at, Around::Vpc(vpc));
            }
            Around::Region(region) => Around::Vpc(self.piece(Some(at), Some(region), Part::Vpc, "")),
            Around::Vpc(vpc) if kind == "az" || kind != "subnet" && holds_containers => {
                Around::Zone(self.piece(Some(at), Some(vpc), Part::Zone, ""))
            }
            Around::Vpc(parent) | Around::Zone(parent) => {
                Around::Deeper(self.piece(Some(at), Some(parent), Part::Subnet, ""))
            }
            Around::Deeper(parent) => Around::Deeper(self.piece(Some(at), Some(parent), Part::Frame, "")),
        };
        let members = std::mem::take(&mut self.members[at]);
        let leaves = members.iter().filter(|&&member| !self.is_container(member)).count();
        let crowded = leaves > LOOSE_IN_VPC || leaves == members.len();
        for &member in &members {
            let inside = match inside {
                Around::Vpc(vpc) if crowded && !self.is_container(member) => {
                    Around::Deeper(self.wrapper(Some(vpc), Part::Subnet))
                }
                Around::Zone(zone) if !self.is_container(member) => {
                    Around::Deeper(self.wrapper(Some(zone), Part::Subnet))
                }
                inside => inside,
            };
            self.put(member, inside);
        }
        self.members[at] = members;
    }
}
