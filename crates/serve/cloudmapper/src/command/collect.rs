//! `collect`: read an account and keep the answers as CloudMapper's files.
//!
//! In: the config file's account and a [`Reach`], the way to AWS. Out: `account-data/NAME/`, whole
//! after every single answer: a run that was cut off is gone on with by the next, as is a folder
//! that CloudMapper wrote. Only reading calls are made. Where credentials come from is left to
//! the caller.

use std::collections::BTreeSet;
use std::fs;
use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use clap::Args;
use isobar_aws::{Client, Identity, Settings};
use isobar_catalog::Catalog;
use isobar_collect::{Checkpoint, Event, Purpose, Request};
use isobar_model::{Region, Timestamp};
use isobar_recording::tree::{Writer, request_name};
use isobar_recording::{Call, Entry, Outcome};
use serde_json::{Map, Value};

use crate::context::one_line;
use crate::{AccountEntry, Context, Error};

/// Collect what an account answers.
#[derive(Debug, Args)]
pub struct Collect {
    /// The config file
    #[arg(long, default_value = "config.json")]
    config: String,
    /// The account's name, several with commas, or `all`; the config file's default one where none is
    /// given. Of several each needs a profile of ~/.aws/config that bears its name
    #[arg(long, visible_alias = "accounts")]
    account: Option<String>,
    /// A profile of ~/.aws/config, for one account
    #[arg(long)]
    profile: Option<String>,
    /// Remove what was collected of the account before
    #[arg(long)]
    clean: bool,
    /// How often a call is tried
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=20))]
    max_attempts: u32,
    /// Only these regions, comma separated; the home region is always among them
    #[arg(long, default_value = "")]
    regions: String,
}

/// The way to AWS, which whoever runs the command lays.
#[derive(Clone)]
pub struct Reach {
    /// How AWS is reached.
    pub settings: Settings,
    /// Whether a profile may start a process for credentials: on the operator's own command line.
    pub process_allowed: bool,
    /// The partition's home region, where global services are asked.
    pub home: Region,
    /// Is told how far it is.
    pub progress: Option<Listener>,
}

/// Somebody who is told how far a collect is.
pub type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// What the callback of a running scan keeps.
struct Kept {
    writer: Writer,
    /// Calls that were made, with where their answers stand.
    made: Vec<(Call, String, Outcome)>,
    trouble: Option<isobar_recording::Error>,
}

impl Collect {
    /// Collects, and tells what came of it. Exit code 255 when calls failed.
    pub(crate) async fn collect(&self, context: &mut Context, reach: &Reach) -> Result<(), Error> {
        let accounts = context.config(&self.config)?.some(self.account.as_deref())?;
        if let [account] = &accounts[..] {
            return self.one(account, self.profile.as_deref(), context, reach).await;
        }
        if self.profile.is_some() {
            let words = "--profile is for one account; of several each uses the profile of its name";
            return Err(Error::Explicit(words.to_owned()));
        }
        // Side by side, a few at a time: each asks AWS as much as AWS likes to be asked.
        for some in accounts.chunks(SIDE_BY_SIDE) {
            let runs = some.iter().map(|account| {
                let mut own = context.fresh();
                Box::pin(async move {
                    let ended = self.one(account, Some(&account.name), &mut own, reach).await;
                    (own.output, ended)
                })
            });
            for (account, (output, ended)) in some.iter().zip(all_of(runs.collect()).await) {
                context.output.join(output);
                if let Err(error) = ended {
                    // The others are worth having all the same.
                    let words = crate::answers::printable(&error.to_string());
                    context.output.note(format!("ERROR: {}: {words}", account.name));
                    context.output.code = error.code();
                }
            }
        }
        Ok(())
    }

    async fn one(
        &self,
        account: &AccountEntry,
        profile: Option<&str>,
        context: &mut Context,
        reach: &Reach,
    ) -> Result<(), Error> {
        let folder = context.place.account(&account.name)?;
        let client = self.connect(reach, account, profile).await?;
        if self.clean {
            clean(&folder)?;
        }
        let data = |source| Error::Data { name: account.name.clone(), source };
        let (mut writer, earlier) = Writer::open(&folder).map_err(data)?;
        let regions = self.regions(&client, &reach.home, context).await?;
        let already: BTreeSet<String> = earlier.iter().flat_map(answered).collect();
        let checkpoint = Arc::new(Checkpoint::new(earlier, context.now));
        writer.begin(&checkpoint.recording(), reach.home.partition(), &regions).map_err(data)?;
        let kept = Arc::new(Mutex::new(Kept { writer, made: Vec::new(), trouble: None }));
        let request = Request {
            account_name: Some(account.name.clone()),
            regions,
            purpose: Purpose::Everything,
            progress: Some(listener(&kept, &checkpoint, reach)),
            ..Request::default()
        };
        let run = isobar_collect::run_into(&client, Catalog::embedded(), request, &checkpoint);
        let mut run = pin!(run);
        let ended = poll_fn(|waker| match context.going_on().is_err() || lock(&kept).trouble.is_some() {
            true => Poll::Ready(false),
            false => run.as_mut().poll(waker).map(|()| true),
        })
        .await;
        let mut kept = lock(&kept);
        if let Some(source) = kept.trouble.take() {
            return Err(data(source));
        }
        if !ended {
            return context.going_on();
        }
        kept.writer.finish(&checkpoint.recording()).map_err(data)?;
        tell(context, account, &mut kept.made, &already);
        Ok(())
    }

    /// Credentials that work, and are those of the account meant.
    async fn connect(
        &self,
        reach: &Reach,
        account: &AccountEntry,
        profile: Option<&str>,
    ) -> Result<Client, Error> {
        let settings = Settings { max_attempts: self.max_attempts, ..reach.settings.clone() };
        let identity =
            Identity::Ambient { profile: profile.map(str::to_owned), process_allowed: reach.process_allowed };
        let client = Client::connect(&settings, identity, &reach.home)
            .await
            .map_err(|error| Error::Explicit(error.to_string()))?;
        let caller = client.caller().await.map_err(|error| {
            Error::Explicit(format!("the AWS credentials do not work (sts:GetCallerIdentity: {error})"))
        })?;
        let is_id = account.id.len() == 12 && account.id.bytes().all(|b| b.is_ascii_digit());
        if is_id && account.id != caller.account.as_str() {
            return Err(Error::Explicit(format!(
                "the config file says that `{}` is account {}, but these credentials are of {}; \
                 mend the id or choose another --profile",
                account.name, account.id, caller.account
            )));
        }
        Ok(client)
    }

    /// The regions to ask, the global one among them.
    async fn regions(
        &self,
        client: &Client,
        home: &Region,
        context: &mut Context,
    ) -> Result<Vec<Region>, Error> {
        let answer = client
            .call("ec2", "DescribeRegions", home, &Map::new())
            .await
            .map_err(|error| Error::Explicit(format!("the regions cannot be listed: {error}")))?;
        let names = answer["Regions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let enabled = names.iter().filter_map(|region| Region::parse(region["RegionName"].as_str()?).ok());
        let wanted: Vec<&str> = self.regions.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
        let chosen = |region: &Region| wanted.is_empty() || wanted.contains(&region.as_str());
        let mut regions: BTreeSet<Region> = enabled.filter(chosen).collect();
        for name in wanted.iter().filter(|name| !regions.iter().any(|region| region.as_str() == **name)) {
            context.output.note(format!("WARNING: {} is no enabled region; left out", name.escape_debug()));
        }
        regions.extend([home.clone(), Region::global()]);
        Ok(regions.into_iter().collect())
    }
}

/// Accounts that are collected at a time.
const SIDE_BY_SIDE: usize = 4;

/// What all futures come to, in their order; they run side by side on this task.
async fn all_of<F: Future>(mut runs: Vec<std::pin::Pin<Box<F>>>) -> Vec<F::Output> {
    let mut done: Vec<Option<F::Output>> = runs.iter().map(|_| None).collect();
    poll_fn(|waker| {
        for (run, slot) in runs.iter_mut().zip(&mut done).filter(|(_, slot)| slot.is_none()) {
            if let Poll::Ready(ended) = run.as_mut().poll(waker) {
                *slot = Some(ended);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// Writes each answer as it comes.
fn listener(
    kept: &Arc<Mutex<Kept>>,
    checkpoint: &Arc<Checkpoint>,
    reach: &Reach,
) -> Arc<dyn Fn(Event) + Send + Sync> {
    let (kept, checkpoint, progress) = (kept.clone(), checkpoint.clone(), reach.progress.clone());
    Arc::new(move |event| {
        if let Some(progress) = &progress {
            progress(&event);
        }
        let Event::Done { call, outcome, .. } = event else { return };
        let answer = match &outcome {
            Outcome::Response { hash } => checkpoint.answer(hash),
            _ => None,
        };
        let mut kept = lock(&kept);
        if kept.trouble.is_some() {
            return;
        }
        let path = kept.writer.path(&call);
        let entry = Entry { call, outcome, at: Timestamp::now() };
        if let Err(error) = kept.writer.note(&entry, answer.as_deref()) {
            kept.trouble = Some(error);
        }
        kept.made.push((entry.call, path, entry.outcome));
    })
}

fn lock(kept: &Mutex<Kept>) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keys of the calls whose answers are there.
fn answered(recording: &isobar_recording::Recording) -> impl Iterator<Item = String> + '_ {
    let entries = recording.manifest().entries.iter();
    entries.filter(|e| matches!(e.outcome, Outcome::Response { .. })).map(|e| e.call.key())
}

/// Removes the account's folder, and nothing that a link in it leads to.
fn clean(folder: &Path) -> Result<(), Error> {
    let wrong = |source| Error::File { path: folder.to_owned(), source };
    match fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(folder).map_err(wrong),
        Ok(_) => Err(Error::Explicit(format!("{} is no folder; --clean leaves it alone", folder.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(wrong(error)),
    }
}

/// What happened, in CloudMapper's words and in an order that does not depend on the network.
fn tell(
    context: &mut Context,
    account: &AccountEntry,
    made: &mut [(Call, String, Outcome)],
    already: &BTreeSet<String>,
) {
    made.sort_by(|(a, path_a, _), (b, path_b, _)| {
        (&a.service, &a.operation, path_a).cmp(&(&b.service, &b.operation, path_b))
    });
    let name = |call: &Call| (call.service.clone(), request_name(&call.operation));
    let mut before = None;
    let (mut count, mut failures) = (0, Vec::new());
    for (call, path, outcome) in made.iter() {
        let (service, request) = name(call);
        if before.replace((service.clone(), request.clone())) != Some((service.clone(), request.clone())) {
            context.output.line(format!("* Getting {service}:{request} info"));
        }
        if let Outcome::Skipped { reason } = outcome {
            context.output.line(format!("  Skipping region {}: {reason}", call.region));
            continue;
        }
        count += 1;
        context.output.line(format!("  Making call for account-data/{}/{path}", account.name));
        if let Some(reason) = failure(call, outcome) {
            let parameters = one_line(&Value::Object(call.parameters.clone()));
            failures.push(format!("  {service}.{request}({parameters}) in {}: {reason}", call.region));
        }
    }
    if !already.is_empty() {
        context.output.line(format!("* {} responses were already collected", already.len()));
    }
    context.output.line("-".repeat(68));
    context.output.line(format!("Summary: {count} APIs called. {} errors", failures.len()));
    if !failures.is_empty() {
        context.output.line("Failures:");
        failures.iter().for_each(|failure| context.output.line(failure));
        context.output.code = 255;
    }
}

/// Why a call counts as an error. That an organization or a key is not for everybody to look at is
/// to be expected, as CloudMapper has it.
fn failure(call: &Call, outcome: &Outcome) -> Option<String> {
    let (code, message) = match outcome {
        Outcome::Denied { .. } if matches!(call.service.as_str(), "organizations" | "kms") => return None,
        Outcome::Denied { code, message } | Outcome::Failed { code, message } => (code, message),
        _ => return None,
    };
    Some(crate::answers::printable(&format!("{code}: {message}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Workplace;

    #[test]
    fn tells_what_happened_in_cloudmappers_words() {
        let call = |region: &str, service: &str, operation: &str| {
            Call::new(service, operation, Region::parse(region).unwrap())
        };
        let response = Outcome::Response { hash: isobar_recording::Hash("0".into()) };
        let denied = |m: &str| Outcome::Denied { code: "AccessDenied".into(), message: m.into() };
        let skipped = Outcome::Skipped { reason: "glue is not available in eu-x-1".into() };
        let mut made = vec![
            (
                call("us-east-1", "sqs", "ListQueues"),
                "us-east-1/sqs-list-queues.json".into(),
                denied("no\u{1b}[2J"),
            ),
            (call("us-east-1", "kms", "GetKeyPolicy").with("KeyId", "k"), "us-east-1/k".into(), denied("no")),
            (call("eu-west-1", "sqs", "ListQueues"), "eu-west-1/sqs-list-queues.json".into(), response),
            (call("eu-west-1", "glue", "GetJobs"), "eu-west-1/glue-get-jobs.json".into(), skipped),
        ];
        let mut context = Context::new(Workplace::open("/nowhere"), Timestamp::from_millis(0).unwrap());
        let account = AccountEntry { id: "1".into(), name: "demo".into(), default: true, tags: Vec::new() };
        tell(&mut context, &account, &mut made, &BTreeSet::new());
        let expected = "\
* Getting glue:get-jobs info
  Skipping region eu-west-1: glue is not available in eu-x-1
* Getting kms:get-key-policy info
  Making call for account-data/demo/us-east-1/k
* Getting sqs:list-queues info
  Making call for account-data/demo/eu-west-1/sqs-list-queues.json
  Making call for account-data/demo/us-east-1/sqs-list-queues.json
--------------------------------------------------------------------
Summary: 3 APIs called. 1 errors
Failures:
  sqs.list-queues({}) in us-east-1: AccessDenied: no\u{fffd}[2J
";
        assert_eq!(context.output.stdout, expected);
        assert_eq!(context.output.code, 255);
    }
}
