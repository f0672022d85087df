//! Cloudcraft's Python SDK, unmodified, against the built server, which reads a moto estate.

use isobar_tests::{KEY, Moto, Server, run_python};

fn through(host: &str) {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let server = Server::start(&moto.url(), &[]);
    let ran = run_python("sdk.py", &[host, &server.port().to_string(), KEY], &[]);
    assert!(ran.success, "{}\n{}\n--- server\n{}", ran.stdout, ran.stderr, server.log());
}

#[test]
fn links_draws_and_unlinks() {
    through("127.0.0.1");
}

/// The SDK puts `/api` before every path when the host is `localhost`.
#[test]
fn the_same_below_api() {
    through("localhost");
}
