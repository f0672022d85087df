//! An earlier picture whose places a drawing keeps.
//!
//! In: the JSON of an earlier snapshot, or its blueprint. Out: a [`Like`]. It comes with the request
//! and from nowhere else, so that a drawing never depends on who drew what before.

use std::collections::BTreeMap;
use std::fmt;

use isobar_export::json;
use isobar_layout::{Blueprint, Hint, Point, Projection};
use isobar_model::ResourceId;
use sha2::Digest as _;

use crate::Error;

/// Where things stood, and what is locked to its place.
#[derive(Clone, PartialEq)]
pub struct Like {
    /// From which side the earlier picture was seen; locked places are places of that side's plan.
    pub(super) projection: Projection,
    pub(super) hint: Hint,
    pub(super) locked: BTreeMap<ResourceId, Point>,
}

impl Like {
    /// Reads an earlier snapshot's JSON.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let json::Earlier { projection, hint, locked } = json::read(text).map_err(|problem| {
            Error::parameter("like", &format!("the JSON of an earlier snapshot; it {problem}"))
        })?;
        Ok(Self { projection, hint, locked })
    }

    /// The places of a blueprint; nothing is locked.
    pub fn of(earlier: &Blueprint) -> Self {
        let projection = earlier.projection;
        Self { projection, hint: Hint::of(earlier), locked: BTreeMap::new() }
    }
}

/// A digest: requests are told apart by their print, and this may hold ten thousands of places.
impl fmt::Debug for Like {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?} {:?}", self.hint, self.locked);
        write!(f, "Like(")?;
        sha2::Sha256::digest(text.as_bytes()).iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ")")
    }
}
