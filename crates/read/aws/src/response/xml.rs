//! XML into JSON, by shape, in one pass over the bytes.
//!
//! The document is hostile: no DOCTYPE, no entities beyond XML's own five, bounded depth.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use super::scalar;
use crate::model::{Location, Member, Service, Shape, Structure};

/// No AWS answer is deeper; deeper ones are attacks on our stack.
const DEEPEST: usize = 100;

/// Reads a document whose root (or the child of it named `wrapper`) is the structure.
pub(super) fn decode(
    service: &Service,
    structure: &Structure,
    body: &[u8],
    wrapper: Option<&str>,
) -> Result<Value, String> {
    let text = String::from_utf8_lossy(body);
    let mut decoder = Decoder::new(service, &text);
    let Some(root) = decoder.root()? else { return Ok(Value::Object(Map::new())) };
    let Some(wrapper) = wrapper else { return decoder.structure(structure, &root) };
    let mut found = None;
    if !root.empty {
        while let Some(child) = decoder.child()? {
            if found.is_none() && child.name() == wrapper {
                found = Some(decoder.structure(structure, &child)?);
            } else {
                decoder.skip(&child)?;
            }
        }
    }
    Ok(found.unwrap_or_else(|| Value::Object(Map::new())))
}

/// Reads a document whose root is a value of any shape: a rest-xml payload.
pub(super) fn decode_payload(service: &Service, member: &Member, body: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(body);
    let mut decoder = Decoder::new(service, &text);
    match decoder.root()? {
        Some(root) => decoder.value(member.shape, &root),
        None => Ok(Value::Object(Map::new())),
    }
}

/// The text of the root element itself; none where it has none. For S3's GetBucketLocation.
pub(crate) fn root_text(service: &Service, body: &[u8]) -> Result<Option<String>, String> {
    let text = String::from_utf8_lossy(body);
    let mut decoder = Decoder::new(service, &text);
    let Some(root) = decoder.root()? else { return Ok(None) };
    let text = decoder.text(&root)?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

/// Every element that has only text, as (name, text), in order: enough for error documents.
pub(crate) fn leaves(service: &Service, body: &[u8]) -> Result<(String, Vec<(String, String)>), String> {
    let text = String::from_utf8_lossy(body);
    let mut decoder = Decoder::new(service, &text);
    let Some(root) = decoder.root()? else { return Ok(Default::default()) };
    let mut found = Vec::new();
    let name = root.name().to_owned();
    decoder.collect(&root, &mut found)?;
    Ok((name, found))
}

/// An opened element.
struct Element<'x> {
    start: BytesStart<'x>,
    empty: bool,
}

impl Element<'_> {
    /// Without its namespace prefix.
    fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }
}

struct Decoder<'s, 'x> {
    service: &'s Service,
    reader: Reader<&'x [u8]>,
    source: &'x str,
    depth: usize,
}

impl<'s, 'x> Decoder<'s, 'x> {
    fn new(service: &'s Service, source: &'x str) -> Self {
        Self { service, reader: Reader::from_str(source), source, depth: 0 }
    }

    fn next(&mut self) -> Result<Event<'x>, String> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err("a document type, which AWS never sends".to_owned()),
            Ok(event) => Ok(event),
            Err(error) => Err(format!("broken XML: {error}")),
        }
    }

    /// The root element; none where the body is empty.
    fn root(&mut self) -> Result<Option<Element<'x>>, String> {
        loop {
            match self.next()? {
                Event::Start(start) => return Ok(Some(Element { start, empty: false })),
                Event::Empty(start) => return Ok(Some(Element { start, empty: true })),
                Event::Eof if self.source.trim().is_empty() => return Ok(None),
                Event::Eof => return Err("no XML".to_owned()),
                Event::Text(text) if !text.trim().is_empty() => return Err("no XML".to_owned()),
                _ => {}
            }
        }
    }

    /// The next child of the element being read; none at its end.
    fn child(&mut self) -> Result<Option<Element<'x>>, String> {
        loop {
            match self.next()? {
                Event::Start(start) => return Ok(Some(Element { start, empty: false })),
                Event::Empty(start) => return Ok(Some(Element { start, empty: true })),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err("XML cut off".to_owned()),
                _ => {}
            }
        }
    }

    /// Goes past an element.
    fn skip(&mut self, element: &Element<'x>) -> Result<(), String> {
        let mut open = usize::from(!element.empty);
        while open > 0 {
            match self.next()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof => return Err("XML cut off".to_owned()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The text of an element; children inside it are passed over.
    fn text(&mut self, element: &Element<'x>) -> Result<Cow<'x, str>, String> {
        let mut all = Cow::Borrowed("");
        if element.empty {
            return Ok(all);
        }
        let mut open = 1;
        loop {
            match self.next()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof => return Err("XML cut off".to_owned()),
                _ if open > 1 => {}
                Event::Text(text) => append(&mut all, text.xml10_content()),
                Event::CData(text) => append(&mut all, text.into_inner()),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().map_err(|e| format!("broken XML: {e}"))?;
                    let name: &str = &entity;
                    match (character, name) {
                        (Some(character), _) => all.to_mut().push(character),
                        (None, "lt") => all.to_mut().push('<'),
                        (None, "gt") => all.to_mut().push('>'),
                        (None, "amp") => all.to_mut().push('&'),
                        (None, "apos") => all.to_mut().push('\''),
                        (None, "quot") => all.to_mut().push('"'),
                        _ => return Err("an entity that XML does not define".to_owned()),
                    }
                }
                _ => {}
            }
            if open == 0 {
                return Ok(all);
            }
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(format!("XML deeper than {DEEPEST} levels")) } else { Ok(()) }
    }

    /// A value of the shape with this number.
    fn value(&mut self, shape: u32, element: &Element<'x>) -> Result<Value, String> {
        let service = self.service;
        self.deeper()?;
        let value = match service.shape(shape) {
            Shape::Structure(structure) => self.structure(structure, element)?,
            Shape::List { member, .. } => {
                // Whatever the items are called: there is nothing else they could be.
                let mut items = Vec::new();
                if !element.empty {
                    while let Some(child) = self.child()? {
                        items.push(self.value(member.shape, &child)?);
                    }
                }
                Value::Array(items)
            }
            Shape::Map { key, value, .. } => {
                let mut map = Map::new();
                if !element.empty {
                    while let Some(entry) = self.child()? {
                        self.entry(key, value, &entry, &mut map)?;
                    }
                }
                Value::Object(map)
            }
            scalar_shape => scalar(scalar_shape, &self.text(element)?),
        };
        self.depth -= 1;
        Ok(value)
    }

    /// One `<entry><key/><value/></entry>` of a map.
    fn entry(
        &mut self,
        key: &Member,
        value: &Member,
        entry: &Element<'x>,
        map: &mut Map<String, Value>,
    ) -> Result<(), String> {
        let (mut name, mut content) = (None, Value::Null);
        if !entry.empty {
            while let Some(child) = self.child()? {
                if child.name() == key.wire_or("key") {
                    name = Some(self.text(&child)?.into_owned());
                } else if child.name() == value.wire_or("value") {
                    content = self.value(value.shape, &child)?;
                } else {
                    self.skip(&child)?;
                }
            }
        }
        if let Some(name) = name {
            map.insert(name, content);
        }
        Ok(())
    }

    fn structure(&mut self, structure: &Structure, element: &Element<'x>) -> Result<Value, String> {
        self.deeper()?;
        let service = self.service;
        let mut found: Vec<Option<Value>> = vec![None; structure.members.len()];
        let mut stranger = None;
        if !element.empty {
            while let Some(child) = self.child()? {
                let Some(at) = structure.find(child.name()) else {
                    if structure.union && stranger.is_none() {
                        stranger = Some(child.name().to_owned());
                    }
                    self.skip(&child)?;
                    continue;
                };
                match service.shape(structure.members[at].shape) {
                    Shape::List { member, flattened: true } => {
                        let item = self.value(member.shape, &child)?;
                        match found[at].get_or_insert_with(|| Value::Array(Vec::new())) {
                            Value::Array(items) => items.push(item),
                            _ => unreachable!("a list is an array"),
                        }
                    }
                    Shape::Map { key, value, flattened: true } => {
                        match found[at].get_or_insert_with(|| Value::Object(Map::new())) {
                            Value::Object(map) => self.entry(key, value, &child, map)?,
                            _ => unreachable!("a map is an object"),
                        }
                    }
                    _ if found[at].is_some() => self.skip(&child)?,
                    _ => found[at] = Some(self.value(structure.members[at].shape, &child)?),
                }
            }
        }
        self.depth -= 1;
        if let (Some(name), true) = (stranger, found.iter().all(Option::is_none)) {
            return Ok(unknown_member(&name));
        }
        let mut map = Map::with_capacity(found.iter().flatten().count());
        for (member, value) in structure.members.iter().zip(found) {
            if let Some(value) = value {
                map.insert(member.name.to_string(), value);
            } else if member.attribute
                && !is_elsewhere(member)
                && let Some(text) = attribute(&element.start, member.wire())
            {
                map.insert(member.name.to_string(), Value::String(text));
            }
        }
        Ok(Value::Object(map))
    }

    fn collect(&mut self, element: &Element<'x>, found: &mut Vec<(String, String)>) -> Result<(), String> {
        self.deeper()?;
        let mut text = Cow::Borrowed("");
        let mut leaf = true;
        let mut open = !element.empty;
        while open {
            match self.next()? {
                Event::Start(start) => {
                    leaf = false;
                    let child = Element { start, empty: false };
                    self.collect(&child, found)?;
                }
                Event::Text(part) => append(&mut text, part.xml10_content()),
                Event::CData(part) => append(&mut text, part.into_inner()),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().ok().flatten();
                    text.to_mut().push(character.unwrap_or(match &*entity {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        _ => '\'',
                    }));
                }
                Event::End(_) => open = false,
                Event::Eof => return Err("XML cut off".to_owned()),
                _ => {}
            }
        }
        if leaf && found.len() < 200 {
            found.push((element.name().to_owned(), text.into_owned()));
        }
        self.depth -= 1;
        Ok(())
    }
}

/// What botocore makes of a union whose member is newer than the model.
pub(super) fn unknown_member(name: &str) -> Value {
    serde_json::json!({ "SDK_UNKNOWN_MEMBER": { "name": name } })
}

fn is_elsewhere(member: &Member) -> bool {
    matches!(member.location, Some(Location::Header | Location::Headers | Location::Status))
}

fn append<'x>(all: &mut Cow<'x, str>, part: Cow<'x, str>) {
    if all.is_empty() {
        *all = part;
    } else {
        all.to_mut().push_str(&part);
    }
}

/// An attribute, whatever prefix the document gives its namespace.
fn attribute(start: &BytesStart<'_>, wire: &str) -> Option<String> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let wanted = local(wire);
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| {
            let key: &str = a.key.as_ref();
            !key.starts_with("xmlns") && local(key) == wanted
        })
        .and_then(|a| a.normalized_value(XmlVersion::default()).ok().map(Cow::into_owned))
}
