//! What an earlier blueprint says of places: JSON in; out comes where things stood and what is locked.
//!
//! Reads our own JSON, whole or without its `data` envelope, and whatever is shaped like it: of
//! everything in it only places, stacks and locks matter. Where they lead is the layout's business.

use std::collections::{BTreeMap, HashMap};

use isobar_layout::blueprint::FOOTPRINT;
use isobar_layout::{Hint, Point, Projection, Was};
use isobar_model::ResourceId;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::snapped;

/// No floor is so large, in floor units.
const FARTHEST: f64 = 1e6;

/// What an earlier picture says of places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Earlier {
    /// From which side it was seen.
    pub projection: Projection,
    /// Where everything stood.
    pub hint: Hint,
    /// The components that are locked: where they shall stand.
    pub locked: BTreeMap<ResourceId, Point>,
}

/// Why a text is no earlier blueprint; a phrase that follows "it".
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NotEarlier(String);

/// Reads an earlier blueprint.
pub fn read(json: &[u8]) -> Result<Earlier, NotEarlier> {
    let read = |error: serde_json::Error| NotEarlier(format!("cannot be read: {error}"));
    // Twice rather than by an untagged enum, whose errors name no line.
    let enveloped: Envelope = serde_json::from_slice(json).map_err(read)?;
    let data: Data = match enveloped.data {
        Some(data) => data,
        None => serde_json::from_slice(json).map_err(read)?,
    };
    let (Some(nodes), Some(projection)) = (data.nodes, data.projection) else {
        return Err(NotEarlier("has no nodes or no projection".to_owned()));
    };
    let projection = Projection::parse(&projection)
        .ok_or_else(|| NotEarlier("has a projection other than isometric and 2d".to_owned()))?;
    let stacks = stacks(&data.groups);
    let (mut places, mut locked) = (Vec::new(), BTreeMap::new());
    // Of groups those that stand for a resource in a frame of their own, as Auto Scaling groups do.
    let frames = data.groups.into_iter().filter(|group| group.kind.as_deref() == Some("asg"));
    let things =
        nodes.into_iter().map(|node| (node, 0.0)).chain(frames.map(|frame| (frame, FOOTPRINT / 2.0)));
    for (thing, half) in things {
        // What someone drew by hand stands for no resource of an account.
        let Some(arn) = thing.arn.filter(|arn| arn.starts_with("arn:")) else { continue };
        let id = ResourceId::new(arn);
        let Some(at) = place(thing.place.as_ref(), thing.own.at, half) else {
            if thing.locked {
                return Err(NotEarlier(format!("locks {id}, which has no place in it")));
            }
            continue;
        };
        if !(at.x.abs() <= FARTHEST && at.y.abs() <= FARTHEST) {
            return Err(NotEarlier(format!("puts {id} farther out than any drawing reaches")));
        }
        if thing.locked {
            locked.insert(id.clone(), at);
        }
        let stack = thing.id.as_deref().and_then(|id| stacks.get(id).copied());
        let small = thing.own.scale.is_some_and(|scale| scale < 1.0);
        places.push(Was { resource: id, at, small, stack });
    }
    Ok(Earlier { projection, hint: Hint::from_parts(projection, places), locked })
}

/// Where a thing stands: exactly where that is said, unless someone moved it on the map since.
fn place(map: Option<&Value>, exact: Option<[f64; 2]>, half: f64) -> Option<Point> {
    let map = map?.as_array()?;
    let [x, y] = map.as_slice() else { return None };
    let (x, y) = (x.as_f64()?, y.as_f64()?);
    let moved = |exact: [f64; 2]| [snapped(exact[0] - half), snapped(exact[1] - half)] != [x, y];
    Some(match exact.filter(|exact| !moved(*exact)) {
        Some([x, y]) => Point::new(x, y),
        None => Point::new(x + half, y + half),
    })
}

/// Which stack each member stood in. A stack of an Auto Scaling group's instances is a group of that
/// type, but stands for no resource itself.
fn stacks(groups: &[Thing]) -> HashMap<String, Uuid> {
    let mut stacks = HashMap::new();
    for group in groups.iter().filter(|group| group.arn.is_none()) {
        let stack = group.kind.as_deref().is_some_and(|kind| matches!(kind, "stack" | "asg"));
        let Some(id) = group.id.as_deref().and_then(|id| Uuid::parse_str(id).ok()).filter(|_| stack) else {
            continue;
        };
        stacks.extend(group.nodes.iter().filter_map(Value::as_str).map(|member| (member.to_owned(), id)));
    }
    stacks
}

#[derive(Deserialize)]
struct Envelope {
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    projection: Option<String>,
    nodes: Option<Vec<Thing>>,
    #[serde(default)]
    groups: Vec<Thing>,
}

/// A node or a group.
#[derive(Deserialize)]
struct Thing {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    arn: Option<String>,
    /// Two numbers, or a place relative to another thing, which tells nothing here.
    #[serde(rename = "mapPos")]
    place: Option<Value>,
    #[serde(default)]
    nodes: Vec<Value>,
    #[serde(default)]
    locked: bool,
    #[serde(default, rename = "isobar")]
    own: Own,
}

#[derive(Deserialize, Default)]
struct Own {
    at: Option<[f64; 2]>,
    scale: Option<f64>,
}

#[cfg(test)]
mod tests {
    use isobar_layout::{Options, place};
    use isobar_testkit::estate;
    use serde_json::json;

    use super::super::{JsonContext, write};
    use super::*;

    /// What is written is read again, place by place, stacks and small members included.
    #[test]
    fn nothing_of_a_place_is_lost() {
        let mut met = [false; 2];
        for (seed, size, projection) in
            [(1, 40, Projection::Isometric), (2, 400, Projection::Flat), (3, 1500, Projection::Isometric)]
        {
            let graph = estate::generate(seed, size);
            let view = estate::view(&graph);
            let options = Options { projection, edges: false, ..Options::default() };
            let blueprint = place(&view, &options);
            let earlier = read(write(&blueprint, &JsonContext::default()).as_bytes()).unwrap();
            assert!(earlier.hint == Hint::of(&blueprint), "{seed}:{size}");
            assert!(earlier.locked.is_empty());
            met[0] |= blueprint.nodes.iter().any(|node| node.scale < 1.0);
            met[1] |= blueprint.nodes.iter().any(|node| &*node.component == "asg");
            let again = place(&view, &Options { hint: Some(earlier.hint), ..options });
            let moved = again.nodes.iter().zip(&blueprint.nodes).filter(|(a, b)| a.at != b.at).count();
            println!("{seed}:{size} {moved} of {}", again.nodes.len());
        }
        assert!(met[0], "no stack was among them");
    }

    fn with(nodes: Value) -> Vec<u8> {
        json!({"data": {"projection": "2d", "nodes": nodes}}).to_string().into_bytes()
    }

    #[test]
    fn a_locked_thing_stays_where_it_is_or_was_moved_to() {
        let arn = "arn:aws:sqs:eu-west-1:1:a";
        for (thing, expected) in [
            (json!({"mapPos": [1, 2.5]}), None),
            (json!({"mapPos": [1, 2.5], "locked": true}), Some((1.0, 2.5))),
            (json!({"mapPos": [1, 2.5], "locked": true, "isobar": {"at": [1.1, 2.55]}}), Some((1.1, 2.55))),
            // Somebody moved it and left our exact place as it was.
            (json!({"mapPos": [1, 3], "locked": true, "isobar": {"at": [1.1, 2.55]}}), Some((1.0, 3.0))),
        ] {
            let mut thing = thing;
            thing["arn"] = json!(arn);
            let earlier = read(&with(json!([thing]))).unwrap();
            let at = earlier.locked.get(&ResourceId::new(arn)).map(|at| (at.x, at.y));
            assert_eq!(at, expected, "{thing}");
            assert!(earlier.hint.place(&ResourceId::new(arn)).is_some());
            assert_eq!(earlier.projection, Projection::Flat);
        }
        // The envelope is optional; what stands for no resource, or nowhere, tells nothing.
        let plain = json!({"projection": "isometric", "nodes": [{"type": "ec2", "mapPos": [1, 2], "locked": true},
            {"arn": arn, "mapPos": {"relTo": "x", "offset": [1, 1]}}, {"arn": arn}]});
        let earlier = read(plain.to_string().as_bytes()).unwrap();
        assert!(earlier.locked.is_empty() && earlier.hint.place(&ResourceId::new(arn)).is_none());
    }

    #[test]
    fn what_is_no_earlier_snapshot_is_refused() {
        let arn = "arn:aws:sqs:eu-west-1:1:a";
        for (text, words) in [
            (b"".to_vec(), "cannot be read: EOF"),
            (b"[]".to_vec(), "cannot be read: invalid length 0"),
            (b"{}".to_vec(), "has no nodes or no projection"),
            (br#"{"data": 3}"#.to_vec(), "cannot be read: invalid type: integer `3`"),
            (br#"{"nodes": []}"#.to_vec(), "has no nodes or no projection"),
            (br#"{"nodes": [], "projection": "top"}"#.to_vec(), "has a projection other than"),
            (with(json!([{"arn": arn, "mapPos": [1e7, 0]}])), "puts arn:aws:sqs:eu-west-1:1:a farther out"),
            (with(json!([{"arn": arn, "locked": true}])), "locks arn:aws:sqs:eu-west-1:1:a, which has no"),
            (with(json!([{"arn": arn, "locked": "yes"}])), "cannot be read: invalid type: string"),
            (with(json!([{"arn": arn, "isobar": {"at": [1]}}])), "cannot be read: invalid length 1"),
            (format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes(), "cannot be read: "),
        ] {
            let problem = read(&text).expect_err(words).to_string();
            assert!(problem.starts_with(words), "{problem} does not begin with {words}");
        }
    }
}
