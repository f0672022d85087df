//! Faces for scripts the program has none for, read from a folder.
//!
//! In: `--font-dir`. Out: the embedded faces and the folder's after them, in the order of their file
//! names, so that the same folder draws the same bytes. Which face sets which text is the drawing's
//! business.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use isobar_app::Fonts;

/// Larger files are no fonts, or hold more than a drawing needs.
const LARGEST: u64 = 64 << 20;

/// The embedded faces, and those of a folder where one is named.
pub(crate) fn load(folder: Option<&Path>) -> Result<Arc<Fonts>> {
    let embedded = Fonts::embedded();
    let Some(folder) = folder else { return Ok(embedded) };
    let mut fonts = Fonts::clone(&embedded);
    let files =
        font_files(folder).with_context(|| format!("reading the font folder {}", folder.display()))?;
    if files.is_empty() {
        bail!("{} holds no .ttf, .otf or .ttc file; see --font-dir", folder.display());
    }
    for file in files {
        let reading = || format!("reading the font {}", file.display());
        if std::fs::metadata(&file).with_context(reading)?.len() > LARGEST {
            bail!("{} is larger than {} MB; see --font-dir", file.display(), LARGEST >> 20);
        }
        let bytes = std::fs::read(&file).with_context(reading)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        fonts = fonts.with(name, bytes).with_context(reading)?;
    }
    Ok(Arc::new(fonts))
}

fn font_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a folder of these files loads as.
    fn loaded(test: &str, files: &[(&str, &[u8])]) -> Result<Arc<Fonts>> {
        let folder = std::env::temp_dir().join(format!("isobar-fonts-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, bytes) in files {
            std::fs::write(folder.join(name), bytes).expect("writable");
        }
        let fonts = load(Some(&folder));
        std::fs::remove_dir_all(&folder).expect("removable");
        fonts
    }

    fn check_refused(test: &str, files: &[(&str, &[u8])], words: &str) {
        let error = format!("{:#}", loaded(test, files).expect_err("refused"));
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn folders_without_fonts_say_so() {
        check_refused("none", &[("read.me", b"")], "holds no .ttf");
        check_refused("bad", &[("bad.ttf", b"no font")], "bad.ttf");
        assert!(load(Some(Path::new("/nowhere"))).is_err());
    }

    #[test]
    fn faces_come_after_the_embedded_ones_by_name() {
        let face = Fonts::embedded().faces()[0].bytes.to_vec();
        let fonts = loaded("two", &[("b.TTF", &face), ("a.ttf", &face)]).expect("two faces");
        let names: Vec<&str> = fonts.faces().iter().skip(6).map(|face| face.name.as_str()).collect();
        assert_eq!(names, ["a.ttf", "b.TTF"]);
        assert!(load(None).expect("embedded").is_embedded());
    }
}
