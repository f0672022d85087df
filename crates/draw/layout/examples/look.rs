//! Draws plans as plain SVG, to look at while working on the placement:
//! `cargo run -p isobar-layout --example look -- OUTDIR [SIZE or SEED:SIZE or RECORDING@REGION...]`.

#[path = "../tests/score/mod.rs"]
#[allow(dead_code)]
mod score;

use std::fmt::Write as _;

use isobar_catalog::Catalog;
use isobar_graph::{Selection, View};
use isobar_layout::{Blueprint, Detail, End, Options, Point, Projection, Rect, TitleSide, place};
use isobar_testkit::estate;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().unwrap_or_else(|| ".".to_owned());
    let mut graphs = vec![("company".to_owned(), estate::company())];
    let mut selections = Vec::new();
    for argument in arguments {
        if let Some((path, region)) = argument.split_once('@') {
            let recording = isobar_recording::open(path.as_ref()).expect("a recording");
            let graph = isobar_graph::build(Catalog::embedded(), &[&recording]);
            let regions = vec![region.parse().expect("a region")];
            selections.push((format!("recording-{region}"), graph, regions));
            continue;
        }
        let (seed, size) = argument.split_once(':').unwrap_or(("7", &argument));
        let (seed, size) = (seed.parse().expect("a seed"), size.parse().expect("a size"));
        graphs.push((format!("estate-{}", argument.replace(':', "-")), estate::generate(seed, size)));
    }
    let generated = graphs.iter().map(|(name, graph)| (name, estate::view(graph)));
    let recorded = selections.iter().map(|(name, graph, regions)| {
        (name, View::select(graph, &Selection { regions: regions.clone(), ..Selection::default() }))
    });
    for (name, view) in generated.chain(recorded) {
        for projection in [Projection::Isometric, Projection::Flat] {
            let detail =
                std::env::var("DETAIL").ok().and_then(|text| Detail::parse(&text)).unwrap_or_default();
            let options = Options { projection, detail, ..Options::default() };
            let blueprint = place(&view, &options);
            let path = format!("{dir}/{name}-{}.svg", projection.as_str());
            std::fs::write(&path, draw(&blueprint)).expect("the directory exists");
            let score = score::score(&blueprint);
            let (w, h) = (blueprint.bounds.w, blueprint.bounds.h);
            println!("{path}: {} nodes, {w:.0} x {h:.0} u, {score}", blueprint.nodes.len());
            score.faults.iter().for_each(|fault| println!("  {fault}"));
            if std::env::var_os("LINES").is_some() {
                let name = |end: End| match end {
                    End::Node(n) => blueprint.nodes[n].name.clone(),
                    End::Plate(p) => format!("[{}]", blueprint.plates[p].title),
                };
                for edge in &blueprint.edges {
                    println!(
                        "  {} {} -> {} x{} {:?}",
                        edge.flow.as_str(),
                        name(edge.from),
                        name(edge.to),
                        edge.count,
                        edge.label
                    );
                }
            }
        }
    }
}

fn draw(b: &Blueprint) -> String {
    let u = 40.0;
    let flat = b.projection == Projection::Flat;
    let on = |p: Point, z: f64| -> (f64, f64) {
        if flat { (p.x * u, p.y * u) } else { ((p.x - p.y) * 0.866 * u, (p.x + p.y) * 0.5 * u - z * u) }
    };
    let corners = |r: Rect| {
        [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())]
            .map(|(x, y)| Point::new(x, y))
    };
    let path = |points: &[Point], z: f64, close: bool| {
        let mut d = String::new();
        for (n, p) in points.iter().enumerate() {
            let (x, y) = on(*p, z);
            let _ = write!(d, "{}{x:.1} {y:.1}", if n == 0 { "M" } else { "L" });
        }
        d + if close { "Z" } else { "" }
    };
    let frame = corners(b.bounds).map(|p| on(p, 0.0));
    let min = frame.iter().fold((f64::MAX, f64::MAX), |m, p| (m.0.min(p.0), m.1.min(p.1)));
    let max = frame.iter().fold((f64::MIN, f64::MIN), |m, p| (m.0.max(p.0), m.1.max(p.1)));
    let (w, h) = (max.0 - min.0 + 80.0, max.1 - min.1 + 80.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{:.0} {:.0} {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" font-family=\"DejaVu Sans\" font-size=\"11\"><rect x=\"{:.0}\" y=\"{:.0}\" width=\"100%\" height=\"100%\" fill=\"#EEF2F7\"/>",
        min.0 - 40.0,
        min.1 - 40.0,
        min.0 - 40.0,
        min.1 - 40.0
    );
    for plate in &b.plates {
        let kind = format!("{:?}", plate.kind);
        let (fill, stroke) = match kind.as_str() {
            "Region" => ("#fff", "#77869D"),
            "Vpc" => ("#F6F2FE", "#7438DC"),
            "Zone" | "Account" => ("none", "#6E7D92"),
            "PublicSubnet" => ("#E3F3E4", "#3B7A1E"),
            "PrivateSubnet" => ("#E4EEFD", "#2160C4"),
            "IsolatedSubnet" => ("#E9E7FB", "#5A4BC0"),
            _ => ("#F4F6F9", "#99a"),
        };
        let _ = write!(
            out,
            "<path d=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
            path(&corners(plate.rect), 0.0, true)
        );
        let y = match plate.title_side {
            TitleSide::Bottom => plate.rect.bottom() - 0.3,
            TitleSide::Top => plate.rect.y + 0.6,
        };
        let (x, y) = on(Point::new(plate.rect.x + 0.3, y), 0.0);
        let turn = if flat { String::from("1 0 0 1") } else { String::from("0.866 0.5 -0.866 0.5") };
        let _ = write!(
            out,
            "<text transform=\"matrix({turn} {x:.1} {y:.1})\" font-size=\"13\" fill=\"{stroke}\">{}</text>",
            plate.title
        );
    }
    for edge in &b.edges {
        let colour = match edge.flow.as_str() {
            "request" => "#34445A",
            "data" => "#2160C4",
            "event" => "#B8247A",
            "egress" => "#8F9FB4",
            _ => "#C21F3F",
        };
        let _ = write!(
            out,
            "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path(&edge.points, 0.0, false)
        );
        let (x, y) = on(*edge.points.last().expect("two points"), 0.0);
        let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{colour}\"/>");
    }
    let mut order: Vec<_> = b.nodes.iter().collect();
    order.sort_by(|a, b| (a.at.x + a.at.y).total_cmp(&(b.at.x + b.at.y)));
    for node in order {
        let colour = match node.family.as_str() {
            "compute" => "#C2500A",
            "storage" => "#3B7A1E",
            "database" => "#2160C4",
            "network" => "#7438DC",
            "security" => "#C21F3F",
            "integration" => "#B8247A",
            "edge" => "#0B7580",
            _ => "#47566C",
        };
        let foot = Rect::around(node.at, 0.66 * node.scale);
        if !flat {
            let c = corners(foot);
            let (front, z) = ([c[1], c[2], c[3]], 0.8 * node.scale);
            let mut side: Vec<(f64, f64)> = front.iter().map(|p| on(*p, 0.0)).collect();
            side.extend(front.iter().rev().map(|p| on(*p, z)));
            let d: String = side
                .iter()
                .enumerate()
                .map(|(n, p)| format!("{}{:.1} {:.1}", if n == 0 { "M" } else { "L" }, p.0, p.1))
                .collect();
            let _ = write!(out, "<path d=\"{d}Z\" fill=\"{colour}\" fill-opacity=\"0.75\"/>");
        }
        let _ = write!(
            out,
            "<path d=\"{}\" fill=\"{colour}\" stroke=\"#fff\"/>",
            path(&corners(foot), if flat { 0.0 } else { 0.8 * node.scale }, true)
        );
        if node.scale < 0.75 {
            continue;
        }
        let (x, y) = if flat {
            on(Point::new(node.at.x, node.at.y + 0.66), 0.0)
        } else {
            on(Point::new(node.at.x + 0.66, node.at.y + 0.66), 0.0)
        };
        let width = node.label_width * u;
        let _ = write!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"30\" fill=\"none\" stroke=\"#000\" stroke-opacity=\"0.12\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"12\">{}</text>",
            x - width / 2.0,
            y + 5.0,
            y + 17.0,
            node.name
        );
        if let Some(detail) = &node.detail {
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\" fill=\"#567\">{detail}</text>",
                y + 30.0
            );
        }
    }
    out + "</svg>\n"
}
