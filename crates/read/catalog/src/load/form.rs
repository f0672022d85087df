//! A service file as its author writes it: the TOML, field by field.
//!
//! In: what serde reads. Out: the raw values; a field that is not here is an error. What they mean, and
//! whether they can be, is left to [`super::service`].

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::spec::{Reference, Scope, Shape};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    pub(super) service: String,
    pub(super) title: String,
    pub(super) scope: Scope,
    pub(super) iam_prefix: Option<String>,
    #[serde(default)]
    pub(super) call: Vec<RawCall>,
    #[serde(default)]
    pub(super) further: Vec<RawCall>,
    #[serde(default)]
    pub(super) resource: Vec<Spanned<RawResource>>,
    #[serde(default)]
    pub(super) relation: Vec<Spanned<RawRelation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCall {
    pub(super) operation: String,
    pub(super) each: Option<RawEach>,
    #[serde(default)]
    pub(super) with: Map<String, Value>,
    #[serde(default)]
    pub(super) absent: Vec<String>,
    #[serde(default)]
    pub(super) iam: Vec<String>,
    pub(super) after: Option<String>,
    pub(super) until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEach {
    pub(super) from: String,
    pub(super) at: String,
    pub(super) r#as: String,
    pub(super) batch: Option<usize>,
    #[serde(default)]
    pub(super) apart: bool,
    pub(super) region_as: Option<String>,
    #[serde(default)]
    pub(super) carry: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawResource {
    pub(super) r#type: String,
    pub(super) component: String,
    pub(super) from: String,
    pub(super) at: Option<String>,
    pub(super) only: Option<String>,
    #[serde(default)]
    pub(super) join: Vec<RawJoin>,
    #[serde(default)]
    pub(super) decode: Vec<String>,
    pub(super) arn: RawText,
    pub(super) id: Option<RawText>,
    pub(super) name: Option<RawText>,
    pub(super) tags: Option<RawTags>,
    pub(super) region: Option<RawText>,
    pub(super) inside: Option<RawPlace>,
    pub(super) container: Option<String>,
    pub(super) icon: RawChoice,
    pub(super) family: String,
    pub(super) drawn: Option<RawDrawn>,
    pub(super) detail: Option<RawText>,
    pub(super) state: Option<RawText>,
    #[serde(default)]
    pub(super) addresses: Vec<String>,
    #[serde(default)]
    pub(super) blueprint: Vec<RawField>,
    pub(super) hook: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawText {
    One(String),
    Alternatives(Vec<String>),
    Arn { arn: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawTags {
    Here(String),
    Elsewhere(RawJoin),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJoin {
    pub(super) call: String,
    pub(super) at: Option<String>,
    pub(super) parameter: Option<String>,
    pub(super) item: Option<String>,
    pub(super) key: Option<String>,
    pub(super) take: Option<String>,
    pub(super) r#as: Option<String>,
    #[serde(default)]
    pub(super) many: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawPlace {
    Word(String),
    Table(RawPlaceTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlaceTable {
    pub(super) vpc: Option<String>,
    pub(super) subnets: Option<String>,
    pub(super) zone: Option<String>,
    #[serde(default)]
    pub(super) border: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawChoice {
    Word(String),
    Table(RawChoiceTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChoiceTable {
    pub(super) at: String,
    pub(super) map: Map<String, Value>,
    pub(super) or: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawDrawn {
    Fixed(bool),
    When(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) field: String,
    pub(super) at: Option<RawText>,
    #[serde(default)]
    pub(super) map: Map<String, Value>,
    #[serde(default)]
    pub(super) r#as: Shape,
    pub(super) or: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRelation {
    pub(super) kind: String,
    pub(super) to: RawTypes,
    pub(super) of: Option<String>,
    pub(super) at: String,
    pub(super) key: Option<String>,
    #[serde(default)]
    pub(super) by: Reference,
    #[serde(default)]
    pub(super) reverse: bool,
    pub(super) label: Option<RawText>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawTypes {
    One(String),
    Several(Vec<String>),
}
