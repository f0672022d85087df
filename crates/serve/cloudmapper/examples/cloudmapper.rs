//! CloudMapper's command line by itself, for trying: `cargo run --example cloudmapper -- find_admins --accounts demo`.

use std::process::ExitCode;

use isobar_cloudmapper::{Context, Workplace, parse, run};

fn main() -> ExitCode {
    let place = Workplace::open(".");
    let output = match parse(std::env::args_os().skip(1)) {
        Ok(command) => run(&command, Context::new(place, isobar_model::Timestamp::now())),
        Err(output) => output,
    };
    print!("{}", output.stdout);
    eprint!("{}", output.stderr);
    ExitCode::from(u8::try_from(output.code).unwrap_or(1))
}
