//! `report`: what the accounts have, use, show to the internet and get wrong, on one page.
//!
//! In: the collected accounts. Out: one HTML file, or the same as JSON. Public resources are always
//! found anew: CloudMapper took them from `public_nodes.json` however old it was. Titles, severities
//! and what is ignored are those of `audit`, the override file included.

use clap::{Args, ValueEnum};
use isobar_audit::{Finding, Severity};
use isobar_model::Region;
use isobar_report::{Page, chart, page};
use serde_json::{Value, json};

use self::review::{Review, review};
use super::Accounts;
use super::stats::names;
use crate::answers::printable;
use crate::audit_config::{AuditConfig, FindingType};
use crate::context::pretty;
use crate::{AccountEntry, Context, Error};

mod review;
mod sections;

/// Write a report on accounts.
#[derive(Debug, Args)]
pub struct Report {
    #[command(flatten)]
    accounts: Accounts,
    /// Days after which an unused user or role counts as inactive
    #[arg(long = "max-age", alias = "max_age", default_value_t = 90)]
    max_age: i64,
    /// Where to write it
    #[arg(long = "output-file", alias = "output_file", default_value = "web/account-data/report.html")]
    output_file: String,
    /// Count more kinds of resources
    #[arg(long = "stats_all_resources", alias = "stats-all-resources")]
    stats_all_resources: bool,
    /// The least severity to show
    #[arg(long = "minimum_severity", alias = "minimum-severity", default_value = "INFO",
        value_parser = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "MUTE"])]
    minimum_severity: String,
    /// A page or data
    #[arg(long, value_enum, default_value = "html")]
    output: Form,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// One page that needs nothing beside it
    Html,
    /// The same as data
    Json,
}

impl Form {
    /// The path with the form's own ending, where it still has the other's.
    pub(crate) fn path(self, given: &str) -> String {
        match (self, given.strip_suffix(".html")) {
            (Self::Json, Some(stem)) => format!("{stem}.json"),
            _ => given.to_owned(),
        }
    }
}

/// A finding with whose it is and what is said of it.
struct Found<'a> {
    account: &'a AccountEntry,
    finding: &'a Finding,
    /// The region it is said to be in.
    region: &'a Region,
    about: &'a FindingType,
}

impl Report {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (config, accounts) = self.accounts.read(context)?;
        let wishes = AuditConfig::read(context)?;
        context.output.line("* Getting resource counts");
        let mut reviews = Vec::new();
        for reviewed in context.each(&accounts, |account, recording| {
            review(account, recording, &config, self.max_age, self.stats_all_resources)
        }) {
            reviews.push(reviewed?);
        }
        context.output.line("* Getting IAM data");
        for arn in reviews.iter().flat_map(|review| &review.unknown) {
            context.output.line(format!("  No access data for {}; left out", printable(arn)));
        }
        context.output.line("* Getting public resource data");
        for review in &reviews {
            review.warnings.iter().for_each(|w| context.output.note(format!("WARNING: {}", printable(w))));
            let cache = context.place.account(&review.account.name)?.join("public_nodes.json");
            context.write(&cache, pretty(&Value::Array(review.public.clone())).as_bytes())?;
        }
        context.output.line("* Auditing accounts");
        let found = self.found(&reviews, &wishes);
        let path = self.output.path(&self.output_file);
        let file = context.place.path(&path)?;
        let text = match self.output {
            Form::Json => pretty(&self.data(&reviews, &found, context)),
            Form::Html => page::html(&self.page(&reviews, &found, context)),
        };
        context.write(&file, text.as_bytes())?;
        context.output.line(format!("Report written to {path}"));
        Ok(())
    }

    /// The findings to show, account by account.
    fn found<'a>(&self, reviews: &'a [Review], wishes: &'a AuditConfig) -> Vec<Found<'a>> {
        let least = Severity::parse(&self.minimum_severity).unwrap_or(Severity::Info);
        let all = reviews.iter().flat_map(|review| review.audited.findings.iter().map(move |f| (review, f)));
        all.filter(|(_, finding)| wishes.shows(finding, least))
            .map(|(review, finding)| Found {
                account: &review.account,
                finding,
                region: review.audited.place(&finding.region),
                about: wishes.of(&finding.rule),
            })
            .collect()
    }

    fn data(&self, reviews: &[Review], found: &[Found<'_>], context: &Context) -> Value {
        let each = |of: &dyn Fn(&Review) -> Value| reviews.iter().map(of).collect::<Value>();
        let rows = names(self.stats_all_resources).enumerate().map(|(at, name)| {
            let counts: Vec<usize> = reviews.iter().map(|review| review.counts[at]).collect();
            json!({"name": name, "counts": counts})
        });
        let principals = reviews.iter().flat_map(|review| {
            let whose = &review.account.name;
            review.usage.iter().map(
                move |u| json!({"account": whose, "type": u.kind.as_str(), "name": u.name, "active": u.active}),
            )
        });
        json!({
            "report_generated_time": context.now.to_string(),
            "accounts": each(&|r| json!({"name": r.account.name, "id": r.account.id, "collection_date": r.collected})),
            "resource_counts": {"accounts": each(&|r| json!(r.account.name)), "rows": rows.collect::<Value>()},
            "regions": each(&|r| json!({"account": r.account.name, "regions": r.regions})),
            "iam": principals.collect::<Value>(),
            "public_resources": reviews.iter().flat_map(|r| &r.public).collect::<Vec<_>>(),
            "findings": found.iter().map(Found::json).collect::<Value>(),
            "not_judged": reviews
                .iter()
                .flat_map(|r| r.gaps.iter().map(|note| json!({"account": r.account.name, "note": note})))
                .collect::<Value>(),
        })
    }

    fn page(&self, reviews: &[Review], found: &[Found<'_>], context: &Context) -> Page {
        let whose: Vec<String> = reviews.iter().map(|review| review.account.name.clone()).collect();
        let charts: Vec<chart::Bar> = names(self.stats_all_resources)
            .enumerate()
            .map(|(at, name)| (name.to_owned(), reviews.iter().map(|review| review.counts[at]).collect()))
            .collect();
        let public: Vec<Value> = reviews.iter().flat_map(|review| review.public.iter().cloned()).collect();
        let words = if whose.len() > 6 { format!("{} accounts", whose.len()) } else { whose.join(", ") };
        Page {
            title: "AWS account report".to_owned(),
            about: format!("{words}, written {}", context.now.minute()),
            sections: vec![
                sections::accounts(reviews),
                sections::counts(&whose, &charts),
                sections::regions(reviews),
                sections::iam(reviews, self.max_age),
                sections::public(&public),
                sections::summary(found),
                sections::findings(found),
                sections::gaps(reviews),
            ],
        }
    }
}

impl Found<'_> {
    fn json(&self) -> Value {
        json!({
            "account_id": self.account.id, "account_name": self.account.name,
            "region": self.region.as_str(), "issue": self.finding.rule,
            "resource": self.finding.resource, "details": self.finding.details, "words": self.finding.words,
            "finding_type_metadata": self.about.to_json(),
        })
    }
}
