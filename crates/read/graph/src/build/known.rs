//! Who is meant by an id, asked from somewhere.
//!
//! In: resources as they are read. Out: the one of a kind and id that is nearest to who asks. What AWS
//! calls by an ARN, a name or an address is looked for elsewhere.
//!
//! The maps lie in one another so that asking copies no key: an account of a hundred thousand resources
//! is asked some hundred thousand times.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use isobar_model::{AwsAccountId, Region};

use crate::graph::{Index, Resource};

/// Positions by kind and id.
type ByKind = HashMap<Arc<str>, HashMap<String, Index>>;

/// Resources by their ids.
#[derive(Default)]
pub(super) struct Known {
    near: HashMap<Option<AwsAccountId>, HashMap<Region, ByKind>>,
    /// Those whose ids are unique all over AWS.
    anywhere: ByKind,
}

impl Known {
    /// Of several with the same kind, id, account and region the first is kept.
    pub(super) fn add(&mut self, resource: &Resource, at: Index) {
        let regions = inner(&mut self.near, &resource.account);
        let ids = inner(inner(regions, &resource.region), &resource.kind);
        ids.entry(resource.native_id.clone()).or_insert(at);
        if is_unique(&resource.kind) {
            let ids = inner(&mut self.anywhere, &resource.kind);
            ids.entry(resource.native_id.clone()).or_insert(at);
        }
    }

    /// The resource of a kind and id that `from` would mean by it: of its account and region, of its
    /// account and no region, or anywhere.
    pub(super) fn near(&self, from: &Resource, kind: &str, id: &str) -> Option<Index> {
        let in_region = |region: &Region| self.near.get(&from.account)?.get(region)?.get(kind)?.get(id);
        let anywhere = || self.anywhere.get(kind)?.get(id);
        in_region(&from.region).or_else(|| in_region(&Region::global())).or_else(anywhere).copied()
    }
}

/// EC2's ids are.
fn is_unique(kind: &str) -> bool {
    kind.starts_with("ec2:")
}

fn inner<'m, K: Clone + Eq + Hash, V: Default>(map: &'m mut HashMap<K, V>, key: &K) -> &'m mut V {
    if !map.contains_key(key) {
        map.insert(key.clone(), V::default());
    }
    map.get_mut(key).expect("it was just put there")
}
