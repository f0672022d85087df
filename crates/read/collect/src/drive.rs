//! Makes the calls: first who and where we are, then every task as soon as it can go.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use isobar_aws::read_only::is_reading;
use isobar_aws::{CallError, CallErrorKind};
use isobar_catalog::{Catalog, Path};
use isobar_model::{Arn, AwsAccountId, Partition, Region, Timestamp};
use isobar_recording::{Builder, Call, Outcome, Recording};
use serde_json::Value;

use crate::plan::{Task, tasks};
use crate::{AT_ONCE, Ask, Checkpoint, Event, PER_SERVICE, Request, outcome};

pub(crate) async fn run(client: &impl Ask, catalog: &Catalog, request: Request, checkpoint: &Checkpoint) {
    let mut regions: Vec<Region> =
        request.regions.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    regions.sort();
    let mut drive = Drive {
        client,
        checkpoint,
        request: &request,
        answered: BTreeSet::new(),
        known: HashMap::new(),
        enabled: None,
        planned: 0,
        done: 0,
    };
    let tasks = tasks(catalog, request.purpose, &request.services, &regions);
    if drive.find_out(&regions).await {
        drive.all(&tasks, &regions).await;
    } else {
        for task in &tasks {
            drive.skip(task.call(), "there are no valid credentials".to_owned());
        }
    }
    checkpoint.with(|builder| {
        let manifest = builder.manifest_mut();
        let known = manifest.regions.iter().cloned().chain(regions).collect::<BTreeSet<_>>();
        manifest.regions = known.into_iter().collect();
        manifest.ended = Some(Timestamp::now());
    });
}

struct Drive<'a, A> {
    client: &'a A,
    checkpoint: &'a Checkpoint,
    request: &'a Request,
    /// Keys of calls that need not be made again.
    answered: BTreeSet<String>,
    /// What each operation brought, for the tasks that wait for it.
    known: HashMap<Operation, Known>,
    /// The regions that are enabled for the account, where AWS told.
    enabled: Option<BTreeSet<String>>,
    planned: usize,
    done: usize,
}

/// A service, one of its operations, a region.
type Operation = (String, String, Region);

#[derive(Default)]
struct Known {
    answers: Vec<(Call, Arc<Value>)>,
    /// Why there may be no answers, to follow the operation's name.
    trouble: Option<&'static str>,
}

fn operation_of(call: &Call) -> Operation {
    (call.service.clone(), call.operation.clone(), call.region.clone())
}

/// One call on its way, and the task that it is of.
struct Job {
    task: usize,
    call: Call,
}

impl<A: Ask> Drive<'_, A> {
    /// Whose account this is, its alias, its regions. False when there is no use in going on.
    async fn find_out(&mut self, regions: &[Region]) -> bool {
        let who = Call::new("sts", "GetCallerIdentity", Region::global());
        let identity = self.client.ask(&who).await;
        let text = |name: &str| identity.as_ref().ok().and_then(|answer| answer[name].as_str());
        let account = text("Account").and_then(|id| AwsAccountId::parse(id).ok());
        let told = text("Arn").and_then(|arn| Partition::parse(Arn::parse(arn).ok()?.partition()).ok());
        let asked = regions.iter().find(|region| !region.is_global()).map(Region::partition);
        let partition = told.or(asked);
        self.checkpoint.with(|builder| {
            let manifest = builder.manifest_mut();
            let another =
                manifest.aws_account.is_some() && account.is_some() && manifest.aws_account != account;
            if another {
                // What was recorded of one account says nothing of another.
                let (scan, started) = (manifest.scan, manifest.started);
                *builder = Builder::resume(Recording::new(scan, Partition::Aws, started));
            }
            let manifest = builder.manifest_mut();
            manifest.aws_account = account.or(manifest.aws_account.take());
            manifest.partition = partition.unwrap_or(manifest.partition);
            manifest.account_name = self.request.account_name.clone().or(manifest.account_name.take());
        });
        let earlier = self.checkpoint.recording();
        for entry in &earlier.manifest().entries {
            self.answered.insert(entry.call.key());
            if let Outcome::Response { hash } = &entry.outcome
                && let Some(answer) = earlier.answers().get(hash)
            {
                let known = self.known.entry(operation_of(&entry.call)).or_default();
                known.answers.push((entry.call.clone(), answer.clone()));
            }
        }
        let hopeless = matches!(&identity, Err(error) if error.kind == CallErrorKind::Credentials);
        self.plan(1);
        self.answered.insert(who.key());
        self.note(who, identity, failed);
        if hopeless {
            return false;
        }
        let aliases = Call::new("iam", "ListAccountAliases", Region::global());
        if let Some(answer) = self.ask_first(aliases).await
            && let Some(alias) = answer["AccountAliases"][0].as_str()
        {
            self.checkpoint.with(|builder| {
                builder.manifest_mut().account_name.get_or_insert_with(|| alias.to_owned());
            });
        }
        if regions.iter().any(|region| !region.is_global()) {
            let home = self.checkpoint.with(|builder| builder.manifest_mut().partition.home_region());
            let list = Call::new("ec2", "DescribeRegions", home);
            self.enabled = self.ask_first(list).await.and_then(|answer| {
                let enabled = answer["Regions"].as_array()?.iter();
                Some(enabled.filter_map(|region| Some(region["RegionName"].as_str()?.to_owned())).collect())
            });
        }
        true
    }

    /// Makes one of the calls before all others, unless it was answered already.
    async fn ask_first(&mut self, call: Call) -> Option<Arc<Value>> {
        if !self.answered.contains(&call.key()) {
            self.plan(1);
            let answer = self.client.ask(&call).await;
            self.answered.insert(call.key());
            self.note(call.clone(), answer, failed);
        }
        self.known.get(&operation_of(&call))?.answers.first().map(|(_, answer)| answer.clone())
    }

    async fn all(&mut self, tasks: &[Task<'_>], regions: &[Region]) {
        let is_enabled = |enabled: &Option<BTreeSet<String>>, region: &Region| {
            region.is_global() || enabled.as_ref().is_none_or(|names| names.contains(region.as_str()))
        };
        let enabled = self.enabled.clone();
        for region in regions.iter().filter(|region| !is_enabled(&enabled, region)) {
            let message = format!("the region {region} is not enabled for this account, or does not exist");
            let call = Call::new("ec2", "DescribeRegions", region.clone());
            self.plan(1);
            self.outcome(call, Outcome::Failed { code: "RegionDisabled".to_owned(), message });
        }
        // How many calls of each task are still to come; tasks that wait are none of these yet.
        let mut open: Vec<usize> = vec![0; tasks.len()];
        let mut finished: Vec<bool> = vec![false; tasks.len()];
        let mut waiting: VecDeque<Job> = VecDeque::new();
        let mut fresh: Vec<usize> = Vec::new();
        for (at, task) in tasks.iter().enumerate() {
            if !is_enabled(&self.enabled, &task.region) {
                self.skip(task.call(), format!("the region {} is not enabled", task.region));
                finished[at] = true;
            } else if task.is_free() {
                fresh.push(at);
            }
        }
        let mut unavailable: BTreeSet<(&str, &Region)> = BTreeSet::new();
        let mut under_way: BTreeMap<(&str, &Region), usize> = BTreeMap::new();
        let mut flights = FuturesUnordered::new();
        let at_once = if self.request.concurrency == 0 { AT_ONCE } else { self.request.concurrency };
        let client = self.client;
        loop {
            // Turn tasks that can go into calls; a task without calls lets those behind it go.
            while let Some(at) = fresh.pop() {
                for call in self.calls_of(&tasks[at]) {
                    open[at] += 1;
                    waiting.push_back(Job { task: at, call });
                }
                if open[at] == 0 {
                    finished[at] = true;
                    fresh.extend(ready(tasks, &finished, at));
                }
            }
            // Send what the limits allow, the oldest first.
            let mut held = VecDeque::new();
            while flights.len() < at_once
                && let Some(job) = waiting.pop_front()
            {
                let task = &tasks[job.task];
                let unit = (task.service, &task.region);
                let reason = if unavailable.contains(&unit) {
                    Some(outcome::unavailable(&job.call))
                } else if !is_reading(task.service, task.operation) {
                    Some("it does not only read, so it is never called".to_owned())
                } else {
                    None
                };
                if let Some(reason) = reason {
                    self.outcome(job.call, Outcome::Skipped { reason });
                    open[job.task] -= 1;
                    if open[job.task] == 0 {
                        finished[job.task] = true;
                        fresh.extend(ready(tasks, &finished, job.task));
                    }
                    continue;
                }
                let count = under_way.entry(unit).or_default();
                if *count >= PER_SERVICE {
                    held.push_back(job);
                    continue;
                }
                *count += 1;
                let until = task.until;
                flights.push(async move {
                    let answer = match until {
                        None => client.ask(&job.call).await,
                        Some(until) => ask_until(client, &job.call, until).await,
                    };
                    (job, answer)
                });
            }
            held.append(&mut waiting);
            waiting = held;
            if !fresh.is_empty() {
                continue;
            }
            let Some((job, answer)) = flights.next().await else { break };
            let task = &tasks[job.task];
            let unit = (task.service, &task.region);
            *under_way.entry(unit).or_default() -= 1;
            let enabled = self.enabled.is_some() || task.region.is_global();
            if let Err(error) = &answer
                && outcome::is_unavailable(error, enabled)
            {
                unavailable.insert(unit);
            }
            let call = job.call.clone();
            self.note(job.call, answer, |error| outcome::of(error, &call, task, enabled));
            open[job.task] -= 1;
            if open[job.task] == 0 {
                finished[job.task] = true;
                fresh.extend(ready(tasks, &finished, job.task));
            }
        }
        // What still waits, waits for something outside this scan.
        for (at, task) in tasks.iter().enumerate().filter(|(at, _)| !finished[*at]) {
            debug_assert_eq!(open[at], 0);
            let first = task.source.as_ref().map(|source| (source.service, source.operation));
            if let Some((service, operation)) = first.or(task.after.map(|after| (task.service, after))) {
                self.skip(task.call(), format!("{service}:{operation} was not part of this scan"));
            }
        }
    }

    /// The calls of a task that are still to be made. Where its source brought nothing, that is said.
    fn calls_of(&mut self, task: &Task<'_>) -> Vec<Call> {
        let calls = match &task.source {
            None => vec![task.call()],
            Some(source) => {
                let of = |region: &Region| {
                    self.known.get(&(source.service.to_owned(), source.operation.to_owned(), region.clone()))
                };
                let known: Vec<&Known> = match &source.region {
                    Some(region) => of(region).into_iter().collect(),
                    None => self.request.regions.iter().filter_map(of).collect(),
                };
                let calls = task.calls(
                    known
                        .iter()
                        .flat_map(|known| &known.answers)
                        .map(|(call, answer)| (call, answer.as_ref())),
                );
                if known.iter().all(|known| known.answers.is_empty()) {
                    if let Some(trouble) = known.iter().find_map(|known| known.trouble) {
                        self.skip(task.call(), format!("{}:{} {trouble}", source.service, source.operation));
                    }
                    return Vec::new();
                }
                calls
            }
        };
        let fresh: Vec<Call> = calls.into_iter().filter(|call| self.answered.insert(call.key())).collect();
        self.plan(fresh.len());
        fresh
    }

    fn plan(&mut self, calls: usize) {
        self.planned += calls;
        if calls > 0 {
            self.tell(Event::Planned { calls: self.planned });
        }
    }

    fn skip(&mut self, call: Call, reason: String) {
        self.plan(1);
        self.outcome(call, Outcome::Skipped { reason });
    }

    /// Notes an answer or the outcome of its failing.
    fn note(&mut self, call: Call, answer: Result<Value, CallError>, of: impl FnOnce(&CallError) -> Outcome) {
        match answer {
            Err(error) => self.outcome(call, of(&error)),
            Ok(answer) => {
                let noted = self.checkpoint.with(|builder| {
                    builder.response(call.clone(), answer, Timestamp::now());
                    let outcome = builder.manifest_mut().entries.last()?.outcome.clone();
                    let Outcome::Response { hash } = &outcome else { return None };
                    Some((builder.answer(hash)?, outcome))
                });
                if let Some((answer, outcome)) = noted {
                    let known = self.known.entry(operation_of(&call)).or_default();
                    known.answers.push((call.clone(), answer));
                    self.tell_done(call, outcome);
                }
            }
        }
    }

    fn outcome(&mut self, call: Call, outcome: Outcome) {
        let trouble = match &outcome {
            Outcome::Denied { .. } => Some("was denied"),
            Outcome::Failed { .. } => Some("failed"),
            Outcome::Skipped { .. } => Some("was skipped"),
            Outcome::Response { .. } | Outcome::Absent { .. } => None,
        };
        if trouble.is_some() {
            self.known.entry(operation_of(&call)).or_default().trouble = trouble;
        }
        self.checkpoint.with(|builder| builder.outcome(call.clone(), outcome.clone(), Timestamp::now()));
        self.tell_done(call, outcome);
    }

    fn tell_done(&mut self, call: Call, outcome: Outcome) {
        self.done += 1;
        let key = call.key();
        match &outcome {
            Outcome::Response { .. } | Outcome::Absent { .. } => tracing::debug!(call = %key, "answered"),
            Outcome::Skipped { reason } => tracing::debug!(call = %key, %reason, "skipped"),
            Outcome::Denied { code, .. } => tracing::info!(call = %key, %code, "denied"),
            Outcome::Failed { code, message } => tracing::info!(call = %key, %code, %message, "failed"),
        }
        self.tell(Event::Done { call, outcome, done: self.done, planned: self.planned });
    }

    fn tell(&self, event: Event) {
        if let Some(progress) = &self.request.progress {
            progress(event);
        }
    }
}

/// The longest pause between two questions about one job of AWS's.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a job is asked about; some forty seconds in all.
const QUESTIONS: u32 = 12;

/// Asks until AWS has finished what the answer is to tell of, or patience ends.
async fn ask_until(client: &impl Ask, call: &Call, until: &Path) -> Result<Value, CallError> {
    let mut pause = Duration::from_millis(200);
    for _ in 0..QUESTIONS {
        let answer = client.ask(call).await?;
        if until.holds(&answer) {
            return Ok(answer);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Err(CallError {
        kind: CallErrorKind::Timeout,
        code: "Unfinished".to_owned(),
        message: "AWS was still at work on it; ask again in a few minutes".to_owned(),
        status: None,
    })
}

/// The tasks behind one that has just finished, if everything they wait for has.
fn ready(tasks: &[Task<'_>], finished: &[bool], done: usize) -> Vec<usize> {
    (0..tasks.len())
        .filter(|&at| !finished[at] && tasks[at].waits_for(&tasks[done]))
        .filter(|&at| (0..tasks.len()).all(|other| finished[other] || !tasks[at].waits_for(&tasks[other])))
        .collect()
}

fn failed(error: &CallError) -> Outcome {
    let message = error.message.chars().take(400).collect();
    match error.kind {
        CallErrorKind::Denied => Outcome::Denied { code: error.code.clone(), message },
        _ => Outcome::Failed { code: error.code.clone(), message },
    }
}
