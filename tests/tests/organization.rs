//! `configure discover-organization-accounts` against moto: members become accounts of the config
//! file, once.

use std::path::Path;
use std::process::Output;

use isobar_tests::{Moto, isobar_at, run_python, scratch};
use serde_json::Value;

fn discover(moto: &Moto, folder: &Path, more: &[&str]) -> Output {
    let words = [&["cloudmapper", "configure", "discover-organization-accounts"], more].concat();
    isobar_at(&moto.url(), folder, &words).output().expect("isobar starts")
}

#[test]
fn an_organizations_members_become_accounts() {
    let moto = Moto::start();
    let folder = scratch("organization");
    let none = discover(&moto, &folder, &[]);
    let words = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(1), "{words}");
    // AWS answers AWSOrganizationsNotInUseException here, moto an empty list.
    assert!(words.contains("organization"), "{words}");
    assert!(!folder.join("config.json").exists(), "nothing was found, nothing is written");

    run_python("organization.py", &[&moto.url()], &[]).ok();
    let own = r#"{"accounts": [{"id": "123456789012", "name": "mine", "default": true}], "cidrs": {}}"#;
    std::fs::write(folder.join("mine.json"), own).expect("a file");
    let mut files = Vec::new();
    for _ in 0..2 {
        let ran = discover(&moto, &folder, &["--config-f", "mine.json"]);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        files.push(std::fs::read_to_string(folder.join("mine.json")).expect("the file"));
    }
    assert_eq!(files[0], files[1], "a second look adds nothing");
    let config: Value = serde_json::from_str(&files[0]).expect("JSON");
    let accounts = config["accounts"].as_array().expect("a list");
    assert_eq!(accounts.len(), 25, "{config}");
    let mut names: Vec<&str> = accounts.iter().filter_map(|a| a["name"].as_str()).collect();
    names.sort_unstable();
    // The management account was known by its id, under the user's own name.
    assert_eq!((names[0], names[1], names[2]), ("mine", "old-one", "team-00-prod"));
    assert!(accounts.iter().all(|a| a["id"].as_str().is_some_and(|id| id.len() == 12)), "{config}");
}
