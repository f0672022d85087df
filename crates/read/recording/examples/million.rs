//! How long a recording of very many calls takes, and how much memory it needs:
//!
//!     cargo run --release -p isobar-recording --example million -- write 1000000 /tmp/million.isobar
//!     cargo run --release -p isobar-recording --example million -- read /tmp/million.isobar
//!
//! Every tenth call was denied; the others have an answer of their own, with a name and a policy.

use std::time::Instant;

use isobar_model::{Partition, Region, Timestamp};
use isobar_recording::{Builder, Call, Outcome, Recording};
use serde_json::json;
use uuid::Uuid;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut clock = Clock(Instant::now());
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", calls, file] => {
            let calls = calls.parse().expect("a number");
            let recording = built(calls);
            clock.tell("built");
            let bytes = recording.to_bundle();
            clock.tell(&format!("{} MB written", bytes.len() / 1_000_000));
            std::fs::write(file, bytes).expect("the file is written");
        }
        ["read", file] => {
            let bytes = std::fs::read(file).expect("a bundle");
            let recording = Recording::from_bundle(&bytes).expect("it opens");
            clock.tell(&format!("{} calls read", recording.manifest().entries.len()));
            let found = recording.responses("s3", "GetBucketPolicy", &Region::global()).count();
            clock.tell(&format!("{found} answers of one operation found"));
        }
        _ => panic!("write CALLS FILE, or read FILE"),
    }
}

fn built(calls: u64) -> Recording {
    let at = Timestamp::from_millis(0).expect("1970 is a time");
    let recording = Recording::new(Uuid::nil(), Partition::Aws, at);
    let mut builder = Builder::resume(recording);
    for number in 0..calls {
        // Not in the order of the keys, as calls that run side by side end.
        let name = format!("bucket-{:08x}", number.wrapping_mul(2_654_435_761) & 0xffff_ffff);
        let call = Call::new("s3", "GetBucketPolicy", Region::global()).with("Bucket", name.as_str());
        if number % 10 == 0 {
            let message = "User is not authorized to perform s3:GetBucketPolicy".to_owned();
            builder.outcome(call, Outcome::Denied { code: "AccessDenied".to_owned(), message }, at);
        } else {
            let resource = format!("arn:aws:s3:::{name}/*");
            let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource});
            builder.response(call, json!({"Policy": {"Statement": [statement]}}), at);
        }
    }
    builder.finish(Some(at))
}

/// Tells processor time and the most memory so far.
struct Clock(Instant);

impl Clock {
    fn tell(&mut self, what: &str) {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
        println!("{what}: {:.2} s, at most {} so far", self.0.elapsed().as_secs_f64(), peak.trim());
        self.0 = Instant::now();
    }
}
