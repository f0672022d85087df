//! `cargo xtask bless`: accept what the code draws and writes today as what is expected.
//!
//! In: a pattern of test names. Out: rewritten goldens and generated documents, and one page,
//! `target/bless.html`, that shows each changed file before and after. Whether the change is right is
//! left to whoever looks at that page.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use base64::Engine as _;

use crate::command::{cargo, command, output, works};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only tests whose name contains this
    pattern: Option<String>,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<()> {
    // Tests run the program itself.
    crate::command::run(cargo(root, &["build", "--workspace", "--bins"]))?;
    let nextest = works(cargo(root, &["nextest", "--version"]));
    let mut tests = if nextest {
        cargo(root, &["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(root, &["test", "--workspace", "--no-fail-fast"])
    };
    tests.args(arguments.pattern.as_deref());
    tests.env("ISOBAR_BLESS", "1").env("INSTA_UPDATE", "always");
    // A failing test is no reason to stop: the page shows what was rewritten all the same.
    let outcome = crate::command::run(tests);

    let changes = changes(root)?;
    let page = root.join("target/bless.html");
    std::fs::create_dir_all(root.join("target"))?;
    std::fs::write(&page, render(&changes))?;
    println!("{} file(s) differ from the last commit; look at {}", changes.len(), page.display());
    outcome
}

/// One expected output that is no longer what the last commit holds.
struct Change {
    file: String,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}

/// Goldens and generated documents that differ from the last commit.
fn changes(root: &Path) -> Result<Vec<Change>> {
    let status = output(command(root, "git", &["status", "--porcelain", "-uall"]))?;
    let mut changes = Vec::new();
    for line in status.lines() {
        let Some(file) = line.get(3..).map(|name| name.trim_matches('"')) else { continue };
        if !is_expected_output(file) {
            continue;
        }
        let mut show = command(root, "git", &["show", &format!("HEAD:{file}")]);
        let shown = show.output()?;
        changes.push(Change {
            file: file.to_owned(),
            before: shown.status.success().then_some(shown.stdout),
            after: std::fs::read(root.join(file)).ok(),
        });
    }
    Ok(changes)
}

fn is_expected_output(file: &str) -> bool {
    ["goldens/", "golden/", "snapshots/", "examples/"].iter().any(|folder| file.contains(folder))
        || file.starts_with("docs/")
}

fn render(changes: &[Change]) -> String {
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>isobar: before and after</title><style>\
         body{font:15px/1.5 system-ui,sans-serif;margin:2rem;background:#f6f7f9;color:#1b2330}\
         section{background:#fff;border:1px solid #dde2ea;border-radius:8px;padding:1rem;margin:0 0 1.5rem}\
         h2{font-size:1rem;margin:0 0 .75rem;font-family:ui-monospace,monospace}\
         .pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem}figure{margin:0;min-width:0}\
         figcaption{color:#66738a}img{max-width:100%;border:1px solid #eef0f4}\
         pre{overflow:auto;max-height:32rem;font-size:12px;background:#fafbfc;padding:.5rem}</style>",
    );
    if changes.is_empty() {
        page.push_str("<p>Nothing differs from the last commit.</p>");
    }
    for change in changes {
        let _ = write!(page, "<section><h2>{}</h2><div class=pair>", escape(&change.file));
        for (title, bytes) in [("before", &change.before), ("after", &change.after)] {
            let _ = write!(page, "<figure><figcaption>{title}</figcaption>");
            page.push_str(&bytes.as_deref().map_or("<p>no such file</p>".into(), |b| side(&change.file, b)));
            page.push_str("</figure>");
        }
        page.push_str("</div></section>");
    }
    page
}

/// A picture as a picture, everything else as text.
fn side(file: &str, bytes: &[u8]) -> String {
    let extension = file.rsplit('.').next().unwrap_or_default();
    let kind = match extension {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        _ => return text(bytes),
    };
    let data = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!("<img alt=\"\" src=\"data:{kind};base64,{data}\">")
}

fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let cut: String = text.chars().take(20_000).collect();
            let more = if cut.len() < text.len() { "\n… cut here" } else { "" };
            format!("<pre>{}{more}</pre>", escape(&cut))
        }
        Err(_) => format!("<p>{} bytes</p>", bytes.len()),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_both_sides_and_runs_nothing() {
        let change = |file: &str, before: Option<&str>, after: &str| Change {
            file: file.into(),
            before: before.map(|text| text.as_bytes().to_vec()),
            after: Some(after.as_bytes().to_vec()),
        };
        let page = render(&[
            change("tests/goldens/a.json", None, "<script>"),
            change("tests/goldens/b.svg", Some("<svg/>"), "<svg></svg>"),
        ]);
        assert!(page.contains("no such file") && page.contains("&lt;script&gt;"));
        assert!(!page.contains("<script>"));
        assert_eq!(page.matches("data:image/svg+xml;base64,").count(), 2);
    }
}
