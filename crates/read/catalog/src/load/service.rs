//! One file's text into a [`Service`].
//!
//! In: a file's name and text. Out: the service with its paths parsed and its short forms written out,
//! or an [`Error`] that names the field. What the file says of other files is left to [`super`].

use serde_json::{Map, Value};

use super::form::*;
use crate::Error;
use crate::path::Path;
use crate::spec::*;
use crate::text::Text;

/// The service that a file describes.
pub(super) fn read(file: &str, text: &str) -> Result<Service, Error> {
    let raw: RawService = toml::from_str(text)
        .map_err(|source| Error::Form { file: file.to_owned(), source: Box::new(source) })?;
    let at = |place: String| Here { file, place };
    if format!("{}.toml", raw.service) != file {
        return Err(
            at("the head".to_owned()).wrong("service", format!("{} is not the file's name", raw.service))
        );
    }
    let iam_prefix = raw.iam_prefix.unwrap_or_else(|| raw.service.clone());
    let specs = |calls: Vec<RawCall>| -> Result<Vec<CallSpec>, Error> {
        calls
            .into_iter()
            .map(|call| call_spec(&at(format!("call {}", call.operation)), call, &iam_prefix))
            .collect()
    };
    let calls = specs(raw.call)?;
    let further = specs(raw.further)?;
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
