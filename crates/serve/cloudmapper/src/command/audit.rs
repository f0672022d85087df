//! `audit`: what is dangerous or careless in accounts, as text, JSON lines or for a chat.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use isobar_audit::{Finding, Gap, Options, Severity, examine, rules};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::Accounts;
use crate::answers::{list, printable, text};
use crate::audit_config::{AuditConfig, FindingType};
use crate::context::one_line;
use crate::{AccountEntry, Context, Error};

/// Look for what is dangerous or careless in accounts.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    accounts: Accounts,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Print one line a finding in Markdown, for a chat
    #[arg(long)]
    markdown: bool,
    /// Leave out findings less severe than this
    #[arg(long = "minimum_severity", alias = "minimum-severity", default_value = "INFO",
          value_parser = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "MUTE"])]
    minimum_severity: String,
    /// Decide as CloudMapper 2.10 did where the mended answer differs
    #[arg(long)]
    strict_compat: bool,
}

impl Audit {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        let config = AuditConfig::read(context)?;
        let minimum = Severity::parse(&self.minimum_severity).unwrap_or(Severity::Info);
        note_plug_ins(context);
        let mut failed = None;
        for (account, audited) in accounts.iter().zip(audit_all(context, &accounts, self.strict_compat)) {
            let audited = match audited {
                Ok(audited) => audited,
                // The others' findings are worth having all the same.
                Err(error) => {
                    failed = failed.or(Some(error));
                    continue;
                }
            };
            for finding in audited.findings.iter().filter(|f| config.shows(f, minimum)) {
                let line = self.line(account, &audited, finding, config.of(&finding.rule));
                context.output.line(line);
            }
            for note in gap_notes(account, &audited) {
                context.output.note(note);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn line(
        &self,
        account: &AccountEntry,
        audited: &Audited,
        finding: &Finding,
        about: &FindingType,
    ) -> String {
        let region = audited.place(&finding.region);
        if self.json {
            let resource = match (&finding.resource, &finding.details["snapshot"]) {
                (_, snapshot) if self.strict_compat && !snapshot.is_null() => snapshot.clone(),
                (resource, _) => json!(resource),
            };
            return one_line(&json!({
                "account_id": account.id,
                "account_name": account.name,
                "region": region.as_str(),
                "issue": finding.rule,
                "resource": resource,
                "details": finding.details,
                "finding_type_metadata": about.to_json(),
            }));
        }
        let severity = about.severity.as_str().to_ascii_uppercase();
        let resource = finding.resource.as_deref().map_or("None".to_owned(), printable);
        if self.markdown {
            // Real line ends would end the line; CloudMapper writes them as two characters.
            let folded = |text: &str| printable(&text.replace('\n', "\\n"));
            return format!(
                "*Audit Finding: [{severity}] - {}*\\nAccount: {} ({}) - {region}\\nDescription: {}\\n\
                 Resource: `{}`\\nDetails:```{}```",
                folded(&about.title),
                printable(&account.name),
                printable(&account.id),
                folded(&about.description),
                resource.replace('`', "'"),
                details(&finding.details).replace("```", "'''"),
            );
        }
        format!(
            "{severity} - {} ({region}) - {}: {resource}",
            printable(&account.name),
            printable(&about.title)
        )
    }
}

/// Details as Python prints none, or as JSON.
fn details(details: &Value) -> String {
    match details {
        Value::Null => "None".to_owned(),
        Value::String(text) => printable(&text.replace('\n', "\\n")),
        other => one_line(other),
    }
}

/// What was found in one account.
#[derive(Debug)]
pub(crate) struct Audited {
    /// In the order of regions as AWS lists them, then of the rules, then of the data.
    pub(crate) findings: Vec<Finding>,
    /// What could not be judged.
    pub(crate) gaps: Vec<Gap>,
    home: Region,
}

impl Audited {
    fn of(recording: &Recording, strict_compat: bool) -> Self {
        let found = examine(recording, rules::ALL, Options { strict_compat });
        let home = recording.manifest().partition.home_region();
        let regions = recording.responses("ec2", "DescribeRegions", &home);
        let names = regions.flat_map(|(_, answer)| list(&answer["Regions"]));
        let order: BTreeMap<&str, usize> = names
            .map(|region| text(&region["RegionName"]))
            .enumerate()
            .map(|(at, name)| (name, at))
            .collect();
        let mut audited = Self { findings: found.findings, gaps: found.gaps, home };
        let mut findings = std::mem::take(&mut audited.findings);
        // Stable: what is global was found first and stays before the home region's own.
        findings.sort_by_key(|f| order.get(audited.place(&f.region).as_str()).copied().unwrap_or(usize::MAX));
        audited.findings = findings;
        audited
    }

    /// Where a finding is said to be: what belongs to no region is in the partition's home.
    pub(crate) fn place<'a>(&'a self, region: &'a Region) -> &'a Region {
        if region.is_global() { &self.home } else { region }
    }
}

/// Audits accounts side by side; the answers stand in the order of the accounts.
pub(crate) fn audit_all(
    context: &Context,
    accounts: &[AccountEntry],
    strict_compat: bool,
) -> Vec<Result<Audited, Error>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(accounts.len().max(1));
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Result<Audited, Error>>>> =
        accounts.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(account) = accounts.get(at) else { return };
                    let audited = context.recording(account).map(|r| Audited::of(&r, strict_compat));
                    *done[at].lock().unwrap_or_else(|e| e.into_inner()) = Some(audited);
                }
            });
        }
    });
    let taken = done.into_iter().map(|slot| slot.into_inner().unwrap_or_else(|e| e.into_inner()));
    taken.map(|slot| slot.expect("each account was taken by one thread")).collect()
}

/// One note for all resources that one rule could not judge for one reason in one region.
fn gap_notes(account: &AccountEntry, audited: &Audited) -> Vec<String> {
    let mut groups: BTreeMap<(&Region, &str, &str), Vec<&str>> = BTreeMap::new();
    for gap in &audited.gaps {
        let key = (audited.place(&gap.region), gap.rule.as_str(), gap.words.as_str());
        groups.entry(key).or_default().push(gap.resource.as_deref().unwrap_or_default());
    }
    let notes = groups.into_iter().map(|((region, rule, words), resources)| {
        let what = match resources[..] {
            [""] => "the account".to_owned(),
            [one] => one.to_owned(),
            [first, ..] => format!("{} resources ({first}, ...)", resources.len()),
            [] => String::new(),
        };
        printable(&format!("NOTE: {} ({region}) - {rule} could not judge {what}: {words}", account.name))
    });
    notes.collect()
}

/// CloudMapper ran Python it found in a folder. Nothing found in a folder is run here.
fn note_plug_ins(context: &mut Context) {
    if context.place.path("private_commands/custom_auditor.py").is_ok_and(|file| file.exists()) {
        let words = "NOTE: private_commands/custom_auditor.py is not run; isobar runs no plug-ins";
        context.output.note(words);
    }
}
