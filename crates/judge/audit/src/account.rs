//! What rules read: an account's answers, by operation and region, with the shared readings.
//!
//! Look-ups by item go through maps that are made once per operation, so a rule may ask for each of
//! ten thousand buckets without reading ten thousand calls each time.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use isobar_iam::Authorization;
use isobar_model::{Region, Timestamp};
use isobar_network::SecurityGroup;
use isobar_recording::{Call, Entry, Outcome, Recording};
use serde_json::Value;

use crate::credential_report::CredentialReport;
use crate::privilege::Privileges;

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<'r> {
    /// AWS answered.
    Response(&'r Value),
    /// AWS said that there is no such thing, or a recording that keeps no failures has no answer.
    Nothing,
    /// It was denied, failed or was never asked: nobody knows. In words.
    Unknown(String),
}

type Answers<'r> = Rc<HashMap<&'r str, &'r Value>>;
type Question = (Region, String, String, String);

/// What all views of one account share.
pub(crate) struct Shared<'r> {
    recording: &'r Recording,
    strict: bool,
    authorization: OnceCell<Authorization>,
    privileges: OnceCell<Privileges>,
    credentials: OnceCell<Option<CredentialReport>>,
    by_item: RefCell<HashMap<Question, Answers<'r>>>,
    keeps_failures: bool,
}

impl<'r> Shared<'r> {
    pub(crate) fn new(recording: &'r Recording, strict: bool) -> Self {
        let manifest = recording.manifest();
        // A tree that CloudMapper wrote knows no times and no failures: all is of one moment, and
        // what is not there was refused or does not exist, nobody knows which.
        let plain = |entry: &Entry| match &entry.outcome {
            Outcome::Response { .. } => true,
            Outcome::Failed { code, .. } => code == "Unreadable",
            _ => false,
        };
        let tree = manifest.ended == Some(manifest.started) && manifest.entries.iter().all(plain);
        Self {
            recording,
            strict,
            authorization: OnceCell::new(),
            privileges: OnceCell::new(),
            credentials: OnceCell::new(),
            by_item: RefCell::default(),
            keeps_failures: !tree,
        }
    }
}

/// An account as rules see it, in one region at a time.
#[derive(Clone)]
pub struct AccountView<'r> {
    shared: &'r Shared<'r>,
    region: Region,
}

impl<'r> AccountView<'r> {
    pub(crate) fn new(shared: &'r Shared<'r>, region: Region) -> Self {
        Self { shared, region }
    }

    /// The region looked at; `global` for rules about the account.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Whether CloudMapper's own answer is wanted where it differs.
    pub fn is_strict(&self) -> bool {
        self.shared.strict
    }

    /// The account's twelve digits, empty when unknown.
    pub fn aws_account(&self) -> &'r str {
        self.shared.recording.aws_account().map_or("", |id| id.as_str())
    }

    /// The same account in each of its regions, `global` left out.
    pub fn everywhere(&self) -> impl Iterator<Item = Self> + use<'r> {
        let shared = self.shared;
        let regions = shared.recording.manifest().regions.iter().filter(|r| !r.is_global());
        regions.map(move |region| Self::new(shared, region.clone()))
    }

    /// When the account looked like this: the credential report's date, else the scan's.
    pub fn as_of(&self) -> Timestamp {
        let manifest = self.shared.recording.manifest();
        let report = self.credential_report().and_then(|report| report.generated);
        report.unwrap_or(manifest.ended.unwrap_or(manifest.started))
    }

    /// Where an operation's answers are: here, or for account-wide services whose answers were kept
    /// under the partition's home region, there.
    fn place_of(&self, service: &str, operation: &str) -> Region {
        let recording = self.shared.recording;
        let home = recording.manifest().partition.home_region();
        let here = recording.outcomes(service, operation, &self.region).next().is_some();
        if self.region.is_global() && !here { home } else { self.region.clone() }
    }

    /// The answers of an operation in this region, with the calls that brought them.
    pub fn responses(
        &self,
        service: &str,
        operation: &str,
    ) -> impl Iterator<Item = (&'r Call, &'r Value)> + use<'r> {
        self.shared.recording.responses(service, operation, &self.place_of(service, operation))
    }

    /// The one answer of an operation without parameters; none when it was not asked, was denied
    /// or said "there is none".
    pub fn response(&self, service: &str, operation: &str) -> Option<&'r Value> {
        self.responses(service, operation).next().map(|(_, answer)| answer)
    }

    /// What came of an operation without parameters.
    pub fn asked(&self, service: &str, operation: &str) -> Answer<'r> {
        let mut entries =
            self.shared.recording.outcomes(service, operation, &self.place_of(service, operation));
        self.answer(entries.next(), service, operation)
    }

    /// What came of an operation that was asked once per item.
    pub fn asked_for(&self, service: &str, operation: &str, parameter: &str, item: &str) -> Answer<'r> {
        if let Some(answer) = self.response_for(service, operation, parameter, item) {
            return Answer::Response(answer);
        }
        let mut entries =
            self.shared.recording.outcomes(service, operation, &self.place_of(service, operation));
        let entry = entries.find(|e| e.call.parameters.get(parameter).and_then(Value::as_str) == Some(item));
        self.answer(entry, service, operation)
    }

    fn answer(&self, entry: Option<&'r Entry>, service: &str, operation: &str) -> Answer<'r> {
        let unknown = |why: &str| Answer::Unknown(format!("{service}:{operation} {why}"));
        match entry.map(|e| &e.outcome) {
            Some(Outcome::Response { hash }) => match self.shared.recording.answers().get(hash) {
                Some(answer) => Answer::Response(answer),
                None => unknown("was answered, but the answer is lost"),
            },
            Some(Outcome::Absent { .. }) => Answer::Nothing,
            Some(Outcome::Denied { code, .. }) => unknown(&format!("was denied ({code})")),
            Some(Outcome::Failed { code, .. }) => unknown(&format!("failed ({code})")),
            Some(Outcome::Skipped { .. }) => unknown("was left out"),
            None if self.shared.keeps_failures => unknown("was not asked"),
            None => Answer::Nothing,
        }
    }

    /// The items of a list in the answers of an operation: `items("ec2", "DescribeVolumes", "Volumes")`.
    pub fn items(
        &self,
        service: &str,
        operation: &str,
        list: &'static str,
    ) -> impl Iterator<Item = &'r Value> {
        self.responses(service, operation).flat_map(move |(_, answer)| crate::list(&answer[list]))
    }

    /// The answer of an operation that was asked once per item: the one whose `parameter` is `item`.
    pub fn response_for(
        &self,
        service: &str,
        operation: &str,
        parameter: &str,
        item: &str,
    ) -> Option<&'r Value> {
        let question = (self.region.clone(), service.to_owned(), operation.to_owned(), parameter.to_owned());
        let known = self.shared.by_item.borrow().get(&question).cloned();
        let answers = known.unwrap_or_else(|| {
            let named = self.responses(service, operation).filter_map(|(call, answer)| {
                let item = call.parameters.get(parameter).and_then(Value::as_str)?;
                Some((item, answer))
            });
            let answers: Answers<'r> = Rc::new(named.collect());
            self.shared.by_item.borrow_mut().insert(question, Rc::clone(&answers));
            answers
        });
        answers.get(item).copied()
    }

    /// EC2 instances out of their reservations.
    pub fn instances(&self) -> impl Iterator<Item = &'r Value> {
        self.items("ec2", "DescribeInstances", "Reservations").flat_map(|r| crate::list(&r["Instances"]))
    }

    /// Security groups.
    pub fn security_groups(&self) -> impl Iterator<Item = SecurityGroup> + use<'r> {
        let groups = self.responses("ec2", "DescribeSecurityGroups");
        let groups: Vec<_> = groups.map(|(_, answer)| crate::list(&answer["SecurityGroups"])).collect();
        groups.into_iter().flatten().map(SecurityGroup::read)
    }

    /// Users, roles, groups and policies.
    pub fn authorization(&self) -> &'r Authorization {
        self.shared
            .authorization
            .get_or_init(|| self.authorization_document().map(Authorization::read).unwrap_or_default())
    }

    /// The same as AWS wrote it, for checks on its form.
    pub fn authorization_document(&self) -> Option<&'r Value> {
        let everywhere = Self::new(self.shared, Region::global());
        everywhere.response("iam", "GetAccountAuthorizationDetails")
    }

    /// Which policies and principals are administrators.
    pub fn privileges(&self) -> &'r Privileges {
        self.shared.privileges.get_or_init(|| Privileges::of(self.authorization(), self.shared.strict))
    }

    /// The credential report, where there is one.
    pub fn credential_report(&self) -> Option<&'r CredentialReport> {
        let report = self.shared.credentials.get_or_init(|| {
            let everywhere = Self::new(self.shared, Region::global());
            everywhere.response("iam", "GetCredentialReport").map(CredentialReport::read)
        });
        report.as_ref()
    }
}
