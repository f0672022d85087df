//! The section of `docs/performance.md` about other engines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::Row;

const TITLE: &str = "## Beside other layout engines";

/// One line of the table.
pub(super) fn row(row: &Row) -> String {
    let of = |name: &str| row.score.as_ref().and_then(|score| score[name].as_f64());
    let whole = |name: &str| of(name).map_or("–".into(), |n| format!("{n:.0}"));
    let percent = |name: &str| of(name).map_or("–".into(), |n| format!("{:.1}", n * 100.0));
    let seconds = if row.score.is_some() {
        format!("{:.3}", row.seconds)
    } else {
        format!("unfinished after {:.0}", row.seconds)
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        row.size,
        lines_of(&row.lines),
        row.engine,
        seconds,
        whole("lines"),
        whole("crossings"),
        whole("through_icons"),
        whole("through_boxes"),
        percent("density"),
        of("aspect").map_or("–".into(), |n| format!("{n:.2}")),
    )
}

fn lines_of(lines: &str) -> &'static str {
    if lines == "all" { "every edge" } else { "gathered" }
}

/// The whole section.
pub(super) fn section(machine: &str, rows: &[Row], growth: &[Value]) -> String {
    let mut text = format!(
        "{TITLE}\n\nWritten by `cargo xtask peers`. {machine}\n\n\
         The same generated graphs (`peers graph SEED SIZE`, seed 1) for our dump (`isobar layout`), Graphviz's\n\
         dot and osage and elkjs's layered, at their defaults but for direction and orthogonal lines; once with\n\
         every edge, once with the lines to which we gather them. CPU seconds of the others are their whole\n\
         process's, ours are placement and routing. Density is icons over area, in percent.\n\n\
         | nodes | lines | engine | CPU s | drawn | crossings | through icons | through foreign boxes | density | aspect |\n\
         |---:|---|---|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for one in rows.iter().filter(|row| row.seed == 1) {
        let _ = writeln!(text, "{}", row(one));
    }
    text.push_str("\nRatios to ours (theirs / ours):\n\n| nodes | lines | engine | CPU | crossings | density |\n|---:|---|---|---:|---:|---:|\n");
    for other in rows.iter().filter(|row| row.engine != "isobar" && row.seed == 1) {
        let ours = ours_beside(other, rows);
        let (Some(ours), Some(score)) = (ours, &other.score) else { continue };
        let ratio = |name: &str| {
            let of = |score: &Value| score[name].as_f64();
            let (theirs, own) = (of(score), ours.score.as_ref().and_then(of));
            match (theirs, own) {
                (Some(a), Some(b)) if b > 0.0 => format!("{:.2}", a / b),
                _ => "–".into(),
            }
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} | {} | {} |",
            other.size,
            lines_of(&other.lines),
            other.engine,
            other.seconds / ours.seconds.max(1e-6),
            ratio("crossings"),
            ratio("density"),
        );
    }
    text.push_str(&seeds(rows));
    text.push_str("\nOur own growth, gathered lines:\n\n| nodes | lines | ms |\n|---:|---:|---:|\n");
    for line in growth.iter().filter(|line| line["size"].is_number()) {
        let milliseconds = line["seconds"].as_f64().unwrap_or(f64::NAN) * 1000.0;
        let _ = writeln!(text, "| {} | {} | {milliseconds:.1} |", line["size"], line["lines"]);
    }
    if let Some(exponent) = growth.iter().find_map(|line| line["exponent"].as_f64()) {
        let _ = writeln!(text, "\nThe time grows with the number of nodes to the power of {exponent:.2}.");
    }
    text
}

/// Our row of the same graph and lines.
fn ours_beside<'r>(other: &Row, rows: &'r [Row]) -> Option<&'r Row> {
    let same = |row: &&Row| (row.size, row.seed, &row.lines) == (other.size, other.seed, &other.lines);
    rows.iter().filter(same).find(|row| row.engine == "isobar")
}

/// Crossings over several seeds; nothing where there is one.
fn seeds(rows: &[Row]) -> String {
    let crossings = |row: &Row| row.score.as_ref().and_then(|score| score["crossings"].as_f64());
    #[derive(Default)]
    struct Sum {
        theirs: f64,
        ours: f64,
        graphs: u32,
        fewer: u32,
    }
    // By size, lines and engine.
    let mut sums: BTreeMap<(usize, &str, &str), Sum> = BTreeMap::new();
    for other in rows.iter().filter(|row| row.engine != "isobar") {
        let ours = ours_beside(other, rows).and_then(crossings);
        let (Some(theirs), Some(ours)) = (crossings(other), ours) else { continue };
        let sum = sums.entry((other.size, &other.lines, &other.engine)).or_default();
        sum.theirs += theirs;
        sum.ours += ours;
        sum.graphs += 1;
        sum.fewer += u32::from(ours < theirs);
    }
    sums.retain(|_, sum| sum.graphs > 1);
    if sums.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\nCrossings over several seeds:\n\n\
         | nodes | lines | engine | graphs | theirs, mean | ours, mean | graphs with fewer of ours |\n\
         |---:|---|---|---:|---:|---:|---:|\n",
    );
    for ((size, lines, engine), Sum { theirs, ours, graphs, fewer }) in sums {
        let lines = lines_of(lines);
        let mean = |sum: f64| sum / f64::from(graphs);
        let _ = writeln!(
            text,
            "| {size} | {lines} | {engine} | {graphs} | {:.1} | {:.1} | {fewer} |",
            mean(theirs),
            mean(ours)
        );
    }
    text
}

/// The page with this section in place of the one it had, else at its end.
pub(super) fn replaced(page: &str, section: &str) -> String {
    let Some(from) = page.find(TITLE) else { return format!("{}\n\n{section}", page.trim_end()) };
    let after = page[from + TITLE.len()..].find("\n## ").map(|at| from + TITLE.len() + at + 1);
    let rest = after.map_or(String::new(), |at| format!("\n{}", &page[at..]));
    format!("{}{section}{rest}", &page[..from])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_section_is_replaced() {
        let page = "# P\n\nx\n\n## A\n\na\n";
        let once = replaced(page, &format!("{TITLE}\n\n1\n"));
        assert_eq!(once, format!("# P\n\nx\n\n## A\n\na\n\n{TITLE}\n\n1\n"));
        let page = format!("{once}\n## B\n\nb\n");
        let twice = replaced(&page, &format!("{TITLE}\n\n2\n"));
        assert_eq!(twice, format!("# P\n\nx\n\n## A\n\na\n\n{TITLE}\n\n2\n\n## B\n\nb\n"));
    }
}
