//! Shapes: what a value may look like.

/// A shape; all of a service's shapes stand in one list and name each other by number.
#[derive(Debug)]
pub(crate) enum Shape {
    Structure(Structure),
    List {
        member: Member,
        flattened: bool,
    },
    Map {
        key: Member,
        value: Member,
        flattened: bool,
    },
    Text,
    Bool,
    Int,
    Float,
    Blob,
    Time(TimeFormat),
    /// JSON inside a text; in headers also base64.
    Json,
    /// IAM's URL-encoded policy documents.
    Policy,
    /// Route 53's ids, which its answers give as `/hostedzone/Z1` and its paths want as `Z1`.
    Route53Id,
}

#[derive(Debug)]
pub(crate) struct Structure {
    /// In the order of the model, which is the order of the CLI's output.
    pub(crate) members: Vec<Member>,
    /// Free-form JSON.
    pub(crate) document: bool,
    pub(crate) union: bool,
    /// The member that is the whole body.
    pub(crate) payload: Option<usize>,
    /// (name on the wire, member number), sorted by name; only members that stand in the body.
    pub(crate) by_wire: Vec<(Box<str>, u16)>,
}

impl Structure {
    /// The number of the member that has this name in the body.
    pub(crate) fn find(&self, wire: &str) -> Option<usize> {
        let at = self.by_wire.binary_search_by(|(name, _)| name.as_ref().cmp(wire)).ok()?;
        Some(self.by_wire[at].1 as usize)
    }
    /// The member with this name in the model.
    pub(crate) fn named(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name.as_ref() == name)
    }
}

/// A reference to a shape, with what the reference says about its place on the wire.
#[derive(Debug)]
pub(crate) struct Member {
    /// The name in the model; empty for the members of lists and maps.
    pub(crate) name: Box<str>,
    pub(crate) shape: u32,
    /// The name on the wire where it is another.
    pub(crate) wire: Option<Box<str>>,
    pub(crate) query_name: Option<Box<str>>,
    pub(crate) location: Option<Location>,
    pub(crate) attribute: bool,
    pub(crate) host_label: bool,
    /// To be filled with a fresh UUID where the caller gives none.
    pub(crate) token: bool,
    pub(crate) namespace: Option<Box<str>>,
}

impl Member {
    /// The name on the wire.
    pub(crate) fn wire(&self) -> &str {
        self.wire.as_deref().unwrap_or(&self.name)
    }
    /// The name on the wire, or another where the model gives none (`member`, `key`, `value`).
    pub(crate) fn wire_or<'a>(&'a self, other: &'a str) -> &'a str {
        self.wire.as_deref().unwrap_or(other)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Header,
    Headers,
    Status,
    Uri,
    Query,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFormat {
    /// What the protocol uses when the model says nothing.
    Usual,
    Iso8601,
    Epoch,
    Rfc822,
}
