//! Prints the graph of a recording: `cargo run -p isobar-graph --example dump -- FILE-OR-FOLDER...`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut recordings = Vec::new();
    for path in std::env::args().skip(1) {
        recordings.push(isobar_recording::open(std::path::Path::new(&path))?);
    }
    let all: Vec<_> = recordings.iter().collect();
    isobar_catalog::Catalog::embedded();
    let started = std::time::Instant::now();
    let graph = isobar_graph::build(isobar_catalog::Catalog::embedded(), &all);
    let took = started.elapsed();
    print!("{}", isobar_graph::dump(&graph));
    eprintln!("{} resources, {} relations in {took:?}", graph.resources().len(), graph.relations().len());
    Ok(())
}
