//! `isobar layout`: the placement and routing alone, on graphs that know no AWS.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use isobar_app::neutral::{self, Lines};

use crate::console;
use crate::exit::Outcome;

/// Larger files are refused before they are read whole, in bytes.
const LARGEST: u64 = 512 << 20;

/// Place a graph of boxes and links that knows no AWS, and write where everything is
///
/// Made for comparing our placement and routing with other engines' on the same graphs: it is the very
/// engine that draws AWS regions. Reads
///
///   {"nodes": [{"id", "parent", "w", "h", "label", "kind"}], "edges": [{"id", "from", "to", "kind"}]}
///
/// where a container is a node that others name as their parent, kind is region, vpc, az, subnet,
/// resource or external, and all but the nodes' id and the edges' ends may be missing. Writes
///
///   {"bounds": [x, y, w, h],
///    "nodes": [{"id", "rect": [x, y, w, h], "label_rect": [x, y, w, h]}],
///    "edges": [{"from", "to", "kind", "points": [[x, y]], "members": [ids]}],
///    "omitted": [{"id", "reason"}]}
///
/// in pixels, y downwards; how long it took goes to stderr. docs/layout.md says what is promised.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// The graph, a JSON file; - for standard input
    #[arg(value_name = "IN")]
    graph: PathBuf,
    /// Where to write; - for standard output
    #[arg(value_name = "OUT", default_value = "-")]
    placed: PathBuf,
    /// Draw every edge on its own instead of one line for all between two subnets
    #[arg(long)]
    all_edges: bool,
}

/// Places.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let json = read(&arguments.graph)?;
    let lines = if arguments.all_edges { Lines::Each } else { Lines::Gathered };
    let dump = neutral::place(&json, lines)?;
    if is_dash(&arguments.placed) {
        console::bytes(&dump.json)?;
    } else {
        std::fs::write(&arguments.placed, &dump.json)
            .with_context(|| format!("writing {}", arguments.placed.display()))?;
    }
    let [read, place, write] = dump.times.map(|time| time.as_secs_f64() * 1000.0);
    console::warn(&format!(
        "{} nodes, {} lines, {} edges omitted; read {read:.1} ms, placed and routed {place:.1} ms, written {write:.1} ms",
        dump.nodes, dump.edges, dump.omitted
    ));
    Ok(Outcome::Done)
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    if is_dash(path) {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut json).context("reading standard input")?;
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
        file.take(LARGEST + 1)
            .read_to_end(&mut json)
            .with_context(|| format!("reading {}", path.display()))?;
    }
    if json.len() as u64 > LARGEST {
        bail!("{} holds more than {} MB; no such graph could be looked at", path.display(), LARGEST >> 20);
    }
    Ok(json)
}
