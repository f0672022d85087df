//! What each option of a drawing changes, and what it leaves alone. The demo account goes in with one
//! option set; facts of the drawing come out and are compared with those of the plain one.

use std::collections::BTreeMap;

use isobar_catalog::Catalog;
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::{DrawRequest, Drawing, Format, Like, draw};

type Facts = BTreeMap<&'static str, Vec<String>>;

fn bytes(format: Format, query: &str) -> Vec<u8> {
    drawn_like(format, query, None).bytes
}

/// Draws with things where an earlier snapshot had them.
fn drawn_like(format: Format, query: &str, earlier: Option<&[u8]>) -> Drawing {
    let demo = Recording::from_bundle(include_bytes!("../../demo/demo.isobar")).expect("the demo opens");
    let request = DrawRequest {
        regions: vec![Region::parse("eu-west-1").expect("a region")],
        ..DrawRequest::new(format)
    };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut request = request.set_all(pairs).expect("good options");
    if let Some(earlier) = earlier {
        request = request.keep(Like::parse(earlier).expect("an earlier snapshot")).expect("it fits");
    }
    draw(Catalog::embedded(), &[&demo], &request).expect("it draws")
}

/// What stands between each `start` and the `end` after it.
fn each<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

/// A layer of a drawing, to where the next one begins.
fn layer<'a>(svg: &'a str, name: &str) -> &'a str {
    let Some((_, rest)) = svg.split_once(&format!("<g id=\"{name}\">")) else { return "" };
    let layers = ["plates", "edges", "outlines", "titles", "nodes", "badges", "labels", "overlays"];
    let ends = layers.map(|n| format!("<g id=\"{n}\">"));
    let end = ends.iter().filter_map(|end| rest.find(end.as_str())).min();
    let end = end.or_else(|| rest.find("<g fill=\"none\" id=\"interactionLayer\"")).unwrap_or(rest.len());
    &rest[..end]
}

fn sorted(list: Vec<&str>) -> Vec<String> {
    let mut list: Vec<String> = list.into_iter().map(str::to_owned).collect();
    list.sort();
    list
}

fn svg_facts(query: &str) -> Facts {
    facts(bytes(Format::Svg, query))
}

fn facts(svg: Vec<u8>) -> Facts {
    let svg = String::from_utf8(svg).expect("UTF-8");
    let head = svg.split("<defs>").next().unwrap_or_default();
    let ground = svg.split("</defs>").nth(1).and_then(|rest| rest.split("<g id=").next()).unwrap_or_default();
    let nodes = layer(&svg, "nodes");
    let uses = each(nodes, "<use ", "/>").into_iter();
    let mut colours = sorted(each(&svg, "fill=\"#", "\""));
    colours.dedup();
    BTreeMap::from([
        ("size", sorted(each(head, " width=\"", "viewBox"))),
        ("page", sorted(each(ground, "fill=\"#", "\""))),
        ("grid", sorted(each(ground, "url(#", ")"))),
        ("shadow", vec![layer(&svg, "plates").matches("fill-opacity").count().to_string()]),
        ("plates", sorted(each(layer(&svg, "plates"), "data-id=\"", "\""))),
        ("titles", sorted(each(layer(&svg, "titles"), "\">", "</text>"))),
        ("edges", sorted(each(layer(&svg, "edges"), "data-id=\"", "\""))),
        ("nodes", sorted(each(nodes, "data-id=\"", "\""))),
        ("places", uses.filter_map(|part| part.split_once("\" ")).map(|(_, at)| at.to_owned()).collect()),
        ("labels", sorted(each(layer(&svg, "labels"), "data-label=\"", "\""))),
        ("outlines", sorted(each(layer(&svg, "outlines"), "data-id=\"", "\""))),
        ("badges", sorted(each(layer(&svg, "badges"), "data-label=\"", "\""))),
        ("block", sorted(each(layer(&svg, "overlays"), ">", "</text>"))),
        ("colours", colours),
    ])
}

fn changed(plain: &Facts, other: &Facts) -> Vec<&'static str> {
    plain.iter().filter(|(name, fact)| other[*name] != **fact).map(|(name, _)| *name).collect()
}

#[test]
fn each_option_changes_what_it_should_and_nothing_else() {
    let plain = svg_facts("");
    for (name, fact) in &plain {
        let on_request = ["grid", "outlines", "badges"].contains(name);
        assert!(on_request || !fact.is_empty(), "the plain drawing has no {name}");
    }
    // Option, facts that must change, facts that may.
    let parts = ["size", "plates", "titles", "edges", "places", "labels", "colours", "shadow"];
    let table: [(&str, &[&str], &[&str]); 23] = [
        ("filter=type=lambda", &["nodes", "block"], &parts),
        ("exclude=s3,sqs", &["nodes", "block"], &parts),
        ("label=false", &["labels"], &["size"]),
        ("label=true", &[], &[]),
        ("detail=auto", &[], &[]),
        ("detail=all", &[], &[]),
        // Three alike and more stand on a plate of their own, at reduced scale.
        (
            "detail=summary",
            &["plates", "titles", "places"],
            &["size", "labels", "edges", "block", "colours", "shadow"],
        ),
        ("autoconnect=false", &["edges", "block"], &["size", "labels", "colours"]),
        ("scale=2", &["size"], &[]),
        ("scale=0.5", &["size"], &["labels", "block", "titles"]),
        ("width=1600", &["size"], &["labels", "block", "titles"]),
        ("height=900", &["size"], &["labels", "block", "titles"]),
        ("width=1920&height=1080", &["size"], &["labels", "block", "titles"]),
        // The legend tells what they are, and its card may move.
        ("overlay=sg,asg,cluster", &["outlines", "block"], &["size", "badges", "colours"]),
        ("overlay=nacl", &["outlines", "block"], &["size", "colours"]),
        ("overlay=", &[], &[]),
        ("grid=true", &["grid"], &[]),
        ("transparent=true", &["page", "shadow"], &["colours"]),
        // From above more names and furniture may find room, and lines lie elsewhere.
        ("projection=2d", &["places"], &["size", "labels", "titles", "shadow", "edges", "colours", "block"]),
        ("theme=dark", &["page", "colours"], &["block"]),
        ("theme=light&projection=isometric", &[], &[]),
        ("landscape=true", &[], &[]),
        ("paperSize=A4&pages=many", &[], &[]),
    ];
    let mut wrong = Vec::new();
    for (query, must, may) in table {
        let facts = svg_facts(query);
        let changes = changed(&plain, &facts);
        for fact in must.iter().filter(|fact| !changes.contains(fact)) {
            wrong.push(format!("{query} should change {fact}"));
        }
        for fact in changes.iter().filter(|fact| !must.contains(fact) && !may.contains(fact)) {
            let gone = plain[fact].iter().filter(|one| !facts[fact].contains(one)).take(3);
            let new = facts[fact].iter().filter(|one| !plain[fact].contains(one)).take(3);
            let (gone, new): (Vec<_>, Vec<_>) = (gone.collect(), new.collect());
            wrong.push(format!("{query} changes {fact} as well: {gone:?} became {new:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn groups_are_on_request_in_each_format() {
    for format in [Format::Svg, Format::Png, Format::Pdf, Format::MxGraph] {
        let (plain, none, groups) =
            (bytes(format, ""), bytes(format, "overlay="), bytes(format, "overlay=sg,asg"));
        assert!(plain == none && plain != groups, "{}", format.as_str());
    }
    let cells = String::from_utf8(bytes(Format::MxGraph, "overlay=sg,asg")).expect("UTF-8");
    let svg = String::from_utf8(bytes(Format::Svg, "overlay=sg,asg")).expect("UTF-8");
    for kind in ["sg", "asg"] {
        let drawn =
            each(layer(&svg, "outlines"), "data-type=\"", "\"").iter().filter(|one| **one == kind).count();
        assert!(drawn > 0, "no {kind}");
        assert_eq!(cells.matches(&format!("type=\"{kind}\"")).count(), drawn, "{kind}");
    }
    // JSON has no place for what is no component.
    assert!(bytes(Format::Json, "") == bytes(Format::Json, "overlay=sg,asg"));
}

/// The sides of each page of a PDF, in whole points.
fn boxes(query: &str) -> Vec<(i32, i32)> {
    let bytes = bytes(Format::Pdf, query);
    let text = String::from_utf8_lossy(&bytes);
    each(&text, "/MediaBox", "]")
        .into_iter()
        .map(|values| {
            let sides: Vec<f32> =
                values.split([' ', '[']).filter_map(|word| word.trim().parse().ok()).collect();
            (sides[2].round() as i32, sides[3].round() as i32)
        })
        .collect()
}

#[test]
fn paper_has_the_size_side_and_number_asked_for() {
    for (query, expected) in [
        ("paperSize=A4&landscape=true", (842, 595)),
        ("paperSize=A4&landscape=false", (595, 842)),
        ("paperSize=Letter&landscape=false", (612, 792)),
        ("paperSize=Tabloid&landscape=true", (1224, 792)),
        ("width=800&height=600", (600, 450)),
        ("paperSize=A3&landscape=true&projection=2d&theme=dark", (1191, 842)),
    ] {
        assert_eq!(boxes(query), [expected], "{query}");
    }
    let many = boxes("paperSize=A4&landscape=true&pages=many");
    assert!(many.len() > 2 && many.iter().all(|sides| *sides == (842, 595)), "{many:?}");
    assert!(boxes("pages=many").len() > 2);
    assert_eq!(boxes("pages=one").len(), 1);
}

#[test]
fn pixels_have_the_size_asked_for() {
    for (query, expected) in [
        ("width=640&height=360", (640, 360)),
        ("width=100&height=700", (100, 700)),
        ("width=333&height=333&transparent=true&grid=true", (333, 333)),
    ] {
        let png = bytes(Format::Png, query);
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((side(16), side(20)), expected, "{query}");
    }
}

/// Where each resource of a snapshot stands.
fn places(snapshot: &[u8]) -> BTreeMap<String, String> {
    let all: Value = serde_json::from_slice(snapshot).expect("JSON");
    let nodes = all["data"]["nodes"].as_array().expect("nodes");
    nodes
        .iter()
        .map(|n| (n["name"].to_string() + &n["arn"].to_string(), format!("{} {}", n["mapPos"], n["isobar"])))
        .collect()
}

/// Who stands elsewhere than before, by name.
fn moved(before: &[u8], after: &[u8]) -> Vec<String> {
    let (before, after) = (places(before), places(after));
    let name = |id: &String| id.split('"').nth(1).unwrap_or_default().to_owned();
    after
        .iter()
        .filter(|(id, at)| before.get(*id).is_some_and(|was| was != *at))
        .map(|(id, _)| name(id))
        .collect()
}

#[test]
fn an_earlier_snapshot_keeps_things_where_they_were() {
    let full = bytes(Format::Json, "");
    // The same account again.
    let again = moved(&full, &drawn_like(Format::Json, "", Some(&full)).bytes);
    assert!(again.len() <= 2, "{again:?}");
    // With less in it, at most so many move, and without the earlier picture more do.
    for (query, most) in [("exclude=sqs", 8), ("exclude=lambda,nat", 24)] {
        let alone = moved(&full, &bytes(Format::Json, query));
        let like = moved(&full, &drawn_like(Format::Json, query, Some(&full)).bytes);
        assert!(like.len() <= most && like.len() < alone.len(), "{query}: {} then {like:?}", alone.len());
    }
    // Nothing but places, and what finds room there, is another.
    let may = ["block", "labels", "places", "size", "titles"];
    let query = "exclude=sqs";
    let changes = changed(&svg_facts(query), &facts(drawn_like(Format::Svg, query, Some(&full)).bytes));
    assert!(changes.contains(&"places") && changes.iter().all(|fact| may.contains(fact)), "{changes:?}");
    // A picture of something else is no guide, and no harm.
    let other = json!({"projection": "isometric", "nodes": [{"arn": "arn:aws:sqs:::x", "mapPos": [5, 5]}]});
    let stranger = drawn_like(Format::Json, "", Some(other.to_string().as_bytes()));
    assert!(stranger.bytes == full);
}

#[test]
fn what_is_locked_stays_there_or_is_named() {
    let full = bytes(Format::Json, "");
    let mut earlier: Value = serde_json::from_slice(&full).expect("JSON");
    let nodes = earlier["data"]["nodes"].as_array_mut().expect("nodes");
    let at = |nodes: &[Value], name: &str| nodes.iter().position(|n| n["name"] == name).expect(name);
    let (one, other) = (at(nodes, "sorter-1"), at(nodes, "sorter-3"));
    let place = nodes[other]["mapPos"].clone();
    nodes[one]["mapPos"] = place.clone();
    nodes[one]["locked"] = json!(true);
    let far = at(nodes, "catalogue-3");
    nodes[far]["mapPos"] = json!([0, 0]);
    nodes[far]["locked"] = json!(true);
    let earlier = earlier.to_string();

    let unlocked = drawn_like(Format::Json, "", Some(&full));
    let locked = drawn_like(Format::Json, "", Some(earlier.as_bytes()));
    let mut swapped = moved(&unlocked.bytes, &locked.bytes);
    swapped.retain(|name| name != "catalogue-3");
    assert_eq!(swapped, ["sorter-1", "sorter-3"]);
    let drawn: Value = serde_json::from_slice(&locked.bytes).expect("JSON");
    assert_eq!(drawn["data"]["nodes"][one]["mapPos"], place);
    let all = drawn["data"]["nodes"].as_array().expect("nodes").iter();
    let names: Vec<&Value> = all.filter(|n| n["locked"] == true).map(|n| &n["name"]).collect();
    assert!(names.len() == 2 && names.iter().any(|name| *name == "catalogue-3"), "{names:?}");
    // Its subnet lies elsewhere, so it could not follow.
    let displaced: Vec<&str> = locked.displaced.iter().map(|id| id.as_str()).collect();
    assert_eq!(drawn["data"]["isobar"]["displaced"], json!(displaced));
    assert_eq!(displaced, [drawn["data"]["nodes"][far]["arn"].as_str().expect("an ARN")]);
}

#[test]
fn requests_with_different_guides_are_different() {
    let like = |x: f64| {
        let text = json!({"projection": "2d", "nodes": [{"arn": "arn:aws:sqs:::x", "mapPos": [x, 5]}]});
        let like = Like::parse(text.to_string().as_bytes()).expect("an earlier snapshot");
        DrawRequest::new(Format::Svg).keep(like).expect("nothing is locked").key()
    };
    assert_eq!(like(1.0), like(1.0));
    assert_ne!(like(1.0), like(2.0));
    assert_ne!(like(1.0), DrawRequest::new(Format::Svg).key());
}

#[test]
fn a_title_changes_the_headline_and_nothing_else() {
    let demo = Recording::from_bundle(include_bytes!("../../demo/demo.isobar")).expect("the demo opens");
    let draw = |title: Option<&str>| {
        let mut request = DrawRequest::new(Format::Svg);
        request.regions = vec![Region::parse("eu-west-1").expect("a region")];
        request.title = title.map(str::to_owned);
        facts(draw(Catalog::embedded(), &[&demo], &request).expect("it draws").bytes)
    };
    let (plain, titled) = (draw(None), draw(Some("Everything we have")));
    assert_eq!(changed(&plain, &titled), ["block"]);
    let new: Vec<&String> = titled["block"].iter().filter(|word| !plain["block"].contains(word)).collect();
    assert!(matches!(new.as_slice(), [word] if word.contains("Everything we have")), "{new:?}");
}
