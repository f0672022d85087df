//! The graph's values: resources in a containment tree, relations between them, notes.

use std::collections::HashMap;
use std::sync::Arc;

use isobar_model::{AwsAccountId, Partition, Region, ResourceId, Tags, Timestamp};
use serde_json::Value;

use crate::fields::Fields;
use crate::kind::{ContainerKind, Family, RelationKind, Tier};

/// A resource's position in [`Graph::resources`]. Good for that graph only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index(pub u32);

impl Index {
    /// As a position in a slice.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// A thing in an account, or a container that holds such things.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its identity.
    pub id: ResourceId,
    /// The catalog's type, `ec2:instance`, `sqs:queue`; synthetic ones are `isobar:region`,
    /// `isobar:account`, `isobar:zone`, `isobar:internet`.
    pub kind: Arc<str>,
    /// The type that a blueprint, `exclude` and `type=` use: Cloudcraft's where it has one (`ec2`),
    /// else our documented lower-case one.
    pub component: Arc<str>,
    /// Whether it is drawn as a node or a plate. Undrawn resources (target groups, route tables,
    /// policies) still carry relations, which a view carries through them.
    pub drawn: bool,
    /// The name of its icon: solid and glyph.
    pub icon: Arc<str>,
    /// Its hue.
    pub family: Family,
    /// Whose; none when the recording does not tell.
    pub account: Option<AwsAccountId>,
    /// Where; `global` for what belongs to no region.
    pub region: Region,
    /// The id AWS uses in calls: `i-0ab`, `vpc-1`, a bucket's name.
    pub native_id: String,
    /// What people call it: Name tag, else its own name, else the native id.
    pub name: String,
    /// One short line under the name: `m7g.large`, `postgres 16`, `10.0.0.0/16`.
    pub detail: Option<String>,
    /// `running`, `available`, ... where AWS tells one.
    pub state: Option<String>,
    /// Tags.
    pub tags: Tags,
    /// What holds it. None only for accounts, the roots of the containment forest, and the internet.
    pub parent: Option<Index>,
    /// Set for containers.
    pub container: Option<ContainerKind>,
    /// Set for subnets.
    pub tier: Option<Tier>,
    /// For what spans several subnets (load balancer, Lambda in a VPC, DB subnet group): all of
    /// them. The parent is then the VPC; a resource in one subnet has that subnet as parent.
    pub spans: Vec<Index>,
    /// The resource stands across its parent's border: internet gateways and the like.
    pub on_border: bool,
    /// What AWS said of it, secrets replaced.
    pub attributes: Fields,
    /// Attributes a blueprint JSON carries for this component (`instanceType`, `engine`, ...), in
    /// the order Cloudcraft prints them.
    pub blueprint: Vec<(&'static str, Value)>,
}

/// A named directed link.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// What it says.
    pub kind: RelationKind,
    /// From.
    pub from: Index,
    /// To.
    pub to: Index,
    /// A short word for the line: `:443`, `GET /orders`.
    pub label: Option<String>,
}

/// Something a reader should know: a gap, an oddity. Never an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Where.
    pub region: Option<Region>,
    /// Which service.
    pub service: Option<String>,
    /// What, in one sentence that reads well alone.
    pub text: String,
}

/// Resources, containment, relations; of one account or many, one region or all.
///
/// Resources are sorted by id, relations by (kind, from, to): the order never depends on the order
/// of the input.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    resources: Vec<Resource>,
    relations: Vec<Relation>,
    by_id: HashMap<ResourceId, Index>,
    children: Vec<Vec<Index>>,
    /// What could not be read and what else a reader should know, sorted.
    pub notes: Vec<Note>,
    /// Calls that were denied or failed, by what they mean: the scan was partial.
    pub gaps: Vec<Note>,
    /// The account's twelve digits where there is one account.
    pub aws_account: Option<AwsAccountId>,
    /// How people call the account.
    pub account_name: Option<String>,
    /// The partition.
    pub partition: Option<Partition>,
    /// When the (youngest) scan ended.
    pub scanned: Option<Timestamp>,
}

impl Graph {
    /// Sorts and indexes resources and relations. Parents, spans and relations are given by
    /// position in `resources` as passed; of two resources with the same id the first stays.
    pub fn assemble(resources: Vec<Resource>, relations: Vec<Relation>) -> Self {
        let mut order: Vec<(&ResourceId, u32)> =
            resources.iter().map(|resource| &resource.id).zip(0..).collect();
        order.sort_unstable();
        let mut new_place = vec![Index(0); resources.len()];
        let mut kept: Vec<u32> = Vec::with_capacity(order.len());
        let mut last = None;
        for (id, old) in order {
            if last.replace(id) != Some(id) {
                kept.push(old);
            }
            new_place[old as usize] = Index(kept.len() as u32 - 1);
        }
        let moved = |at: Index| new_place[at.at()];
        let mut slots: Vec<Option<Resource>> = resources.into_iter().map(Some).collect();
        let mut resources = Vec::with_capacity(kept.len());
        for old in kept {
            let mut resource = slots[old as usize].take().expect("each place is taken once");
            resource.parent = resource.parent.map(moved);
            resource.spans.iter_mut().for_each(|at| *at = moved(*at));
            resources.push(resource);
        }
        let mut relations: Vec<Relation> =
            relations.into_iter().map(|r| Relation { from: moved(r.from), to: moved(r.to), ..r }).collect();
        relations.sort_by(|a, b| (a.kind, a.from, a.to, &a.label).cmp(&(b.kind, b.from, b.to, &b.label)));
        relations.dedup();
        let by_id = resources.iter().enumerate().map(|(at, r)| (r.id.clone(), Index(at as u32))).collect();
        let mut children = vec![Vec::new(); resources.len()];
        for (at, resource) in resources.iter().enumerate() {
            if let Some(parent) = resource.parent {
                children[parent.at()].push(Index(at as u32));
            }
        }
        Self { resources, relations, by_id, children, ..Self::default() }
    }

    /// All resources, sorted by id.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }
    /// All relations, sorted.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }
    /// The resource at a position.
    pub fn get(&self, at: Index) -> &Resource {
        &self.resources[at.at()]
    }
    /// The position of an id.
    pub fn find(&self, id: &ResourceId) -> Option<Index> {
        self.by_id.get(id).copied()
    }
    /// What a container holds directly, sorted by id.
    pub fn children(&self, of: Index) -> &[Index] {
        &self.children[of.at()]
    }
    /// All positions with a resource of that kind, `ec2:instance`.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (Index, &'a Resource)> {
        self.resources
            .iter()
            .enumerate()
            .filter(move |(_, r)| r.kind.as_ref() == kind)
            .map(|(at, r)| (Index(at as u32), r))
    }
    /// The nearest container of a kind around a resource, itself included.
    pub fn enclosing(&self, mut at: Index, kind: ContainerKind) -> Option<Index> {
        // The depth is bounded so that a cycle, which no builder makes, cannot hang us.
        for _ in 0..16 {
            let resource = self.get(at);
            if resource.container == Some(kind) {
                return Some(at);
            }
            at = resource.parent?;
        }
        None
    }
}
