//! The part of a graph that a picture shows, and the lines between what it shows.
//!
//! In: a graph, accounts, regions, a filter, excluded types. Out: a [`View`]. Geometry is left to
//! the layout; which relations become lines is told in [`links`].

mod links;

use std::collections::BTreeSet;

use isobar_model::{AwsAccountId, Region};

use crate::filter::Filter;
use crate::graph::{Graph, Index, Resource};
use crate::kind::{ContainerKind, Flow, RelationKind};

/// The catalog type of the one resource that stands for the internet.
pub const INTERNET: &str = "isobar:internet";

/// Containers nest account > region > VPC > zone > subnet; more levels are a mistake somewhere.
const DEEPEST: usize = 16;

/// A line between two shown resources; it may stand for a path through undrawn ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// From.
    pub from: Index,
    /// To.
    pub to: Index,
    /// How it is drawn.
    pub flow: Flow,
    /// The relation at the start of the path.
    pub kind: RelationKind,
    /// A short word for the line.
    pub label: Option<String>,
}

/// What someone wants to see.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The accounts; all when empty. What belongs to no account always joins.
    pub accounts: Vec<AwsAccountId>,
    /// The regions; all when empty. `global` always joins.
    pub regions: Vec<Region>,
    /// Only what matches, with the containers around it.
    pub filter: Option<Filter>,
    /// Component types to drop, `ec2`; types nobody knows are ignored. A dropped container leaves
    /// its members where they are.
    pub exclude: Vec<String>,
}

/// What a picture shows of a graph.
#[derive(Debug, Clone)]
pub struct View<'g> {
    /// The whole.
    pub graph: &'g Graph,
    /// Shown resources in the order of the graph; with each, all containers around it, save those
    /// whose type was excluded.
    pub shown: Vec<Index>,
    /// Lines between shown resources, sorted by (from, to, flow), without twins.
    pub links: Vec<Link>,
    /// Drawn non-container resources in the selected regions before filter and exclude.
    pub total: usize,
    /// Those left after filter and exclude ("shown n of m").
    pub count: usize,
    /// The filter's text where one was given.
    pub filter: Option<String>,
    /// The excluded types.
    pub excluded: Vec<String>,
}

/// What became of a resource in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is in the picture.
    Shown,
    /// It would be drawn but was left out: another region, the filter, `exclude`.
    Hidden,
    /// It is never drawn.
    Undrawn,
}

impl<'g> View<'g> {
    /// Everything that the selection leaves.
    pub fn select(graph: &'g Graph, selection: &Selection) -> Self {
        let excluded = excluded_types(&selection.exclude);
        let is_excluded = |r: &Resource| excluded.contains(&r.component.to_lowercase());
        let mut places: Vec<Place> = graph
            .resources()
            .iter()
            .map(|r| if r.drawn || r.container.is_some() { Place::Hidden } else { Place::Undrawn })
            .collect();
        let (mut total, mut count) = (0, 0);
        for (at, resource) in numbered(graph) {
            if places[at.at()] == Place::Undrawn || !in_scope(resource, selection) {
                continue;
            }
            let is_node = resource.container.is_none();
            let is_internet = resource.kind.as_ref() == INTERNET;
            let counts = is_node && !is_internet;
            total += usize::from(counts);
            if is_excluded(resource) {
                continue;
            }
            let kept = match (&selection.filter, resource.container) {
                _ if is_internet => true,
                (None, None) => true,
                (None, Some(kind)) => stays_when_empty(resource, kind, selection),
                (Some(filter), None) => filter.matches(graph, at),
                // A region or zone is never an answer by itself, but a VPC that matches is.
                (Some(filter), Some(ContainerKind::Vpc | ContainerKind::Subnet)) => filter.matches(graph, at),
                (Some(_), Some(_)) => false,
            };
            if kept {
                count += usize::from(counts);
                places[at.at()] = Place::Shown;
            }
        }
        show_surroundings(graph, &mut places, is_excluded);
        let links = links::between(graph, &places);
        for (at, _) in graph.of_kind(INTERNET) {
            if !links.iter().any(|link| link.from == at || link.to == at) {
                places[at.at()] = Place::Hidden;
            }
        }
        let shown = numbered(graph).map(|(at, _)| at).filter(|at| places[at.at()] == Place::Shown).collect();
        Self {
            graph,
            shown,
            links,
            total,
            count,
            filter: selection.filter.as_ref().map(|f| f.text().to_owned()).filter(|t| !t.is_empty()),
            excluded: excluded.into_iter().collect(),
        }
    }

    /// Whether a resource is in the picture.
    pub fn shows(&self, at: Index) -> bool {
        self.shown.binary_search(&at).is_ok()
    }

    /// The nearest shown container around a resource; its parent, unless that was excluded.
    pub fn parent(&self, at: Index) -> Option<Index> {
        around(self.graph, at).find(|&a| self.graph.get(a).container.is_some() && self.shows(a))
    }
}

/// All resources with their positions.
fn numbered(graph: &Graph) -> impl Iterator<Item = (Index, &Resource)> {
    graph.resources().iter().enumerate().map(|(at, r)| (Index(at as u32), r))
}

/// What lies around a resource, from the inside out, itself left out.
pub(crate) fn around(graph: &Graph, at: Index) -> impl Iterator<Item = Index> + '_ {
    std::iter::successors(graph.get(at).parent, |&a| graph.get(a).parent).take(DEEPEST)
}

/// Types as `exclude` takes them, sorted: trimmed, in lower case, once each, no empty ones.
fn excluded_types(given: &[String]) -> BTreeSet<String> {
    given
        .iter()
        .flat_map(|word| word.split(','))
        .map(|word| word.trim().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

fn in_scope(resource: &Resource, selection: &Selection) -> bool {
    let account = resource
        .account
        .as_ref()
        .is_none_or(|a| selection.accounts.is_empty() || selection.accounts.contains(a));
    let region = selection.regions.is_empty()
        || resource.region.is_global()
        || selection.regions.contains(&resource.region);
    account && region
}

/// Without a filter the picture is true: VPCs and subnets stand there even when nothing is in them,
/// and so does a region that was asked for by name.
fn stays_when_empty(resource: &Resource, kind: ContainerKind, selection: &Selection) -> bool {
    match kind {
        ContainerKind::Vpc | ContainerKind::Subnet => true,
        ContainerKind::Region => selection.regions.contains(&resource.region),
        ContainerKind::Account | ContainerKind::Zone => false,
    }
}

/// Shows the containers around everything shown.
fn show_surroundings(graph: &Graph, places: &mut [Place], is_excluded: impl Fn(&Resource) -> bool) {
    let inside: Vec<Index> =
        numbered(graph).map(|(at, _)| at).filter(|at| places[at.at()] == Place::Shown).collect();
    for at in inside {
        // What spans subnets stands in their VPC; the layout places it by them, so they show too.
        let spanned = graph.get(at).spans.clone();
        let rings = spanned.iter().flat_map(|&subnet| around(graph, subnet));
        for container in around(graph, at).chain(spanned.iter().copied()).chain(rings) {
            let resource = graph.get(container);
            if resource.container.is_some() && !is_excluded(resource) {
                places[container.at()] = Place::Shown;
            }
        }
    }
}

#[cfg(test)]
mod tests;
