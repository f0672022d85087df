//! Draws generated estates and recordings as PNG, in both projections and themes, for looking at.
//! Usage: `cargo run -p isobar-export --example estates -- FOLDER [WHAT...]`, where each WHAT is
//! `company`, `SIZE`, `SEED:SIZE` (`SEED:SIZE+SEED:SIZE` for several accounts) or `RECORDING@REGION`
//! (`RECORDING+RECORDING@all`), optionally with `//WIDTHxHEIGHT` for an exact canvas, `//dark`, `//2d`,
//! `//svg`, `//drawio` behind it. Says how many names found room.

use std::error::Error;
use std::path::Path;

use isobar_export::{mxgraph, png, svg};
use isobar_graph::{Graph, Selection, View};
use isobar_layout::{Options, Projection, place};
use isobar_scene::{PixelSize, Style, Theme, paint};
use isobar_testkit::estate;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder to write to")?;
    std::fs::create_dir_all(&folder)?;
    for what in arguments {
        let mut words = what.split("//");
        let subject = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        let graph: Graph;
        let view: View<'_> = if let Some((path, region)) = subject.rsplit_once('@') {
            let recordings = path.split('+').map(|path| isobar_recording::open(Path::new(path)));
            let recordings = recordings.collect::<Result<Vec<_>, _>>()?;
            let recordings: Vec<_> = recordings.iter().collect();
            graph = isobar_graph::build(isobar_catalog::Catalog::embedded(), &recordings);
            let regions = if region == "all" { Vec::new() } else { vec![region.parse()?] };
            View::select(&graph, &Selection { regions, ..Selection::default() })
        } else {
            let one = |text: &str| {
                let (seed, size) = text.split_once(':').unwrap_or(("7", text));
                Some((seed.parse().ok()?, size.parse().ok()?))
            };
            let estates: Option<Vec<(u64, usize)>> = subject.split('+').map(one).collect();
            graph = match estates.as_deref() {
                Some([(seed, size)]) => estate::generate(*seed, *size),
                Some(several) => estate::several(several),
                None => estate::company(),
            };
            estate::view(&graph)
        };
        let has = |word: &str| words.contains(&word);
        let size = words.iter().find_map(|word| word.split_once('x'));
        let side = |text: &str| PixelSize::parse(text).ok();
        let only = |one: &str, other: &str| !has(other) || has(one);
        for projection in [Projection::Isometric, Projection::Flat] {
            if !only(projection.as_str(), if projection == Projection::Flat { "isometric" } else { "2d" }) {
                continue;
            }
            let blueprint = place(&view, &Options { projection, ..Options::default() });
            for theme in [Theme::Light, Theme::Dark] {
                if !only(theme.as_str(), if theme == Theme::Dark { "light" } else { "dark" }) {
                    continue;
                }
                let style = Style {
                    theme,
                    grid: has("grid"),
                    width: size.and_then(|(w, _)| side(w)),
                    height: size.and_then(|(_, h)| side(h)),
                    ..Style::default()
                };
                let scene = paint(&blueprint, &style);
                let stem =
                    Path::new(subject).file_stem().unwrap_or_default().to_string_lossy().replace(':', "-");
                let shape = size.map(|(w, h)| format!("-{w}x{h}")).unwrap_or_default();
                let name = format!("{folder}/{stem}{shape}-{}-{}", projection.as_str(), theme.as_str());
                if has("svg") {
                    std::fs::write(format!("{name}.svg"), svg::write(&scene))?;
                }
                if has("drawio") {
                    std::fs::write(format!("{name}.drawio"), mxgraph::write(&scene))?;
                }
                std::fs::write(format!("{name}.png"), png::write(&scene, &style.fonts)?)?;
                let sought = scene.nodes.iter().filter(|node| node.scale >= 0.77);
                let (named, all) = sought
                    .fold((0, 0), |(named, all), node| (named + usize::from(node.label.is_some()), all + 1));
                let cut = scene.nodes.iter().filter_map(|node| node.label.as_ref());
                let cut = cut.filter(|label| label.lines.iter().any(|line| line.contains('…'))).count();
                println!("{name}: {:?}, {named} of {all} names, {cut} of them cut", scene.canvas);
            }
        }
    }
    Ok(())
}
