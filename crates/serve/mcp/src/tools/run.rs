//! One call from beginning to end: rights, arguments, a place in the queue, the command, the answer.
//!
//! In: a [`Caller`] and a [`Call`]. Out: an [`Answer`] within the limits. A command runs on a thread of
//! its own, where a panic ends that command and nothing else; when its time is up or its caller left,
//! it is told to stop and ends before its next file.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use isobar_app::{App, Scope};
use isobar_cloudmapper::{Call, Context, Linked, Output, Workplace, parse_confined};
use isobar_model::Timestamp;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::answer::{Answer, bounded};
use super::collect;
use super::journal::Journal;
use super::linked::LinkedAccounts;

/// What bounds a call.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest a call may take. Clients give up after 300 seconds; an answer must come before.
    pub time: Duration,
    /// The most bytes of each output stream.
    pub output: usize,
    /// How many commands run at a time; further ones wait.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { time: Duration::from_secs(280), output: 8 << 20, at_once: cores.clamp(2, 8) }
    }
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The rights.
    pub scope: Scope,
    /// From where, for the journal: an address, `stdio`.
    pub from: String,
}

/// How many calls there were and how they went, since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Calls that ended.
    pub calls: u64,
    /// Those that ended well.
    pub successes: u64,
    /// The seconds they took together.
    pub seconds: f64,
}

/// CloudMapper's commands for callers from elsewhere. Cheap to clone.
#[derive(Clone)]
pub struct Tools {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    limits: Limits,
    place: Workplace,
    /// Removed when the last user goes: the demo keeps nothing.
    passing: Option<PathBuf>,
    running: Arc<Semaphore>,
    collecting: Mutex<HashSet<String>>,
    journal: Journal,
    tally: Mutex<Tally>,
    url: Option<String>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(folder) = &self.passing {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Says stop when nobody waits any more.
struct Waiting<'t> {
    stop: Arc<AtomicBool>,
    journal: &'t Journal,
    id: Uuid,
    done: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if !self.done {
            self.journal.left(self.id);
        }
    }
}

/// The account that is being collected, until this goes.
struct Collecting<'t> {
    all: &'t Mutex<HashSet<String>>,
    name: String,
}

impl Drop for Collecting<'_> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(|e| e.into_inner()).remove(&self.name);
    }
}

impl Tools {
    /// Over an app: commands work in `cloudmapper/` of its data directory, the journal lies beside it.
    /// `url` is where the page answers, for `webserver`.
    pub fn new(app: App, limits: Limits, url: Option<String>) -> Self {
        let data = &app.config().data_dir;
        let (folder, journal) = match app.is_demo() {
            true => (std::env::temp_dir().join(format!("isobar-demo-{}", Uuid::new_v4())), None),
            false => (data.join("cloudmapper"), Some(data.join("tools.jsonl"))),
        };
        let inner = Inner {
            passing: app.is_demo().then(|| folder.clone()),
            place: Workplace::confined(folder),
            running: Arc::new(Semaphore::new(limits.at_once.max(1))),
            collecting: Mutex::default(),
            journal: Journal::new(journal),
            tally: Mutex::default(),
            app,
            limits,
            url,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The product behind it.
    pub fn app(&self) -> &App {
        &self.inner.app
    }
    /// What bounds a call.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }
    /// How calls went so far.
    pub fn tally(&self) -> Tally {
        *self.inner.tally.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Runs a call. Dropping the future stops the command.
    pub async fn run(&self, caller: &Caller, call: &Call) -> Answer {
        let inner = &self.inner;
        let (id, began) = (Uuid::new_v4(), Instant::now());
        inner.journal.begin(id, caller, call);
        let stop = Arc::new(AtomicBool::new(false));
        let mut waiting = Waiting { stop: stop.clone(), journal: &inner.journal, id, done: false };
        let work = self.output(caller, call, stop);
        let (mut output, timed_out) = match tokio::time::timeout(inner.limits.time, work).await {
            Ok(output) => (output, false),
            Err(_) => (self.too_late(call), true),
        };
        bounded(&mut output, &inner.place.root().display().to_string(), inner.limits.output);
        let answer = Answer {
            stdout: output.stdout,
            stderr: output.stderr,
            code: output.code,
            timed_out,
            seconds: began.elapsed().as_secs_f64(),
            at: Timestamp::now(),
            command: call.line(),
        };
        waiting.done = true;
        inner.journal.end(id, &answer);
        let mut tally = inner.tally.lock().unwrap_or_else(|e| e.into_inner());
        tally.calls += 1;
        tally.successes += u64::from(answer.success());
        tally.seconds += answer.seconds;
        answer
    }

    fn too_late(&self, call: &Call) -> Output {
        let seconds = self.inner.limits.time.as_secs_f64();
        let more = match call.action.as_str() {
            "collect" => "the scan goes on; run collect again to wait for it",
            _ => "it was stopped",
        };
        problem(-1, format!("no end within {seconds} s: {more}"))
    }

    async fn output(&self, caller: &Caller, call: &Call, stop: Arc<AtomicBool>) -> Output {
        let argv = match call.argv() {
            Ok(argv) => argv,
            Err(output) => return output,
        };
        match call.action.as_str() {
            "webserver" => return self.webserver(&argv),
            "collect" | "configure" if caller.scope.may_write().is_err() => {
                let why = "changes what is kept here and needs a read-write key";
                return problem(1, format!("{} {why}", call.action));
            }
            _ => {}
        }
        let inner = &self.inner;
        let linked = match LinkedAccounts::read(&inner.app, &caller.scope, &inner.place).await {
            Ok(linked) => linked,
            Err(error) => return broken(&error.chain()),
        };
        if call.action == "collect" {
            return self.collect(caller, &argv, &linked).await;
        }
        let argv = with_names(argv, &linked);
        let command = match parse_confined(&argv, &inner.place) {
            Ok(command) => command,
            Err(output) => return output,
        };
        let Ok(turn) = inner.running.clone().acquire_owned().await else { return broken("no more turns") };
        let place = inner.place.clone();
        let work = tokio::task::spawn_blocking(move || {
            // A command that was told to stop keeps its turn until it has ended.
            let _turn = turn;
            if let Err(error) = make_private(place.root()) {
                return problem(1, format!("the folder of this server cannot be made: {}", error.kind()));
            }
            let mut context = Context::new(place, Timestamp::now());
            context.linked = Some(Arc::new(linked) as Arc<dyn Linked>);
            context.stop = stop;
            isobar_cloudmapper::run(&command, context)
        });
        match work.await {
            Ok(output) => output,
            Err(panic) => broken(&panic.to_string()),
        }
    }

    /// Nothing to start: the page that shows the accounts is the one that answers this call.
    fn webserver(&self, argv: &[String]) -> Output {
        let mut output = Output::default();
        for word in argv.iter().skip(1).filter(|word| word.starts_with("--p")) {
            let name = word.split('=').next().unwrap_or_default();
            if name != "--p" && "--public".starts_with(name) {
                return problem(
                    2,
                    "argument --public is not allowed here: the operator decides who reaches this server",
                );
            }
        }
        match &self.inner.url {
            Some(url) => output.line(format!("The server runs already: {url}")),
            None => return problem(1, "no server runs here; start one with: isobar serve"),
        }
        output
    }

    async fn collect(&self, caller: &Caller, argv: &[String], linked: &LinkedAccounts) -> Output {
        let asked = match collect::read(&argv[1..]) {
            Ok(asked) => asked,
            Err(text) => return problem(2, text),
        };
        let name = asked.account.unwrap_or_default();
        let Some(id) = linked.find(&name) else {
            let known = linked.accounts().into_iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
            let name: String = name.escape_debug().take(100).collect();
            return problem(
                1,
                format!(
                    "`{name}` is not linked here, so there is no role to collect it with; linked: {known}"
                ),
            );
        };
        let Some(_lock) = self.lock(id.to_string()) else {
            return problem(
                1,
                "a collect of this account runs already; its data can be asked for when it is done",
            );
        };
        collect::run(&self.inner.app, &caller.scope, id, &asked.regions).await
    }

    fn lock(&self, name: String) -> Option<Collecting<'_>> {
        let all = &self.inner.collecting;
        all.lock().unwrap_or_else(|e| e.into_inner()).insert(name.clone()).then(|| Collecting { all, name })
    }
}

/// An account named by its id goes by its name, which is what the commands know.
fn with_names(argv: Vec<String>, linked: &LinkedAccounts) -> Vec<String> {
    let known = linked.accounts();
    let name = |given: &str| match Uuid::parse_str(given).ok().and(linked.find(given)) {
        Some(id) => known
            .iter()
            .find(|entry| linked.find(&entry.name) == Some(id))
            .map_or_else(|| given.to_owned(), |entry| entry.name.clone()),
        None => given.to_owned(),
    };
    let rename = |word: String| match word.strip_prefix("--account=") {
        Some(list) => format!("--account={}", list.split(',').map(name).collect::<Vec<_>>().join(",")),
        None => word,
    };
    argv.into_iter().map(rename).collect()
}

fn problem(code: i32, text: impl AsRef<str>) -> Output {
    let mut output = Output { code, ..Output::default() };
    output.note(format!("cloudmapper: error: {}", text.as_ref()));
    output
}

/// Something of ours broke. What exactly is for the log alone.
fn broken(detail: &str) -> Output {
    tracing::error!(target: "isobar::tools", detail, "a command broke");
    problem(-1, "internal error; the server's log tells more")
}

#[cfg(unix)]
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use isobar_app::Config;

    use super::*;

    async fn tools(limits: Limits) -> (Tools, Caller) {
        let (app, _) = App::demo(Config::new(std::env::temp_dir())).await.expect("a demo");
        let caller = Caller { scope: app.operator().await.expect("an operator"), from: "test".to_owned() };
        (Tools::new(app, limits, Some("http://127.0.0.1:1/".to_owned())), caller)
    }

    fn call(action: &str, account: &str) -> Call {
        Call {
            action: action.into(),
            account: account.into(),
            config: "config.json".into(),
            ..Call::default()
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn limits_end_a_call_clearly() {
        let (tools, caller) = tools(Limits { time: Duration::ZERO, ..Limits::default() }).await;
        let late = tools.run(&caller, &call("stats", "all")).await;
        assert!(late.timed_out && !late.success() && late.code == -1, "{late:?}");
        assert!(late.stderr.contains("no end within 0 s"), "{}", late.stderr);

        let (tools, caller) = self::tools(Limits { output: 100, ..Limits::default() }).await;
        let long = tools.run(&caller, &call("stats", "all")).await;
        assert!(long.stdout.len() <= 100 && long.stderr.contains("output cut at 100 bytes"), "{long:?}");
        assert_eq!(tools.tally().calls, 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn commands_wait_for_their_turn() {
        let limits = Limits { at_once: 1, time: Duration::from_millis(300), ..Limits::default() };
        let (tools, caller) = tools(limits).await;
        let turn = tools.inner.running.clone().acquire_owned().await.expect("a turn");
        assert!(tools.run(&caller, &call("stats", "all")).await.timed_out);
        drop(turn);
        let (tools, caller) = self::tools(Limits { at_once: 1, ..Limits::default() }).await;
        assert!(tools.run(&caller, &call("stats", "all")).await.success());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_collect_of_an_account_at_a_time() {
        let (tools, caller) = tools(Limits::default()).await;
        let account = tools.app().accounts(&caller.scope).await.expect("accounts").remove(0);
        let lock = tools.lock(account.id.to_string()).expect("nobody collects");
        let second = tools.run(&caller, &call("collect", &account.name)).await;
        assert!(second.code == 1 && second.stderr.contains("runs already"), "{second:?}");
        drop(lock);
        let then = tools.run(&caller, &call("collect", &account.name)).await;
        assert!(then.success() && then.stdout.contains("Summary: "), "{then:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_caller_who_leaves_stops_the_command() {
        let stop = Arc::new(AtomicBool::new(false));
        let journal = Journal::new(None);
        drop(Waiting { stop: stop.clone(), journal: &journal, id: Uuid::nil(), done: false });
        assert!(stop.load(Ordering::Relaxed));
        let mut context = Context::new(Workplace::confined("/nonexistent"), Timestamp::now());
        context.stop = stop;
        assert!(
            context.going_on().is_err()
                && context.write(std::path::Path::new("/nonexistent/x"), b"").is_err()
        );
    }
}
