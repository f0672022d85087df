//! Where credentials come from, each way against moto: containers, web identity, a profile with its own
//! endpoint, and a role that a profile assumes. Instance metadata is left out: moto's answers without the
//! token's lifetime, which AWS's clients insist on.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use isobar_tests::Moto;

use crate::cli::{isobar, scratch};

/// Scans one cheap service with nothing but these variables.
fn scan(folder: &Path, variables: &[(&str, &str)], words: &[&str]) -> Output {
    let mut command = Command::new(isobar());
    command
        .args(["scan", "--region", "us-east-1", "--service", "sqs", "-o", "x.isobar"])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    command.output().expect("isobar starts")
}

#[track_caller]
fn works(folder: &Path, variables: &[(&str, &str)], words: &[&str]) {
    let ran = scan(folder, variables, words);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{variables:?} {words:?}\n{said}");
    assert!(folder.join("x.isobar").exists(), "{said}");
    std::fs::remove_file(folder.join("x.isobar")).expect("removed");
}

#[test]
fn each_source_is_found() {
    let (home, moto) = (scratch("credentials"), Moto::start());
    let url = moto.url();
    let at = |path: &str| format!("{url}{path}");
    let endpoint = ("AWS_ENDPOINT_URL", url.as_str());
    // A container: its agent gives the keys.
    let agent = at("/latest/meta-data/iam/security-credentials/default-role");
    let off = ("AWS_EC2_METADATA_DISABLED", "true");
    works(&home, &[endpoint, off, ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent)], &[]);
    // A pod: a token in a file is exchanged for keys.
    let token = home.join("token");
    std::fs::write(&token, "a.web.token").expect("written");
    let token = token.to_str().expect("UTF-8");
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
    works(&home, &[endpoint, off, role, ("AWS_WEB_IDENTITY_TOKEN_FILE", token)], &[]);
    // Nothing at all: an error that says so, soon, and what to do.
    let ran = scan(&home, &[endpoint, off], &[]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success() && said.contains("credentials"), "{said}");
}

#[test]
fn a_profile_brings_keys_role_and_endpoint() {
    let (home, moto) = (scratch("profile"), Moto::start());
    let url = moto.url();
    std::fs::create_dir_all(home.join(".aws")).expect("made");
    let config = format!(
        "[profile lab]\nendpoint_url = {url}\naws_access_key_id = AKIAEXAMPLE\n\
         aws_secret_access_key = secret\nregion = us-east-1\n\
         [profile reader]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = lab\n\
         services = lab\n\
         [services lab]\nsts =\n  endpoint_url = {url}\nsqs =\n  endpoint_url = {url}\n"
    );
    std::fs::write(home.join(".aws/config"), config).expect("written");
    let off = ("AWS_EC2_METADATA_DISABLED", "true");
    works(&home, &[off], &["--profile", "lab"]);
    works(&home, &[off, ("AWS_PROFILE", "lab")], &[]);
    works(&home, &[off], &["--profile", "reader"]);
    let ran = scan(&home, &[off], &["--profile", "lub"]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success() && said.contains("lub"), "{said}");
}
