//! Expected outputs kept in git, compared byte by byte.

use std::path::PathBuf;

use crate::workspace_root;

/// Where a golden lies: `tests/goldens/<name>`.
pub fn golden_path(name: &str) -> PathBuf {
    workspace_root().join("tests/goldens").join(name)
}

/// Whether this run rewrites goldens instead of comparing (`ISOBAR_BLESS=1`, set by
/// `cargo xtask bless`).
pub fn blessing() -> bool {
    std::env::var_os("ISOBAR_BLESS").is_some_and(|value| value == "1")
}

/// Compares with the golden of that name; text differences are shown from their first line on.
#[track_caller]
pub fn check_golden(name: &str, got: &[u8]) {
    let path = golden_path(name);
    if blessing() {
        std::fs::create_dir_all(path.parent().expect("goldens have a folder")).expect("folder is made");
        std::fs::write(&path, got).expect("golden is written");
        return;
    }
    let how = "look at the difference, then `cargo xtask bless`";
    let Ok(want) = std::fs::read(&path) else { panic!("no golden {}: {how}", path.display()) };
    if want == got {
        return;
    }
    let fresh = workspace_root().join("target/goldens").join(name);
    std::fs::create_dir_all(fresh.parent().expect("a folder")).expect("folder is made");
    std::fs::write(&fresh, got).expect("the new output is kept for comparison");
    let (want, got) = (String::from_utf8_lossy(&want), String::from_utf8_lossy(got));
    let first = want.lines().zip(got.lines()).position(|(a, b)| a != b).unwrap_or(0);
    let cut = |text: &str| -> String {
        text.lines().skip(first).take(3).map(|l| l.chars().take(300).collect::<String>() + "\n").collect()
    };
    panic!(
        "{} differs from line {}; new output in {}; {how}\n--- golden\n{}--- got\n{}",
        path.display(),
        first + 1,
        fresh.display(),
        cut(&want),
        cut(&got)
    );
}
