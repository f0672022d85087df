//! `iam_report`: who may use which services, who does, and through which policy.
//!
//! In: `GetAccountAuthorizationDetails` and access advisor's answers. Out: a page or JSON, and the
//! graph of principals, groups and policies. Who is an administrator is `find_admins`' business.

use clap::Args;
use isobar_report::{Page, page};
use serde_json::Value;

use self::subject::Subject;
use self::tables::Tables;
use super::Accounts;
use super::report::Form;
use crate::answers::printable;
use crate::context::pretty;
use crate::{Context, Error};

mod subject;
mod tables;

/// Write a report on users, roles and their policies.
#[derive(Debug, Args)]
pub struct IamReport {
    #[command(flatten)]
    accounts: Accounts,
    /// Days after which an unused service counts as unused
    #[arg(long = "max-age", alias = "max_age", default_value_t = 90)]
    max_age: i64,
    /// Show who is connected with which policy, too
    #[arg(long)]
    graph: bool,
    /// A page or data
    #[arg(long, value_enum, default_value = "html")]
    output: Form,
}

/// What is kept of one account.
struct Kept {
    unknown: Vec<String>,
    graph: Vec<Value>,
    said: Said,
}

/// The form asked for.
enum Said {
    Data(Value),
    Page(Box<Tables>),
}

impl IamReport {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        let several = accounts.len() > 1;
        let now = context.now.to_string();
        let kept = context.each(&accounts, |account, recording| {
            let subject = Subject::read(account, recording)?;
            let unknown = subject.principals().filter(|h| !subject.advice.contains_key(&h.arn));
            Some(Kept {
                unknown: unknown.map(|holder| holder.arn.clone()).collect(),
                graph: subject.graph(),
                said: match self.output {
                    Form::Json => Said::Data(subject.json(self.max_age, self.graph, &now)),
                    Form::Html => Said::Page(Box::new(Tables::read(&subject, self.max_age, several))),
                },
            })
        });
        let (mut data, mut tables, mut graph) = (Vec::new(), Tables::default(), Vec::new());
        for (account, kept) in accounts.iter().zip(kept) {
            let mut kept = kept?.ok_or_else(|| Error::NotCollected { name: account.name.clone() })?;
            for arn in &kept.unknown {
                context.output.note(format!("No access data for {}", printable(arn)));
            }
            graph.append(&mut kept.graph);
            match kept.said {
                Said::Data(value) => data.push(value),
                Said::Page(of_account) => tables.join(*of_account),
            }
        }
        let path = self.output.path("web/account-data/iam_report.html");
        let text = match self.output {
            Form::Json if several => pretty(&Value::Array(data)),
            Form::Json => pretty(&data.pop().unwrap_or_default()),
            Form::Html => {
                let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
                let whose = if several && names.len() > 6 {
                    format!("{} accounts", names.len())
                } else {
                    names.join(", ")
                };
                page::html(&Page {
                    title: "IAM report".to_owned(),
                    about: format!("{whose}, written {}", context.now.minute()),
                    sections: tables.sections(self.max_age, self.graph),
                })
            }
        };
        let file = context.place.path(&path)?;
        context.write(&file, text.as_bytes())?;
        let data = context.place.path("web/account-data/data.json")?;
        context.write(&data, pretty(&Value::Array(graph)).as_bytes())?;
        context.output.line(format!("Report written to {path}"));
        Ok(())
    }
}
