//! `collect` for a linked account: a scan of its regions, told in CloudMapper's words.
//!
//! In: the arguments of `collect`. Out: its output. What CloudMapper wrote to files is kept as a
//! recording, which all other commands then answer from.

use isobar_app::{App, Scope, regions};
use isobar_cloudmapper::Output;
use isobar_model::{AccountId, Region};
use isobar_recording::Recording;

/// What `collect` was asked, of what makes sense for a linked account.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Collect {
    pub(super) account: Option<String>,
    pub(super) regions: Vec<String>,
}

/// The options of `collect`: name, and whether a value follows.
const OPTIONS: [(&str, bool); 6] = [
    ("account", true),
    ("clean", false),
    ("config", true),
    ("max-attempts", true),
    ("profile", true),
    ("regions", true),
];

/// Reads the arguments after the word `collect`; options may be shortened.
pub(super) fn read(argv: &[String]) -> Result<Collect, String> {
    let mut collect = Collect::default();
    let mut words = argv.iter();
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix("--") else {
            return Err(format!("unrecognized argument: {}", word.escape_debug()));
        };
        let (name, bound) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        let name = if name.is_empty() { "?" } else { name };
        let matching: Vec<_> = OPTIONS.iter().filter(|(known, _)| known.starts_with(name)).collect();
        let (name, takes) = match matching.as_slice() {
            [one] => **one,
            _ => return Err(format!("unrecognized or ambiguous argument: --{}", name.escape_debug())),
        };
        let value = match (takes, bound) {
            (true, Some(value)) => value,
            (true, None) => {
                words.next().cloned().ok_or(format!("argument --{name}: expected one argument"))?
            }
            (false, None) => continue,
            (false, Some(_)) => return Err(format!("argument --{name}: takes no value")),
        };
        match name {
            "profile" => {
                return Err(
                    "argument --profile is not allowed here: a linked account has its role".to_owned()
                );
            }
            "account" => collect.account = Some(value),
            "regions" => {
                collect
                    .regions
                    .extend(value.split(',').map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned));
            }
            _ => {}
        }
    }
    Ok(collect)
}

/// Scans, and tells what came of it. Exit code 255 when calls failed, as CloudMapper's.
pub(super) async fn run(app: &App, scope: &Scope, id: AccountId, asked: &[String]) -> Output {
    let mut output = Output::default();
    let (app_extra, mut wanted) = (&app.config().extra_regions, Vec::new());
    for name in asked {
        match regions::parse(name, app_extra) {
            Ok(region) => wanted.push(region),
            Err(error) => {
                output.note(format!("ERROR: {error}"));
                output.code = 1;
                return output;
            }
        }
    }
    match scan(app, scope, id, wanted).await {
        Ok(recordings) => {
            let entries = || recordings.iter().flat_map(|r| &r.manifest().entries);
            for entry in entries().filter(|entry| entry.outcome.is_gap()) {
                let call = &entry.call;
                output.note(format!(
                    "  {} {} in {}: {:?}",
                    call.service, call.operation, call.region, entry.outcome
                ));
            }
            let gaps = entries().filter(|entry| entry.outcome.is_gap()).count();
            output.line("--------------------------------------------------------------------");
            output.line(format!("Summary: {} APIs called. {gaps} errors", entries().count()));
            output.code = if gaps == 0 { 0 } else { 255 };
        }
        Err(error) => {
            output.note(format!("ERROR: {error}"));
            output.code = 1;
        }
    }
    output
}

/// The regions named, or all that the account has enabled: its own region's scan tells them.
async fn scan(
    app: &App,
    scope: &Scope,
    id: AccountId,
    wanted: Vec<Region>,
) -> Result<Vec<std::sync::Arc<Recording>>, isobar_app::Error> {
    if !wanted.is_empty() {
        return app.scan(scope, id, &wanted).await;
    }
    let home = app.account(scope, id).await?.region;
    let mut recordings = app.scan(scope, id, std::slice::from_ref(&home)).await?;
    let mut rest: Vec<Region> = recordings.iter().flat_map(|r| enabled(r)).collect();
    rest.sort();
    rest.dedup();
    rest.retain(|region| region.partition() == home.partition());
    rest.retain(|region| !recordings.iter().any(|r| r.manifest().regions.contains(region)));
    if !rest.is_empty() {
        for recording in app.scan(scope, id, &rest).await? {
            if !recordings.iter().any(|known| known.manifest().scan == recording.manifest().scan) {
                recordings.push(recording);
            }
        }
    }
    Ok(recordings)
}

/// The regions that an answer of DescribeRegions calls usable.
fn enabled(recording: &Recording) -> Vec<Region> {
    let mut found = Vec::new();
    for region in &recording.manifest().regions {
        for (_, answer) in recording.responses("ec2", "DescribeRegions", region) {
            for entry in answer["Regions"].as_array().into_iter().flatten() {
                let usable = entry["OptInStatus"] != "not-opted-in";
                let name = entry["RegionName"].as_str().and_then(|name| Region::parse(name).ok());
                found.extend(name.filter(|_| usable));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, &[&str]), &str>) {
        let argv: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        match (read(&argv), expected) {
            (Ok(found), Ok((account, regions))) => {
                assert_eq!(
                    (found.account.as_deref().unwrap_or(""), found.regions),
                    (account, regions.iter().map(|r| (*r).to_owned()).collect())
                );
            }
            (Err(error), Err(words)) => assert!(error.contains(words), "{error}"),
            (found, expected) => panic!("{text}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn reads_what_collect_takes() {
        check("--account=prod --config=config.json", Ok(("prod", &[])));
        check(
            "--acc prod --clean --reg us-east-1,eu-west-1 --max 3",
            Ok(("prod", &["us-east-1", "eu-west-1"])),
        );
        check("--account=a --profile=root", Err("--profile is not allowed"));
        check("--c x", Err("ambiguous"));
        check("--=x", Err("unrecognized"));
        check("prod", Err("unrecognized"));
        check("--regions", Err("expected one argument"));
        check("--clean=yes", Err("takes no value"));
    }
}
