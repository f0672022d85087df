//! Expected outputs kept in git, compared byte by byte.

use std::path::Path;

/// Whether this run rewrites goldens instead of comparing (`ISOBAR_BLESS=1`, which
/// `cargo xtask bless` sets).
pub fn blessing() -> bool {
    std::env::var_os("ISOBAR_BLESS").is_some_and(|value| value == "1")
}

/// Compares with the golden `folder/name`. Where they differ, the new output is kept beside the
/// build's other files and the first differing lines are shown.
#[track_caller]
pub fn check_golden(folder: &Path, name: &str, got: &[u8]) {
    let path = folder.join(name);
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a workspace");
    let fresh = root.join("target/goldens").join(name);
    std::fs::create_dir_all(fresh.parent().expect("a folder")).expect("folder is made");
    std::fs::write(&fresh, got).expect("the new output is kept for comparison");
    let (want, got) = (String::from_utf8_lossy(&want), String::from_utf8_lossy(got));
    let same = want.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    panic!(
        "{} differs from line {}; the new output is {}; {how}\n--- golden\n{}--- got\n{}",
        path.display(),
        same + 1,
        fresh.display(),
        excerpt(&want, same),
        excerpt(&got, same)
    );
}

fn excerpt(text: &str, from: usize) -> String {
    text.lines().skip(from).take(3).map(|l| l.chars().take(300).collect::<String>() + "\n").collect()
}
