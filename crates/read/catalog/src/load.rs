//! Service files from TOML into a [`Catalog`].
//!
//! In: the texts of the files. Out: the catalog, or an [`Error`] that names file and field. What
//! the AWS models and the icons say of the names is left to the whole-product tests.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::Error;
use crate::path::Path;
use crate::services::FILES;
use crate::spec::*;
use crate::text::Text;

impl Service {
    /// The calls for a purpose, in an order in which each `from` comes first.
    pub fn calls_for(&self, purpose: Purpose) -> impl Iterator<Item = &CallSpec> {
        let further = if purpose == Purpose::Everything { &self.further[..] } else { &[] };
        self.calls.iter().chain(further)
    }
}

impl Catalog {
    /// The catalog that is part of the program. Its files are tested, so this cannot fail.
    pub fn embedded() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| match Self::parse(FILES) {
            Ok(catalog) => catalog,
            Err(error) => panic!("the embedded catalog is broken: {error}"),
        })
    }

    /// Reads files given as name and text.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Error> {
        let mut services = Vec::with_capacity(files.len());
        for (file, text) in files {
            services.push(service(file, text)?);
        }
        services.sort_by(|a: &Service, b: &Service| a.service.cmp(&b.service));
        let (further, services) = services
            .into_iter()
            .partition(|service| service.calls.is_empty() && service.resources.is_empty());
        let catalog = Self { services, further };
        catalog.check_references()?;
        Ok(catalog)
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.all().find(|service| service.service == name)
    }

    /// The services that are asked for a purpose.
    pub fn services_for(&self, purpose: Purpose) -> impl Iterator<Item = &Service> {
        self.all().filter(move |service| service.calls_for(purpose).next().is_some())
    }

    fn all(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().chain(&self.further)
    }

    /// Every resource type with its service.
    pub fn resources(&self) -> impl Iterator<Item = (&Service, &ResourceSpec)> {
        self.services.iter().flat_map(|service| service.resources.iter().map(move |spec| (service, spec)))
    }

    /// The component types that `exclude` and `type=` know, sorted, without twins.
    pub fn components(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.resources().map(|(_, spec)| spec.component.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// What Cloudcraft scans and this catalog does not, with the reason.
    pub fn uncovered() -> &'static [Uncovered] {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            service: Vec<Uncovered>,
        }
        static TABLE: OnceLock<Vec<Uncovered>> = OnceLock::new();
        TABLE.get_or_init(|| match toml::from_str::<Table>(include_str!("../uncovered.toml")) {
            Ok(table) => table.service,
            Err(error) => panic!("uncovered.toml is broken: {error}"),
        })
    }

    // Every `from`, `call` and `to` must name something that is there.
    fn check_references(&self) -> Result<(), Error> {
        let kinds: HashSet<&str> = self.resources().map(|(_, spec)| spec.kind.as_str()).collect();
        let mut operations: HashSet<String> = HashSet::new();
        for service in self.all() {
            let calls = service.calls_for(Purpose::Everything);
            operations.extend(calls.map(|call| format!("{}:{}", service.service, call.operation)));
        }
        for service in self.all() {
            let file = format!("{}.toml", service.service);
            let wrong =
                |place: String, reason: String| Err(Error::Field { file: file.clone(), place, reason });
            let mut earlier: HashSet<&str> = HashSet::new();
            for call in service.calls_for(Purpose::Everything) {
                if let Some(after) = &call.after
                    && !earlier.contains(after.as_str())
                {
                    return wrong(
                        format!("call {}, after", call.operation),
                        format!("{after} is no earlier call"),
                    );
                }
                if let Some(each) = &call.each {
                    let known = if each.from.contains(':') {
                        operations.contains(&each.from)
                    } else {
                        earlier.contains(each.from.as_str())
                    };
                    if !known {
                        let reason = format!("{} is no earlier call", each.from);
                        return wrong(format!("call {}, each.from", call.operation), reason);
                    }
                }
                earlier.insert(&call.operation);
            }
            for spec in &service.resources {
                if !earlier.contains(spec.from.as_str()) {
                    let reason = format!("{} is no call of this file", spec.from);
                    return wrong(format!("resource {}, from", spec.kind), reason);
                }
                for join in &spec.joins {
                    if !earlier.contains(join.call.as_str()) {
                        let reason = format!("{} is no call of this file", join.call);
                        return wrong(format!("resource {}, join {}", spec.kind, join.field), reason);
                    }
                }
                for relation in &spec.relations {
                    if let Some(stranger) = relation.to.iter().find(|to| !kinds.contains(to.as_str())) {
                        let reason = format!("no resource has the type {stranger}");
                        return wrong(
                            format!("resource {}, relation {}, to", spec.kind, relation.kind),
                            reason,
                        );
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    service: String,
    title: String,
    scope: Scope,
    iam_prefix: Option<String>,
    #[serde(default)]
    call: Vec<RawCall>,
    #[serde(default)]
    further: Vec<RawCall>,
    #[serde(default)]
    resource: Vec<Spanned<RawResource>>,
    #[serde(default)]
    relation: Vec<Spanned<RawRelation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCall {
    operation: String,
    each: Option<RawEach>,
    #[serde(default)]
    with: Map<String, Value>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    iam: Vec<String>,
    after: Option<String>,
    until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEach {
    from: String,
    at: String,
    r#as: String,
    batch: Option<usize>,
    #[serde(default)]
    apart: bool,
    region_as: Option<String>,
    #[serde(default)]
    carry: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResource {
    r#type: String,
    component: String,
    from: String,
    at: Option<String>,
    only: Option<String>,
    #[serde(default)]
    join: Vec<RawJoin>,
    #[serde(default)]
    decode: Vec<String>,
    arn: RawText,
    id: Option<RawText>,
    name: Option<RawText>,
    tags: Option<RawTags>,
    region: Option<RawText>,
    inside: Option<RawPlace>,
    container: Option<String>,
    icon: RawChoice,
    family: String,
    drawn: Option<RawDrawn>,
    detail: Option<RawText>,
    state: Option<RawText>,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    blueprint: Vec<RawField>,
    hook: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawText {
    One(String),
    Alternatives(Vec<String>),
    Arn { arn: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTags {
    Here(String),
    Elsewhere(RawJoin),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawJoin {
    call: String,
    at: Option<String>,
    parameter: Option<String>,
    item: Option<String>,
    key: Option<String>,
    take: Option<String>,
    r#as: Option<String>,
    #[serde(default)]
    many: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPlace {
    Word(String),
    Table(RawPlaceTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlaceTable {
    vpc: Option<String>,
    subnets: Option<String>,
    zone: Option<String>,
    #[serde(default)]
    border: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawChoice {
    Word(String),
    Table(RawChoiceTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoiceTable {
    at: String,
    map: Map<String, Value>,
    or: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawDrawn {
    Fixed(bool),
    When(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    field: String,
    at: Option<RawText>,
    #[serde(default)]
    map: Map<String, Value>,
    #[serde(default)]
    r#as: Shape,
    or: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRelation {
    kind: String,
    to: RawTypes,
    of: Option<String>,
    at: String,
    key: Option<String>,
    #[serde(default)]
    by: Reference,
    #[serde(default)]
    reverse: bool,
    label: Option<RawText>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTypes {
    One(String),
    Several(Vec<String>),
}

// Says where a value stands, for errors.
struct Here<'a> {
    file: &'a str,
    place: String,
}

impl Here<'_> {
    fn wrong(&self, field: &str, reason: impl Into<String>) -> Error {
        let place = format!("{}, {field}", self.place);
        Error::Field { file: self.file.to_owned(), place, reason: reason.into() }
    }
    fn path(&self, field: &str, text: &str) -> Result<Path, Error> {
        Path::parse(text).map_err(|reason| self.wrong(field, reason))
    }
    fn maybe_path(&self, field: &str, text: Option<&String>) -> Result<Option<Path>, Error> {
        text.map(|text| self.path(field, text)).transpose()
    }
    fn text(&self, field: &str, raw: Option<RawText>) -> Result<Text, Error> {
        let alternatives = match raw {
            None => return Ok(Text::default()),
            Some(RawText::Arn { arn }) if arn == "last part" => return Ok(Text::arn_last_part()),
            Some(RawText::Arn { .. }) => {
                return Err(self.wrong(field, "of an ARN only \"last part\" is known"));
            }
            Some(RawText::One(text)) => vec![text],
            Some(RawText::Alternatives(texts)) => texts,
        };
        Text::parse(&alternatives).map_err(|reason| self.wrong(field, reason))
    }
    fn words(&self, field: &str, map: Map<String, Value>) -> Result<Vec<(String, String)>, Error> {
        map.into_iter()
            .map(|(from, to)| match to {
                Value::String(to) => Ok((from, to)),
                other => Err(self.wrong(field, format!("{other} is no text"))),
            })
            .collect()
    }
}

fn service(file: &str, text: &str) -> Result<Service, Error> {
    let raw: RawService = toml::from_str(text)
        .map_err(|source| Error::Form { file: file.to_owned(), source: Box::new(source) })?;
    let at = |place: String| Here { file, place };
    if format!("{}.toml", raw.service) != file {
        return Err(
            at("the head".to_owned()).wrong("service", format!("{} is not the file's name", raw.service))
        );
    }
    let iam_prefix = raw.iam_prefix.unwrap_or_else(|| raw.service.clone());
    let read = |calls: Vec<RawCall>| -> Result<Vec<CallSpec>, Error> {
        calls
            .into_iter()
            .map(|call| call_spec(&at(format!("call {}", call.operation)), call, &iam_prefix))
            .collect()
    };
    let calls = read(raw.call)?;
    let further = read(raw.further)?;
    // A relation belongs to the resource it stands below, which TOML tells only by position.
    let mut resources: Vec<(usize, ResourceSpec)> = Vec::with_capacity(raw.resource.len());
    for spanned in raw.resource {
        let start = spanned.span().start;
        let raw = spanned.into_inner();
        resources.push((start, resource(&at(format!("resource {}", raw.r#type)), raw, &calls)?));
    }
    for spanned in raw.relation {
        let start = spanned.span().start;
        let raw = spanned.into_inner();
        let owner = resources.iter_mut().rev().find(|(from, _)| *from < start);
        let Some((_, owner)) = owner else {
            return Err(at(format!("relation {}", raw.kind)).wrong("place", "it stands below no resource"));
        };
        let here = at(format!("resource {}, relation {}", owner.kind, raw.kind));
        owner.relations.push(relation(&here, raw)?);
    }
    let resources = resources.into_iter().map(|(_, spec)| spec).collect();
    Ok(Service {
        service: raw.service,
        title: raw.title,
        scope: raw.scope,
        iam_prefix,
        calls,
        further,
        resources,
    })
}

fn call_spec(here: &Here<'_>, call: RawCall, iam_prefix: &str) -> Result<CallSpec, Error> {
    if let Some(each) = &call.each {
        here.path("each.at", &each.at)?;
    }
    let iam = if call.iam.is_empty() { vec![format!("{iam_prefix}:{}", call.operation)] } else { call.iam };
    Ok(CallSpec {
        each: call.each.map(|each| Each {
            from: each.from,
            at: each.at,
            parameter: each.r#as,
            batch: each.batch,
            apart: each.apart,
            region_as: each.region_as,
            carry: each.carry,
        }),
        operation: call.operation,
        with: call.with,
        absent: call.absent,
        iam,
        after: call.after,
        until: here.maybe_path("until", call.until.as_ref())?,
    })
}

fn resource(here: &Here<'_>, raw: RawResource, calls: &[CallSpec]) -> Result<ResourceSpec, Error> {
    let mut joins = Vec::with_capacity(raw.join.len() + 1);
    for raw in raw.join {
        joins.push(join(here, raw, None, calls)?);
    }
    let tags = match raw.tags {
        None => None,
        Some(RawTags::Here(path)) => Some(here.path("tags", &path)?),
        Some(RawTags::Elsewhere(raw)) => {
            joins.push(join(here, raw, Some("Tags"), calls)?);
            Some(here.path("tags", "Tags")?)
        }
    };
    let place = match raw.inside {
        None => Place::default(),
        Some(RawPlace::Word(word)) if word == "region" => Place::default(),
        Some(RawPlace::Word(word)) if word == "global" => Place { global: true, ..Place::default() },
        Some(RawPlace::Word(word)) => {
            return Err(here.wrong("inside", format!("{word} is neither region nor global")));
        }
        Some(RawPlace::Table(table)) => Place {
            vpc: here.maybe_path("inside.vpc", table.vpc.as_ref())?,
            subnets: here.maybe_path("inside.subnets", table.subnets.as_ref())?,
            zone: here.maybe_path("inside.zone", table.zone.as_ref())?,
            border: table.border,
            global: false,
        },
    };
    let icon = match raw.icon {
        RawChoice::Word(word) => Choice { at: None, map: Vec::new(), default: word },
        RawChoice::Table(table) => Choice {
            at: Some(here.text("icon.at", Some(RawText::One(table.at)))?),
            map: here.words("icon.map", table.map)?,
            default: table.or,
        },
    };
    let drawn = match raw.drawn {
        None => Drawn::Fixed(true),
        Some(RawDrawn::Fixed(drawn)) => Drawn::Fixed(drawn),
        Some(RawDrawn::When(path)) => Drawn::When(here.path("drawn", &path)?),
    };
    let mut blueprint = Vec::with_capacity(raw.blueprint.len());
    for field in raw.blueprint {
        let name = format!("blueprint.{}", field.field);
        blueprint.push(Field {
            at: here.text(&name, field.at)?,
            map: here.words(&name, field.map)?,
            shape: field.r#as,
            default: field.or,
            // A catalog is read once; its few field names live as long as the program.
            name: Box::leak(field.field.into_boxed_str()),
        });
    }
    let addresses: Result<Vec<Text>, Error> =
        raw.addresses.into_iter().map(|text| here.text("addresses", Some(RawText::One(text)))).collect();
    Ok(ResourceSpec {
        kind: raw.r#type,
        component: raw.component,
        from: raw.from,
        at: here.path("at", raw.at.as_deref().unwrap_or("@"))?,
        only: here.maybe_path("only", raw.only.as_ref())?,
        joins,
        decode: raw.decode,
        arn: here.text("arn", Some(raw.arn))?,
        id: here.text("id", raw.id)?,
        name: here.text("name", raw.name)?,
        tags,
        region: here.text("region", raw.region)?,
        place,
        container: raw.container,
        icon,
        family: raw.family,
        drawn,
        detail: here.text("detail", raw.detail)?,
        state: here.text("state", raw.state)?,
        addresses: addresses?,
        blueprint,
        relations: Vec::new(),
        hook: raw.hook,
    })
}

fn join(here: &Here<'_>, raw: RawJoin, field: Option<&str>, calls: &[CallSpec]) -> Result<Join, Error> {
    let Some(field) = raw.r#as.or(field.map(str::to_owned)) else {
        return Err(here.wrong("join", format!("{} lacks `as`", raw.call)));
    };
    let name = format!("join {field}");
    let own = calls
        .iter()
        .find(|call| call.operation == raw.call)
        .and_then(|call| call.each.as_ref())
        .filter(|each| each.batch.is_none())
        .map(|each| each.parameter.clone());
    let by = match (raw.item, raw.parameter.or(own)) {
        (Some(path), _) => By::Item(here.path(&name, &path)?),
        (None, Some(parameter)) => By::Parameter(parameter),
        (None, None) => By::Nothing,
    };
    let key = match (&by, raw.key) {
        (_, Some(key)) => here.text(&name, Some(RawText::One(key)))?,
        (By::Parameter(parameter), None) => here.text(&name, Some(RawText::One(parameter.clone())))?,
        (By::Nothing, None) => Text::default(),
        (By::Item(_), None) => return Err(here.wrong(&name, "`item` needs a `key` to compare with")),
    };
    Ok(Join {
        call: raw.call,
        at: here.path(&name, raw.at.as_deref().unwrap_or("@"))?,
        by,
        key,
        take: here.maybe_path(&name, raw.take.as_ref())?,
        field,
        many: raw.many,
    })
}

fn relation(here: &Here<'_>, raw: RawRelation) -> Result<RelationSpec, Error> {
    let key = match raw.key {
        Some(key) => Some(here.text("key", Some(RawText::One(key)))?),
        None => None,
    };
    Ok(RelationSpec {
        kind: raw.kind,
        to: match raw.to {
            RawTypes::One(kind) => vec![kind],
            RawTypes::Several(kinds) => kinds,
        },
        of: here.maybe_path("of", raw.of.as_ref())?,
        at: here.path("at", &raw.at)?,
        key,
        reference: raw.by,
        reverse: raw.reverse,
        label: here.text("label", raw.label)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = Catalog::parse(&[("x.toml", text)]).unwrap_err();
        let whole = match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        assert!(whole.contains(expected), "{whole}");
    }

    const HEAD: &str = "service = \"x\"\ntitle = \"X\"\nscope = \"regional\"\n";

    #[test]
    fn the_embedded_files_are_sound() {
        let catalog = Catalog::embedded();
        assert!(catalog.services.len() > 20);
        assert!(!Catalog::uncovered().is_empty());
        let sqs = catalog.service("sqs").unwrap();
        assert_eq!(sqs.resources[0].relations.len(), 2);
    }

    #[test]
    fn errors_name_file_and_field() {
        check("service = \"x\"", "missing field `title`");
        check(&format!("{HEAD}colour = 1"), "colour");
        check(&format!("{HEAD}[[call]]\noperation = \"A\"\nech = {{}}"), "ech");
        check(
            &format!("{HEAD}[[call]]\noperation = \"A\"\neach = {{ from = \"B\", at = \"x\", as = \"y\" }}"),
            "services/x.toml: call A, each.from: B is no earlier call",
        );
        let resource = "[[resource]]\ntype = \"x:y\"\ncomponent = \"y\"\nicon = \"y\"\nfamily = \"edge\"\n";
        check(&format!("{HEAD}{resource}from = \"A\"\narn = \"x\""), "resource x:y, from: A is no call");
        check(
            &format!("{HEAD}[[call]]\noperation = \"A\"\n{resource}from = \"A\"\narn = \"x[\""),
            "resource x:y, arn",
        );
        check(
            &format!(
                "{HEAD}[[call]]\noperation = \"A\"\n{resource}from = \"A\"\narn = \"x\"\n[[relation]]\nkind = \"uses\"\nto = \"z:z\"\nat = \"x\""
            ),
            "resource x:y, relation uses, to: no resource has the type z:z",
        );
        check(
            &format!("{HEAD}[[relation]]\nkind = \"uses\"\nto = \"z:z\"\nat = \"x\""),
            "relation uses, place: it stands below no resource",
        );
    }

    #[test]
    fn a_relation_belongs_to_the_resource_above_it() {
        let catalog = Catalog::embedded();
        let of = |kind: &str| {
            let (_, spec) = catalog.resources().find(|(_, spec)| spec.kind == kind).unwrap();
            spec.relations.iter().map(|relation| relation.kind.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of("ec2:vpc"), [""; 0]);
        assert_eq!(of("ec2:internet-gateway"), ["attached-to"]);
        assert_eq!(of("elbv2:listener"), ["contains", "targets", "uses"]);
    }

    #[test]
    fn the_table_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/services");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        files.sort();
        assert_eq!(files, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
