//! `cargo xtask bench`: measure the release build and write `docs/performance.md`.
//!
//! In: this machine and this commit. Out: a table of stages by number of resources, what the server
//! needs when it starts and idles, and what CloudMapper's commands cost. The stages themselves are timed by the example `measure`
//! of the tests crate; what is fast enough is left to the reader.

mod commands;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::command::{cargo, command, output, run};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the page instead of writing docs/performance.md
    #[arg(long)]
    pub(crate) print: bool,
}

/// The numbers of resources whose drawing is measured.
const SIZES: [&str; 4] = ["100", "1000", "10000", "100000"];

/// One line of the example's output.
#[derive(Deserialize)]
struct Measured {
    stage: String,
    size: usize,
    /// The median of the runs; none where something else than time is told.
    milliseconds: Option<f64>,
    /// How large the result is, where it is a file.
    bytes: Option<usize>,
}

pub(crate) fn execute(root: &Path, arguments: &Arguments) -> Result<()> {
    build(root)?;
    let target = target(root)?.join("release");
    let mut stages: Vec<Measured> = Vec::new();
    for size in SIZES {
        eprintln!("drawings of {size}");
        let lines = output(command(root, target.join("examples/measure"), &[size]))?;
        for line in lines.lines() {
            stages.push(serde_json::from_str(line).context("reading measure's lines")?);
        }
    }
    let server = Server::measure(root, &target.join("isobar"))?;
    let page =
        page(&machine(root)?, &stages, &server) + &commands::section(root, &target.join("examples/times"))?;
    if arguments.print {
        println!("{page}");
    } else {
        let path = root.join("docs/performance.md");
        // Sections below the tables are written by hand, about other measurements.
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, page + &by_hand(&before))?;
        println!("wrote docs/performance.md");
    }
    Ok(())
}

/// Builds the program and everything that measures it, at once: package by package each would want
/// its own features of the same dependencies.
pub(crate) fn build(root: &Path) -> Result<()> {
    let mut all = cargo(root, &["build", "--release", "--locked"]);
    all.args(["-p", "isobar-cli", "-p", "isobar-layout", "-p", "isobar-export"]);
    all.args(["-p", "isobar-cloudmapper", "-p", "isobar-tests", "--bins"]);
    all.args(["--example", "peers", "--example", "gallery", "--example", "times", "--example", "measure"]);
    run(all)
}

/// The sections of a page that this command does not write.
fn by_hand(page: &str) -> String {
    let sections = page.split("\n## ").skip(1).map(|section| format!("\n## {section}"));
    sections.filter(|section| !section.contains(commands::HEADING)).collect()
}

/// Where cargo puts what it builds.
pub(crate) fn target(root: &Path) -> Result<PathBuf> {
    let text = output(cargo(root, &["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    Ok(metadata["target_directory"].as_str().context("cargo metadata names the target directory")?.into())
}

/// What the released program needs.
struct Server {
    /// The binary, in bytes.
    size: u64,
    /// From starting the process to the first good answer.
    start: Duration,
    /// Resident memory after two idle seconds, in bytes.
    idle: u64,
    /// The same after some drawings.
    busy: u64,
}

impl Server {
    fn measure(root: &Path, binary: &Path) -> Result<Self> {
        let mut starts = Vec::new();
        for _ in 0..5 {
            let (mut child, _, start) = Self::start(root, binary)?;
            starts.push(start);
            end(&mut child);
        }
        starts.sort();
        let (mut child, lines, _) = Self::start(root, binary)?;
        std::thread::sleep(Duration::from_secs(2));
        let idle = resident(child.id());
        let drawn = (0..3).try_for_each(|_| draw(&lines));
        let busy = resident(child.id());
        end(&mut child);
        drawn?;
        Ok(Self { size: std::fs::metadata(binary)?.len(), start: starts[2], idle: idle?, busy: busy? })
    }

    /// Starts the demo; returns it once it has answered, with the lines it printed.
    fn start(root: &Path, binary: &Path) -> Result<(Child, Vec<String>, Duration)> {
        let mut demo = command(root, binary, &["demo", "--listen", "127.0.0.1:0"]);
        demo.stdout(Stdio::piped()).stderr(Stdio::null());
        let started = Instant::now();
        let mut child = demo.spawn().context("starting the demo")?;
        let out = child.stdout.take().context("the demo's output")?;
        let lines: Vec<String> = BufReader::new(out).lines().map_while(Result::ok).take(3).collect();
        let answer = address(&lines).and_then(|address| get(&address, "/healthz", ""));
        match answer {
            Ok(200) => Ok((child, lines, started.elapsed())),
            other => {
                end(&mut child);
                bail!("the demo did not answer: {other:?}; it said {lines:?}")
            }
        }
    }
}

/// `127.0.0.1:PORT` out of the demo's first line.
fn address(lines: &[String]) -> Result<String> {
    let line = lines.iter().find_map(|line| line.split("http://").nth(1)).context("no address printed")?;
    Ok(line.split('/').next().unwrap_or_default().to_owned())
}

/// Asks for the picture that the demo's last line suggests.
fn draw(lines: &[String]) -> Result<()> {
    let line = lines.iter().find(|line| line.contains("curl")).context("the demo suggests a request")?;
    let key = line.split("Bearer ").nth(1).and_then(|rest| rest.split('\'').next()).context("a key")?;
    let path = line.split("http://").nth(1).and_then(|rest| rest.split_once('/')).context("a path")?.1;
    let path = path.split_whitespace().next().unwrap_or_default().replace("/svg", "/png");
    let status = get(&address(lines)?, &format!("/{path}"), &format!("Authorization: Bearer {key}\r\n"))?;
    if status != 200 {
        bail!("the demo answered {status} to a drawing");
    }
    Ok(())
}

/// The status of a GET, its answer read to the end.
fn get(address: &str, path: &str, headers: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let head = String::from_utf8_lossy(&answer[..answer.len().min(64)]).into_owned();
    head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).context("an HTTP status")
}

/// Resident memory of a process, in bytes.
fn resident(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kilobytes: u64 = line.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(kilobytes * 1024)
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// One line on where this was measured.
pub(crate) fn machine(root: &Path) -> Result<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 = memory.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    let rust = output(command(root, "rustc", &["--version"]))?;
    let commit = output(command(root, "git", &["rev-parse", "--short", "HEAD"]))?;
    let changed = !output(command(root, "git", &["status", "--porcelain", "-uno"]))?.trim().is_empty();
    Ok(format!(
        "Measured at commit {}{} with {} on {cores} cores ({model}), {} GB of memory, {}.",
        commit.trim(),
        if changed { " with uncommitted changes" } else { "" },
        rust.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        kilobytes.div_ceil(1_000_000),
        std::env::consts::OS,
    ))
}

fn page(machine: &str, stages: &[Measured], server: &Server) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut cells: BTreeMap<(&str, usize), &Measured> = BTreeMap::new();
    for measured in stages {
        if !names.contains(&measured.stage.as_str()) {
            names.push(&measured.stage);
        }
        if !sizes.contains(&measured.size) {
            sizes.push(measured.size);
        }
        cells.insert((&measured.stage, measured.size), measured);
    }
    let mut page = format!(
        "# Performance\n\nWritten by `cargo xtask bench`. {machine}\n\n\
         Times are medians of CPU-bound runs on one thread, in milliseconds, by number of resources in the\n\
         account. Other machines differ; the ratios mostly hold.\n\n| stage |"
    );
    for size in &sizes {
        let _ = write!(page, " {size} |");
    }
    let _ = writeln!(page, "\n|---|{}", "---:|".repeat(sizes.len()));
    for name in names {
        let _ = write!(page, "| {name} |");
        for &size in &sizes {
            let cell = cells.get(&(name, size)).map_or("–".to_owned(), |measured| {
                match (measured.milliseconds, measured.bytes.map(|b| b.div_ceil(1000))) {
                    (Some(time), Some(kilobytes)) => format!("{} ({kilobytes} kB)", number(time)),
                    (Some(time), None) => number(time),
                    (None, Some(kilobytes)) => format!("{} MB", kilobytes.div_ceil(1000)),
                    (None, None) => "–".to_owned(),
                }
            });
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let _ = write!(
        page,
        "\n| the released program | |\n|---|---:|\n| binary | {} |\n| start to first answer (`isobar demo`) | {:.0} ms |\n\
         | resident memory, idle | {} |\n| resident memory after three drawings | {} |\n",
        megabytes(server.size),
        server.start.as_secs_f64() * 1000.0,
        megabytes(server.idle),
        megabytes(server.busy),
    );
    page
}

fn number(milliseconds: f64) -> String {
    match milliseconds {
        m if m >= 100.0 => format!("{m:.0}"),
        m if m >= 10.0 => format!("{m:.1}"),
        m => format!("{m:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_was_not_measured_leaves_a_dash() {
        let measured = |stage: &str, size, milliseconds, bytes| Measured {
            stage: stage.into(),
            size,
            milliseconds: Some(milliseconds),
            bytes,
        };
        let stages = [measured("graph", 100, 1.234, None), measured("svg", 1000, 61.26, Some(1500))];
        let second = Duration::from_millis(90);
        let server = Server { size: 30_000_000, start: second, idle: 20_000_000, busy: 40_000_000 };
        let page = page("Here.", &stages, &server);
        assert!(page.contains(
            "| stage | 100 | 1000 |\n|---|---:|---:|\n| graph | 1.23 | – |\n| svg | – | 61.3 (2 kB) |"
        ));
        assert!(page.contains("| binary | 30.0 MB |") && page.contains("| 90 ms |"));
    }

    #[test]
    fn what_was_written_by_hand_stays() {
        let page = format!("# P\n\nold\n\n{}\n\nold\n\n## Others\n\nkept\n", commands::HEADING);
        assert_eq!(by_hand(&page), "\n## Others\n\nkept\n");
    }

    #[test]
    fn the_demo_says_where_it_is() {
        let lines = ["page     http://127.0.0.1:4242/".to_owned()];
        assert_eq!(address(&lines).expect("an address"), "127.0.0.1:4242");
    }
}
