//! AWS tags, sorted by key.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A resource's tags. AWS keys are case-sensitive and unique; the order here is by key. Copies share
/// their texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(Arc<[(String, String)]>);

impl Tags {
    /// The value of a key, case-sensitive as AWS has it.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|tag| tag.0.as_str().cmp(key)).ok()?;
        Some(&self.0[at].1)
    }
    /// All tags in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<(String, String)> for Tags {
    /// Of several values of a key the last counts.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(tags: I) -> Self {
        let sorted: BTreeMap<String, String> = tags.into_iter().collect();
        Self(sorted.into_iter().collect())
    }
}
