//! What is committed although it was generated elsewhere is what its generator makes today.

use std::process::Command;

use isobar_tests::{python, workspace_root};

/// The AWS models are those of the botocore that is pinned, which the tests' Python has.
#[test]
fn the_models_are_those_of_the_pinned_botocore() {
    let root = workspace_root();
    let pin = |file: &str| {
        let text = std::fs::read_to_string(root.join(file)).expect("the file is there");
        let line = text.lines().find(|line| line.starts_with("botocore==")).map(str::to_owned);
        line.expect("botocore is pinned")
    };
    assert_eq!(pin("tests/requirements.txt"), pin("xtask/models/requirements.txt"));
    let mut check = Command::new(python());
    check.arg(root.join("xtask/models/extract.py")).arg(root.join("crates/read/aws/models")).arg("--check");
    let ran = check.output().expect("Python starts");
    let said = [ran.stderr, ran.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(ran.status.success(), "`cargo xtask models` writes them anew: {said}");
}
