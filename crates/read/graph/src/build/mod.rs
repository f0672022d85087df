//! From recordings and the catalog to a [`Graph`].
//!
//! In: what AWS answered. Out: every resource with its container and relations, and notes on what
//! could not be read. It cannot fail: what is missing or strange becomes a note. What of it a
//! picture shows is left to the view.
//!
//! The steps, one file each: [`draft`] reads resources out of the answers, [`place`] finds what
//! holds them, [`relate`] links them, the `hooks` add what service files cannot say, [`gaps`] words
//! what is missing.

mod draft;
pub(crate) mod gaps;
mod join;
mod known;
mod place;
mod relate;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk;

pub(crate) use relate::{by_arn, texts};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use isobar_catalog::{Catalog, ResourceSpec};
use isobar_model::{AwsAccountId, Partition, Region, ResourceId, Tags};
use isobar_recording::Recording;

use crate::fields::Fields;
use crate::graph::{Graph, Index, Note, Relation, Resource};
use crate::hooks;
use crate::kind::{ContainerKind, Family, RelationKind};

/// Builds the graph of one or several recordings: accounts, regions, or later scans of the same.
/// Where two tell of the same resource, the scan that ended last counts.
pub fn build(catalog: &Catalog, recordings: &[&Recording]) -> Graph {
    let mut recordings: Vec<&Recording> = recordings.to_vec();
    recordings.sort_by_key(|r| (std::cmp::Reverse(r.manifest().ended), r.manifest().scan));
    let mut build = Build::default();
    for recording in &recordings {
        draft::read(&mut build, catalog, recording);
    }
    place::containers(&mut build);
    place::all(&mut build);
    relate::all(&mut build);
    hooks::run(&mut build);
    build.finish(&recordings)
}

/// A graph in the making. Positions are those in `drafts`; [`Graph::assemble`] sorts them later.
#[derive(Default)]
pub(crate) struct Build<'a> {
    pub(crate) drafts: Vec<Draft<'a>>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) notes: Vec<Note>,
    by_id: HashMap<ResourceId, Index>,
    known: known::Known,
    // account and region where the address is private, host name or address
    by_address: HashMap<String, Index>,
    accounts: BTreeMap<Option<AwsAccountId>, AccountName>,
    words: HashMap<String, Arc<str>>,
}

/// A resource and the specification it was read by; none for synthetic ones.
pub(crate) struct Draft<'a> {
    pub(crate) resource: Resource,
    pub(crate) spec: Option<&'a ResourceSpec>,
}

#[derive(Debug, Clone)]
struct AccountName {
    name: Option<String>,
    partition: Partition,
}

impl<'a> Build<'a> {
    /// All positions of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<Index> {
        let positions = (0..self.drafts.len() as u32).map(Index);
        positions.filter(|&at| self.resource(at).kind.as_ref() == kind).collect()
    }
    pub(crate) fn resource(&self, at: Index) -> &Resource {
        &self.drafts[at.at()].resource
    }
    pub(crate) fn resource_mut(&mut self, at: Index) -> &mut Resource {
        &mut self.drafts[at.at()].resource
    }
    /// The position of an ARN.
    pub(crate) fn find(&self, arn: &str) -> Option<Index> {
        self.by_id.get(&ResourceId::new(arn)).copied()
    }
    /// The resource of a kind and id that `from` would mean by it: of its account and region, or
    /// anywhere for the ids of EC2, which are unique.
    pub(crate) fn find_near(&self, from: &Resource, kind: &str, id: &str) -> Option<Index> {
        self.known.near(from, kind, id)
    }
    /// Adds a relation; a resource has none to itself.
    pub(crate) fn relate(&mut self, kind: RelationKind, from: Index, to: Index, label: Option<String>) {
        if from != to {
            self.relations.push(Relation { kind, from, to, label });
        }
    }
    /// A word that many resources share.
    pub(crate) fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(word) = self.words.get(text) {
            return word.clone();
        }
        let word: Arc<str> = text.into();
        self.words.insert(text.to_owned(), word.clone());
        word
    }
    /// The VPC around a resource.
    pub(crate) fn vpc_of(&self, mut at: Index) -> Option<Index> {
        for _ in 0..8 {
            let resource = self.resource(at);
            if resource.container == Some(ContainerKind::Vpc) {
                return Some(at);
            }
            at = resource.parent?;
        }
        None
    }

    /// Adds a resource that AWS does not have, or finds it.
    pub(crate) fn synthetic(&mut self, made: Synthetic<'_>) -> Index {
        let id = ResourceId::new(made.id);
        if let Some(&at) = self.by_id.get(&id) {
            return at;
        }
        let resource = Resource {
            kind: self.word(made.kind),
            component: self.word(made.kind.strip_prefix("isobar:").unwrap_or(made.kind)),
            icon: self.word(made.icon),
            drawn: true,
            family: Family::Neutral,
            account: made.account,
            region: made.region,
            native_id: made.native_id,
            name: made.name,
            detail: None,
            state: None,
            tags: Tags::default(),
            parent: made.parent,
            container: made.container,
            tier: None,
            spans: Vec::new(),
            on_border: false,
            attributes: Fields::default(),
            blueprint: Vec::new(),
            id,
        };
        self.push(resource, None)
    }

    fn push(&mut self, resource: Resource, spec: Option<&'a ResourceSpec>) -> Index {
        let at = Index(self.drafts.len() as u32);
        self.by_id.insert(resource.id.clone(), at);
        self.known.add(&resource, at);
        self.drafts.push(Draft { resource, spec });
        at
    }

    fn finish(mut self, recordings: &[&Recording]) -> Graph {
        for recording in recordings {
            self.notes.extend(gaps::notes(recording));
        }
        let resources = self.drafts.into_iter().map(|draft| draft.resource).collect();
        let mut graph = Graph::assemble(resources, self.relations);
        graph.notes = self.notes;
        graph.gaps = recordings.iter().flat_map(|recording| gaps::gaps(recording)).collect();
        graph.notes.sort();
        graph.notes.dedup();
        graph.gaps.sort();
        graph.gaps.dedup();
        let manifests: Vec<_> = recordings.iter().map(|recording| recording.manifest()).collect();
        if let Some(first) = manifests.first() {
            let one = manifests.iter().all(|m| m.aws_account == first.aws_account);
            if one {
                graph.aws_account = first.aws_account.clone();
                graph.account_name = manifests.iter().find_map(|m| m.account_name.clone());
            }
            graph.partition = Some(first.partition);
        }
        graph.scanned = manifests.iter().filter_map(|m| m.ended).max();
        graph
    }
}

/// What a synthetic resource needs to be told.
pub(crate) struct Synthetic<'s> {
    pub(crate) id: String,
    pub(crate) kind: &'s str,
    pub(crate) icon: &'s str,
    pub(crate) account: Option<AwsAccountId>,
    pub(crate) region: Region,
    pub(crate) native_id: String,
    pub(crate) name: String,
    pub(crate) parent: Option<Index>,
    pub(crate) container: Option<ContainerKind>,
}
