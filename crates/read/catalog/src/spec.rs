//! What a service file can say.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::path::Path;
use crate::text::Text;

/// Everything isobar knows of AWS services.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// What diagrams are made of, sorted by name.
    pub services: Vec<Service>,
    /// Services of which nothing is drawn and that only [`Purpose::Everything`] asks, sorted by name.
    pub further: Vec<Service>,
}

/// What answers are collected for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Drawing: the calls whose answers a graph is built of.
    #[default]
    Diagram,
    /// Audits, reports and CloudMapper's files besides.
    Everything,
}

/// Where a service is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// In each region.
    Regional,
    /// Once, in the partition's home region.
    Global,
}

/// One service file.
#[derive(Debug, Clone)]
pub struct Service {
    /// The name of the models and of the AWS CLI: `sqs`, `elbv2`.
    pub service: String,
    /// AWS's words: `Simple Queue Service`.
    pub title: String,
    /// Where it is asked.
    pub scope: Scope,
    /// What stands before the colon of its IAM actions: `elasticloadbalancing` for `elbv2`.
    pub iam_prefix: String,
    /// The calls, in an order in which each `from` comes first.
    pub calls: Vec<CallSpec>,
    /// More calls, for [`Purpose::Everything`] only.
    pub further: Vec<CallSpec>,
    /// What is read out of their answers.
    pub resources: Vec<ResourceSpec>,
}

/// One call of a service file.
#[derive(Debug, Clone)]
pub struct CallSpec {
    /// AWS's spelling: `DescribeInstances`.
    pub operation: String,
    /// One call per item of another call's answers; a plain call where none.
    pub each: Option<Each>,
    /// Fixed parameters.
    pub with: Map<String, Value>,
    /// Error codes that mean "there is no such thing" and no gap.
    pub absent: Vec<String>,
    /// The IAM actions it needs, `s3:ListAllMyBuckets`; mostly the prefix and the operation.
    pub iam: Vec<String>,
    /// An operation of the same file that must have been asked before.
    pub after: Option<String>,
    /// AWS is still at work as long as this does not hold of the answer, and is asked again.
    pub until: Option<Path>,
}

/// One call per item (or per batch of items) of another call's answers.
#[derive(Debug, Clone)]
pub struct Each {
    /// The operation whose answers are walked; `service:Operation` for another service's.
    pub from: String,
    /// JMESPath to the items, strings or objects.
    pub at: String,
    /// The parameter that takes an item (or a list of them).
    pub parameter: String,
    /// When set, the parameter is a list that takes up to so many items.
    pub batch: Option<usize>,
    /// For [`Purpose::Everything`] the lists hold one item each: CloudMapper keeps a file per item.
    pub apart: bool,
    /// The parameter that takes the region of the call that brought the item. The items then come
    /// from all regions, and a global service asks about them.
    pub region_as: Option<String>,
    /// Parameters of the earlier call that this one repeats (`cluster` of ListServices).
    pub carry: Vec<String>,
}

/// How one type of resource is read out of the answers.
///
/// A resource's *fields*, on which all paths below are evaluated, are the item found by `at`, the
/// parameters of the call that brought it (where the item has no such field), and what `joins` add.
#[derive(Debug, Clone)]
pub struct ResourceSpec {
    /// `sqs:queue`.
    pub kind: String,
    /// The type that blueprints and `exclude` use: Cloudcraft's where it has one.
    pub component: String,
    /// The operation whose answers hold the items.
    pub from: String,
    /// Where the items are in an answer; the whole answer by default.
    pub at: Path,
    /// Items for which this does not hold are left out.
    pub only: Option<Path>,
    /// What further calls tell of the same item.
    pub joins: Vec<Join>,
    /// Fields that hold JSON as a text.
    pub decode: Vec<String>,
    /// Its ARN. An item without one is left out, with a note.
    pub arn: Text,
    /// The id AWS uses in calls; by default the last part of the ARN.
    pub id: Text,
    /// Its own name, which a `Name` tag outdoes.
    pub name: Text,
    /// Its tags, a list of keys and values or a map.
    pub tags: Option<Path>,
    /// The region it lies in, where that is not where it was asked.
    pub region: Text,
    /// What holds it.
    pub place: Place,
    /// Set for the containers: `vpc`, `subnet`.
    pub container: Option<String>,
    /// The name of its icon.
    pub icon: Choice,
    /// Its family, which carries the hue.
    pub family: String,
    /// Whether a diagram shows it.
    pub drawn: Drawn,
    /// The short line under the name.
    pub detail: Text,
    /// `running`, `available`.
    pub state: Text,
    /// What else relations may call it: host names and addresses.
    pub addresses: Vec<Text>,
    /// The fields its blueprint component carries, in order.
    pub blueprint: Vec<Field>,
    /// Links to other resources.
    pub relations: Vec<RelationSpec>,
    /// A function in the graph's `hooks/` for what cannot be said here.
    pub hook: Option<String>,
}

/// What another call tells of the same item, put into the item's fields.
#[derive(Debug, Clone)]
pub struct Join {
    /// The call; of the same service and region.
    pub call: String,
    /// Where in its answers: the value, or with `item` the items to choose from.
    pub at: Path,
    /// The call's parameter, or (with `by_item`) the path in its items, that names the item meant.
    pub by: By,
    /// What it is compared with, in this item's fields.
    pub key: Text,
    /// The part of the chosen value to take.
    pub take: Option<Path>,
    /// The field it becomes.
    pub field: String,
    /// All that match as a list, not just the first.
    pub many: bool,
}

/// By what a joined call's answers are told apart.
#[derive(Debug, Clone)]
pub enum By {
    /// A parameter of the call.
    Parameter(String),
    /// A path in each item of its answers.
    Item(Path),
    /// Nothing: the one answer is for all.
    Nothing,
}

/// What holds a resource.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The VPC's id.
    pub vpc: Option<Path>,
    /// Ids of subnets: one makes it the holder, several are spanned.
    pub subnets: Option<Path>,
    /// The availability zone's name, which chooses among the subnets.
    pub zone: Option<Path>,
    /// It stands on its VPC's border.
    pub border: bool,
    /// In the account's `global` region whatever the service's scope.
    pub global: bool,
}

/// Whether a diagram shows a resource.
#[derive(Debug, Clone)]
pub enum Drawn {
    /// All or none of the type.
    Fixed(bool),
    /// Those for which the path holds.
    When(Path),
}

/// A word that may depend on a field.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The field; none for a fixed word.
    pub at: Option<Text>,
    /// Words by the field's value.
    pub map: Vec<(String, String)>,
    /// The word otherwise.
    pub default: String,
}

/// One field of a blueprint component.
#[derive(Debug, Clone)]
pub struct Field {
    /// Cloudcraft's spelling.
    pub name: &'static str,
    /// Where the value is; empty for a constant, which then stands in `default`.
    pub at: Text,
    /// Cloudcraft's word for AWS's; `prefix*` stands for all that begin so.
    pub map: Vec<(String, String)>,
    /// The JSON type.
    pub shape: Shape,
    /// The value where there is none, or none that `map` knows.
    pub default: Option<Value>,
}

/// The JSON type of a blueprint field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// A text.
    #[default]
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A number of mebibytes, in gibibytes.
    Gigabytes,
}

/// A link to other resources.
#[derive(Debug, Clone)]
pub struct RelationSpec {
    /// The graph's word: `dead-letters-to`.
    pub kind: String,
    /// The types it may lead to.
    pub to: Vec<String>,
    /// Items on each of which `at` and `label` are then evaluated; the resource itself where none.
    pub of: Option<Path>,
    /// Where the references are.
    pub at: Path,
    /// The reference in what `at` found, where that is an object.
    pub key: Option<Text>,
    /// What the reference is.
    pub reference: Reference,
    /// The link runs from the other to this one.
    pub reverse: bool,
    /// The word on the line, from the item of `of`, or without it from what `at` found.
    pub label: Text,
}

/// What kind of text names another resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// An ARN where it looks like one, else the id.
    #[default]
    Any,
    /// An ARN.
    Arn,
    /// The id used in calls.
    Id,
    /// The name.
    Name,
    /// A host name or address.
    Address,
}

/// A service that Cloudcraft scans and isobar does not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncovered {
    /// The name of the AWS CLI.
    pub service: String,
    /// AWS's words.
    pub title: String,
    /// Why not.
    pub reason: String,
}
