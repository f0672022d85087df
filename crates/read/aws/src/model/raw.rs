//! The compact JSON of `models.bin`, as `xtask/models/extract.py` writes it, turned into shapes.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

use super::{Location, Member, Protocol, Service, Shape, Structure, TimeFormat};

/// One operation.
#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    #[serde(rename = "m", default = "post")]
    pub(crate) method: String,
    #[serde(rename = "u", default = "slash")]
    pub(crate) uri: String,
    #[serde(rename = "i")]
    pub(crate) input: Option<u32>,
    #[serde(rename = "o")]
    pub(crate) output: Option<u32>,
    /// Query: the element that wraps the result.
    #[serde(rename = "w")]
    pub(crate) wrapper: Option<String>,
    #[serde(rename = "h")]
    pub(crate) host_prefix: Option<String>,
    #[serde(rename = "p")]
    pub(crate) pages: Option<Paginator>,
    /// Rest-xml: name and namespace of the request's root element.
    #[serde(rename = "x")]
    pub(crate) root: Option<(String, String)>,
    /// S3: the bucket belongs in front of the path, or into the host.
    #[serde(rename = "b", default, deserialize_with = "flag")]
    pub(crate) bucket: bool,
    /// Sent without a signature.
    #[serde(rename = "n", default, deserialize_with = "flag")]
    pub(crate) unsigned: bool,
    /// Another row of the endpoint tables than the service's own.
    #[serde(rename = "e")]
    pub(crate) endpoint: Option<String>,
    /// An endpoint discovery operation, which carries the API version in a header.
    #[serde(rename = "d", default, deserialize_with = "flag")]
    pub(crate) discovery: bool,
}

/// How an operation's pages follow each other; texts are JMESPath.
#[derive(Debug, Deserialize)]
pub(crate) struct Paginator {
    #[serde(rename = "i")]
    pub(crate) input: Vec<String>,
    #[serde(rename = "o")]
    pub(crate) output: Vec<String>,
    #[serde(rename = "r")]
    pub(crate) results: Vec<String>,
    #[serde(rename = "m")]
    pub(crate) more: Option<String>,
    #[serde(rename = "n", default)]
    pub(crate) once: Vec<String>,
}

fn post() -> String {
    "POST".to_owned()
}
fn slash() -> String {
    "/".to_owned()
}
fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    u8::deserialize(from).map(|n| n != 0)
}

#[derive(Deserialize)]
struct RawService {
    protocol: Protocol,
    version: String,
    prefix: String,
    id: String,
    #[serde(default)]
    json: String,
    #[serde(default)]
    target: String,
    signing: Option<String>,
    #[serde(default)]
    query_compatible: bool,
    operations: HashMap<String, Operation>,
    shapes: Vec<RawShape>,
}

#[derive(Deserialize, Default)]
struct Fields {
    s: Option<Vec<RawMember>>,
    l: Option<RawMember>,
    k: Option<RawMember>,
    v: Option<RawMember>,
    #[serde(default)]
    f: u8,
    #[serde(default)]
    d: u8,
    #[serde(default)]
    u: u8,
    p: Option<usize>,
}

enum RawShape {
    Scalar(Shape),
    Fields(Box<Fields>),
}

impl<'de> Deserialize<'de> for RawShape {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = RawShape;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a shape")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawShape, E> {
                Ok(RawShape::Scalar(match text {
                    "t" => Shape::Text,
                    "b" => Shape::Bool,
                    "i" => Shape::Int,
                    "f" => Shape::Float,
                    "B" => Shape::Blob,
                    "T" => Shape::Time(TimeFormat::Usual),
                    "Ti" => Shape::Time(TimeFormat::Iso8601),
                    "Tu" => Shape::Time(TimeFormat::Epoch),
                    "Tr" => Shape::Time(TimeFormat::Rfc822),
                    "J" => Shape::Json,
                    "P" => Shape::Policy,
                    "R" => Shape::Route53Id,
                    other => return Err(E::custom(format!("unknown scalar {other}"))),
                }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawShape, A::Error> {
                let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawShape::Fields(Box::new(fields)))
            }
        }
        from.deserialize_any(Reader)
    }
}

#[derive(Deserialize, Default)]
struct Traits {
    n: Option<Box<str>>,
    l: Option<char>,
    #[serde(default)]
    a: u8,
    q: Option<Box<str>>,
    #[serde(default)]
    h: u8,
    #[serde(default)]
    i: u8,
    x: Option<Box<str>>,
}

/// `[name, shape number, traits]`; the traits may be missing.
struct RawMember(Member);

impl<'de> Deserialize<'de> for RawMember {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = RawMember;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawMember, A::Error> {
                let short = || de::Error::custom("a member is cut off");
                let name: Box<str> = seq.next_element()?.ok_or_else(short)?;
                let shape = seq.next_element()?.ok_or_else(short)?;
                let traits: Traits = seq.next_element()?.unwrap_or_default();
                let location = match traits.l {
                    None => None,
                    Some('h') => Some(Location::Header),
                    Some('H') => Some(Location::Headers),
                    Some('c') => Some(Location::Status),
                    Some('u') => Some(Location::Uri),
                    Some('q') => Some(Location::Query),
                    Some(other) => return Err(de::Error::custom(format!("unknown location {other}"))),
                };
                Ok(RawMember(Member {
                    name,
                    shape,
                    wire: traits.n,
                    query_name: traits.q,
                    location,
                    attribute: traits.a != 0,
                    host_label: traits.h != 0,
                    token: traits.i != 0,
                    namespace: traits.x,
                }))
            }
        }
        from.deserialize_seq(Reader)
    }
}

/// Reads one service's blob.
pub(super) fn parse(name: &str, json: &[u8]) -> Result<Service, String> {
    let raw: RawService = serde_json::from_slice(json).map_err(|e| e.to_string())?;
    let mut shapes = Vec::with_capacity(raw.shapes.len());
    for shape in raw.shapes {
        shapes.push(match shape {
            RawShape::Scalar(shape) => shape,
            RawShape::Fields(fields) => fields.into_shape()?,
        });
    }
    for at in 0..shapes.len() {
        let Shape::Structure(structure) = &shapes[at] else { continue };
        let by_wire = wire_names(structure, &shapes);
        if let Shape::Structure(structure) = &mut shapes[at] {
            structure.by_wire = by_wire;
        }
    }
    Ok(Service {
        name: name.to_owned(),
        protocol: raw.protocol,
        version: raw.version,
        signing_name: raw.signing.unwrap_or_else(|| raw.prefix.clone()),
        prefix: raw.prefix,
        id: raw.id,
        json_version: raw.json,
        target: raw.target,
        query_compatible: raw.query_compatible,
        operations: raw.operations,
        shapes,
    })
}

impl Fields {
    fn into_shape(self) -> Result<Shape, String> {
        let flattened = self.f != 0;
        match (self.s, self.l, self.k, self.v) {
            (Some(members), None, None, None) => Ok(Shape::Structure(Structure {
                members: members.into_iter().map(|m| m.0).collect(),
                document: self.d != 0,
                union: self.u != 0,
                payload: self.p,
                by_wire: Vec::new(),
            })),
            (None, Some(member), None, None) => Ok(Shape::List { member: member.0, flattened }),
            (None, None, Some(key), Some(value)) => Ok(Shape::Map { key: key.0, value: value.0, flattened }),
            _ => Err("a shape of no kind".to_owned()),
        }
    }
}

/// The names in the body. A flattened list goes by the name of its members where they have one.
fn wire_names(structure: &Structure, shapes: &[Shape]) -> Vec<(Box<str>, u16)> {
    let mut names: Vec<(Box<str>, u16)> = Vec::with_capacity(structure.members.len());
    for (at, member) in structure.members.iter().enumerate() {
        if matches!(member.location, Some(Location::Header | Location::Headers | Location::Status)) {
            continue;
        }
        let name = match shapes.get(member.shape as usize) {
            Some(Shape::List { member: item, flattened: true }) => item.wire.as_deref(),
            _ => None,
        };
        names.push((name.unwrap_or(member.wire()).into(), at as u16));
    }
    names.sort();
    names
}
