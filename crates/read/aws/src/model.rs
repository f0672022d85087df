//! The API models: which operations a service has, and the shapes they take and give.
//!
//! In: the embedded `models/models.bin`, one zstd blob per service. Out: a [`Service`], parsed on first
//! use and kept. How shapes look on the wire is left to `request` and `response`.

mod raw;
mod shape;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::Deserialize;

use crate::Error;
pub(crate) use raw::{Operation, Paginator};
pub(crate) use shape::{Location, Member, Shape, Structure, TimeFormat};

static FILE: &[u8] = include_bytes!("../models/models.bin");
const MAGIC: &[u8] = b"ISOBAR-MODELS-1\n";
/// No model is larger than this when unpacked; a damaged length must not ask for all memory.
const LARGEST: usize = 16 << 20;

/// How a service puts its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    Query,
    Ec2,
    Json,
    RestJson,
    RestXml,
}

/// One service's model.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) protocol: Protocol,
    /// `2016-11-15`.
    pub(crate) version: String,
    /// The first label of the host where no exception says otherwise.
    pub(crate) prefix: String,
    /// `Elastic Load Balancing v2`; names `AWS_ENDPOINT_URL_…`.
    pub(crate) id: String,
    pub(crate) json_version: String,
    pub(crate) target: String,
    pub(crate) signing_name: String,
    pub(crate) query_compatible: bool,
    pub(crate) operations: HashMap<String, Operation>,
    pub(crate) shapes: Vec<Shape>,
}

impl Service {
    pub(crate) fn shape(&self, number: u32) -> &Shape {
        &self.shapes[number as usize]
    }
    /// An operation's input or output; both are always structures.
    pub(crate) fn structure(&self, number: Option<u32>) -> Option<&Structure> {
        match self.shape(number?) {
            Shape::Structure(structure) => Some(structure),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Head {
    botocore: String,
    /// name -> offset, packed length, unpacked length
    index: HashMap<String, (usize, usize, usize)>,
}

struct Library {
    head: Head,
    blobs: &'static [u8],
    parsed: Mutex<HashMap<String, Arc<Service>>>,
}

static LIBRARY: LazyLock<Result<Library, String>> = LazyLock::new(|| {
    let rest = FILE.strip_prefix(MAGIC).ok_or("wrong magic")?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or("cut off")?;
    let (head, blobs) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or("cut off")?;
    let head = unpack(head, 1 << 20)?;
    let head: Head = serde_json::from_slice(&head).map_err(|e| e.to_string())?;
    Ok(Library { head, blobs, parsed: Mutex::default() })
});

fn library() -> Result<&'static Library, Error> {
    LIBRARY.as_ref().map_err(|reason| Error::Models(reason.clone()))
}

fn unpack(packed: &[u8], room: usize) -> Result<Vec<u8>, String> {
    zstd::bulk::decompress(packed, room.min(LARGEST)).map_err(|e| e.to_string())
}

impl Library {
    fn blob(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(&(at, length, unpacked)) = self.head.index.get(name) else { return Ok(None) };
        let packed = at.checked_add(length).and_then(|end| self.blobs.get(at..end));
        let packed = packed.ok_or_else(|| Error::Models("cut off".to_owned()))?;
        unpack(packed, unpacked).map(Some).map_err(Error::Models)
    }
}

/// A service by the name of the AWS CLI; none where there is no such service.
pub(crate) fn service(name: &str) -> Result<Option<Arc<Service>>, Error> {
    let library = library()?;
    let known =
        |library: &Library| library.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    if let Some(found) = known(library) {
        return Ok(Some(found));
    }
    if name.is_empty() {
        return Ok(None);
    }
    let Some(blob) = library.blob(name)? else { return Ok(None) };
    // Two tasks may parse the same model at once; that is cheaper than to wait under the lock.
    let service = Arc::new(raw::parse(name, &blob).map_err(|e| Error::Models(format!("{name}: {e}")))?);
    library.parsed.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), service.clone());
    Ok(Some(service))
}

/// The endpoint tables as JSON.
pub(crate) fn endpoints() -> Result<Vec<u8>, Error> {
    library()?.blob("")?.ok_or_else(|| Error::Models("no endpoints".to_owned()))
}

/// The version of botocore that the models were extracted from.
pub fn botocore_version() -> &'static str {
    library().map_or("unknown", |library| library.head.botocore.as_str())
}

/// Every service in the models, sorted.
pub fn services() -> Vec<&'static str> {
    let Ok(library) = library() else { return Vec::new() };
    let mut names: Vec<&str> =
        library.head.index.keys().map(String::as_str).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    names
}

/// The operations of a service in the models, sorted; none where there is no such service.
pub fn operations(name: &str) -> Vec<String> {
    let Ok(Some(service)) = service(name) else { return Vec::new() };
    let mut names: Vec<String> = service.operations.keys().cloned().collect();
    names.sort_unstable();
    names
}

/// The parameters that an operation takes, sorted; none where there is no such operation.
pub fn parameters(name: &str, operation: &str) -> Vec<String> {
    let Ok(Some(service)) = service(name) else { return Vec::new() };
    let input = service.operations.get(operation).and_then(|model| service.structure(model.input));
    let mut names: Vec<String> =
        input.iter().flat_map(|shape| shape.members.iter().map(|member| member.name.to_string())).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_parses_and_points_only_to_shapes_it_has() {
        let mut count = 0;
        for name in services() {
            let service = service(name).unwrap().unwrap();
            let sound = |number: u32| (number as usize) < service.shapes.len();
            for shape in &service.shapes {
                match shape {
                    Shape::Structure(s) => assert!(s.members.iter().all(|m| sound(m.shape)), "{name}"),
                    Shape::List { member, .. } => assert!(sound(member.shape), "{name}"),
                    Shape::Map { key, value, .. } => {
                        assert!(sound(key.shape) && sound(value.shape), "{name}");
                    }
                    _ => {}
                }
            }
            for (operation, model) in &service.operations {
                count += 1;
                for side in [model.input, model.output].into_iter().flatten() {
                    assert!(service.structure(Some(side)).is_some(), "{name}:{operation}");
                }
            }
        }
        assert!(count > 8000, "{count} operations");
    }

    #[test]
    fn the_source_note_names_the_same_botocore() {
        assert!(include_str!("../models/SOURCE.txt").contains(botocore_version()));
        let pinned = include_str!("../../../../xtask/models/requirements.txt");
        assert!(
            pinned.contains(&format!("botocore=={}", botocore_version())),
            "the models are older than their pin: run cargo xtask models"
        );
    }

    #[test]
    fn an_unknown_service_is_none() {
        assert!(service("nonesuch").unwrap().is_none() && service("").unwrap().is_none());
    }
}
