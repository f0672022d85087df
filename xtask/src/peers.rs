//! `cargo xtask peers`: our layout beside Graphviz dot and osage and ELK layered, on the same graphs.
//!
//! In: what is installed of `dot`, `osage`, Node with npm. Out: a section of `docs/performance.md`: CPU
//! seconds, crossings, density and aspect of each, with every edge drawn and with our gathered lines.
//! Measuring is the scorer's; engines run here and never in the product.

mod graphviz;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench;
use crate::command::{command, output, run, works};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the section instead of writing it into docs/performance.md
    #[arg(long)]
    print: bool,
    /// The sizes of the graphs, in nodes
    #[arg(long, value_delimiter = ',', default_value = "50,500,5000")]
    sizes: Vec<usize>,
    /// The sizes at which our own growth is measured
    #[arg(long, value_delimiter = ',', default_value = "500,1000,5000,10000,20000,50000,100000")]
    growth: Vec<usize>,
    /// At sizes up to 500, how many seeds crossings are counted for
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// CPU seconds after which an engine is stopped
    #[arg(long, default_value_t = 120)]
    patience: u32,
}

/// What one engine made of one graph.
pub(crate) struct Row {
    pub(crate) engine: String,
    pub(crate) size: usize,
    /// Of the generated graph.
    pub(crate) seed: u64,
    /// `all` edges, or `few` gathered lines.
    pub(crate) lines: String,
    pub(crate) seconds: f64,
    /// What the scorer says; none when the engine did not finish.
    pub(crate) score: Option<Value>,
}

pub(crate) fn execute(root: &Path, arguments: &Arguments) -> Result<()> {
    bench::build(root)?;
    let ours = bench::target(root)?.join("release/examples/peers");
    let folder = bench::target(root)?.join("peers");
    std::fs::create_dir_all(&folder)?;
    let elk = elk(root, &folder);
    let beside = Beside { root, folder: &folder, ours: &ours, elk: elk.as_deref() };
    let mut rows = Vec::new();
    for seed in 1..=arguments.seeds.max(1) {
        // The large ones once: they take the others minutes.
        let sizes: Vec<usize> =
            arguments.sizes.iter().copied().filter(|&size| seed == 1 || size <= 500).collect();
        if sizes.is_empty() {
            continue;
        }
        let mut make = command(root, &ours, &["make"]);
        make.arg(&folder).arg(seed.to_string()).args(sizes.iter().map(usize::to_string));
        for line in output(make)?.lines() {
            let score: Value = serde_json::from_str(line)?;
            rows.push(Row {
                engine: "isobar".into(),
                size: score["size"].as_u64().unwrap_or(0) as usize,
                seed,
                lines: score["lines_drawn"].as_str().unwrap_or_default().to_owned(),
                seconds: score["seconds"].as_f64().unwrap_or(f64::NAN),
                score: Some(score),
            });
        }
        for size in sizes {
            for lines in ["all", "few"] {
                for engine in ["dot", "osage", "elk-layered"] {
                    rows.extend(beside.run(engine, arguments.patience, (size, seed, lines))?);
                }
            }
        }
    }
    let mut growth = command(root, &ours, &["growth"]);
    growth.args(arguments.growth.iter().map(usize::to_string));
    let growth = output(growth)?;
    let growth: Vec<Value> = growth.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let section = table::section(&bench::machine(root)?, &rows, &growth);
    if arguments.print {
        println!("{section}");
        return Ok(());
    }
    let path = root.join("docs/performance.md");
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(&path, table::replaced(&page, &section))?;
    println!("wrote a section of docs/performance.md");
    Ok(())
}

/// What it takes to run another engine on a graph of ours.
struct Beside<'a> {
    root: &'a Path,
    folder: &'a Path,
    ours: &'a Path,
    elk: Option<&'a Path>,
}

impl Beside<'_> {
    /// None where the engine is not installed.
    fn run(
        &self,
        engine: &str,
        patience: u32,
        (size, seed, lines): (usize, u64, &str),
    ) -> Result<Option<Row>> {
        let graph = self.folder.join(format!("{size}-{lines}.json"));
        let placed = self.folder.join(format!("{size}-{lines}-{engine}.json"));
        let _ = std::fs::remove_file(&placed);
        let seconds = if engine == "elk-layered" {
            self.elk.map(|elk| {
                let script = self.root.join("xtask/peers/elk.mjs");
                cpu(elk, patience, &["node", &text(&script), &text(&graph), &text(&placed)])
            })
        } else {
            works(command(self.root, engine, &["-V"]))
                .then(|| graphviz::place(self.folder, engine, patience, &graph, &placed))
        };
        let Some(seconds) = seconds else {
            println!("skipped: {engine} is not installed");
            return Ok(None);
        };
        let score = placed.exists().then(|| {
            let mut score = command(self.root, self.ours, &["score"]);
            score.arg(&graph).arg(&placed);
            output(score).and_then(|line| Ok(serde_json::from_str(&line)?))
        });
        let row = Row {
            engine: engine.into(),
            size,
            seed,
            lines: lines.into(),
            seconds: seconds?,
            score: score.transpose()?,
        };
        println!("{}", table::row(&row));
        Ok(Some(row))
    }
}

/// A folder with elkjs, installed by npm on first use; none without Node and npm.
fn elk(root: &Path, folder: &Path) -> Option<PathBuf> {
    if !works(command(root, "node", &["--version"])) || !works(command(root, "npm", &["--version"])) {
        return None;
    }
    let place = folder.join("elk");
    if !place.join("node_modules/elkjs").exists() {
        std::fs::create_dir_all(&place).ok()?;
        let install = ["install", "--prefix", ".", "--no-audit", "--no-fund", "--silent", "elkjs@0.12.1"];
        run(command(&place, "npm", &install)).ok()?;
    }
    Some(place)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The CPU seconds, user and system, that a program takes; the shell that starts it counts them. A
/// program that takes too many is stopped by the system, which is no error here.
pub(crate) fn cpu(folder: &Path, patience: u32, words: &[&str]) -> Result<f64> {
    let script = format!("ulimit -t {patience}; \"$@\" >/dev/null 2>&1; times");
    let mut shell = command(folder, "sh", &["-c", &script, "sh"]);
    shell.args(words);
    let told = output(shell)?;
    let children = told.lines().nth(1).context("the shell's second line of times")?;
    let seconds = |word: &str| {
        let (minutes, seconds) = word.trim_end_matches('s').split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    Ok(children.split_whitespace().filter_map(seconds).sum())
}
