//! The contact sheet: the demo in both projections and both themes, side by side, to be looked at.
//!
//! In: the demo's recording. Out: `target/contact-sheet.html` with its pictures beside it. Whether
//! they are beautiful is left to eyes.

use std::path::Path;

use anyhow::Result;

use crate::command::{cargo, run};

const RECORDING: &str = "crates/serve/app/demo/demo.isobar";

/// Draws them all.
pub(crate) fn write(root: &Path) -> Result<()> {
    let folder = root.join("target/contact-sheet");
    std::fs::create_dir_all(&folder)?;
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>isobar: contact sheet</title>\
         <style>body{font:15px system-ui;background:#888}img{width:100%}figure{margin:1rem 0}</style>",
    );
    for projection in ["isometric", "2d"] {
        for theme in ["light", "dark"] {
            let name = format!("{projection}-{theme}.png");
            let out = folder.join(&name);
            let mut draw = cargo(root, &["run", "--quiet", "--locked", "-p", "isobar-cli", "--", "snapshot"]);
            draw.args(["--from-recording", RECORDING, "--projection", projection, "--theme", theme]);
            draw.args(["--width", "2400", "--height", "1500", "-o"]).arg(&out);
            run(draw)?;
            page.push_str(&format!(
                "<figure><img src=\"contact-sheet/{name}\"><figcaption>{name}</figcaption></figure>"
            ));
        }
    }
    let sheet = root.join("target/contact-sheet.html");
    std::fs::write(&sheet, page)?;
    println!("look at {}", sheet.display());
    Ok(())
}
