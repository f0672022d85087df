//! How far a scan is: a bar on a terminal, plain lines elsewhere, on stderr either way.
//!
//! In: the events of a scan. Out: what a waiting person wants to see. What is
//! said at the end is the command's business.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isobar_app::Event;

use crate::console::{clean, stderr_is_terminal, warn};

/// How often a plain line is printed while nothing else is.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Progress of one piece of work.
pub(crate) struct Progress {
    look: Look,
}

enum Look {
    Bar(ProgressBar),
    Plain { title: String, last: Mutex<Plain> },
    Quiet,
}

/// What plain lines have told.
#[derive(Default)]
struct Plain {
    told: Option<Instant>,
    done: usize,
}

impl Progress {
    /// Progress of work called `title`; none at all when `quiet`.
    pub(crate) fn new(title: &str, quiet: bool) -> Self {
        let title = clean(title);
        let look = if quiet {
            Look::Quiet
        } else if stderr_is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = "{spinner:.cyan} {prefix}  {bar:28.cyan/dim}  {pos}/{len}  {wide_msg}";
            bar.set_style(ProgressStyle::with_template(style).expect("a valid template"));
            bar.set_prefix(title);
            bar.enable_steady_tick(Duration::from_millis(120));
            Look::Bar(bar)
        } else {
            Look::Plain { title, last: Mutex::default() }
        };
        Self { look }
    }

    /// Something happened in a scan.
    pub(crate) fn event(&self, event: &Event) {
        match event {
            Event::Planned { calls } => {
                if let Look::Bar(bar) = &self.look {
                    bar.set_length(*calls as u64);
                }
            }
            Event::Done { call, done, planned, .. } => {
                let what = format!("{} {} {}", call.region, call.service, call.operation);
                self.at(*done, *planned, &what);
            }
        }
    }

    /// So many calls are done of so many known by now; `what` was the last.
    fn at(&self, done: usize, known: usize, what: &str) {
        match &self.look {
            Look::Bar(bar) => {
                bar.set_length(known as u64);
                bar.set_position(done as u64);
                bar.set_message(clean(what));
            }
            Look::Plain { title, last } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                last.done = last.done.max(done);
                let begun = *last.told.get_or_insert_with(Instant::now);
                if begun.elapsed() >= PLAIN_EVERY {
                    last.told = Some(Instant::now());
                    warn(&format!("{title}: {done} of {known} calls"));
                }
            }
            Look::Quiet => {}
        }
    }

    /// The work is over.
    pub(crate) fn end(&self) {
        match &self.look {
            Look::Bar(bar) => bar.finish_and_clear(),
            Look::Plain { title, last } => {
                let done = last.lock().unwrap_or_else(PoisonError::into_inner).done;
                warn(&format!("{title}: {done} calls"));
            }
            Look::Quiet => {}
        }
    }
}
