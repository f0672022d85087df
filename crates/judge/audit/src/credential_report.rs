//! IAM's credential report: one row of comma-separated words per user, the root user first.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account".

use isobar_model::Timestamp;
use serde_json::Value;

/// The report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CredentialReport {
    /// When AWS made it.
    pub generated: Option<Timestamp>,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A user's row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    report: &'r CredentialReport,
    fields: &'r [String],
}

impl CredentialReport {
    /// Reads the answer of `GetCredentialReport`. Rows that are too short are left out.
    pub fn read(answer: &Value) -> Self {
        let mut lines = crate::text(&answer["Content"]).lines().map(str::trim).filter(|l| !l.is_empty());
        let header: Vec<String> = lines.next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let rows = lines.filter_map(|line| split(line, header.len())).collect();
        Self { generated: Timestamp::parse(crate::text(&answer["GeneratedTime"])).ok(), header, rows }
    }

    /// The rows in order.
    pub fn users(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(move |fields| Row { report: self, fields })
    }
}

/// The words of a line. A user's name may hold commas; it stands in the first two columns, the name
/// and the ARN that ends with it, so what is too much is shared between them.
fn split(line: &str, columns: usize) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split(',').collect();
    let surplus = words.len().checked_sub(columns)?;
    let name = 1 + surplus / 2;
    let arn = name + 1 + surplus.div_ceil(2);
    let mut fields = vec![words[..name].join(","), words.get(name..arn)?.join(",")];
    fields.extend(words[arn..].iter().map(|w| (*w).to_owned()));
    Some(fields)
}

impl<'r> Row<'r> {
    /// A column by its name; empty when the report has no such column.
    pub fn field(&self, name: &str) -> &'r str {
        let at = self.report.header.iter().position(|column| column == name);
        at.and_then(|at| self.fields.get(at)).map_or("", String::as_str)
    }

    /// The user's name, `<root_account>` for the root user.
    pub fn user(&self) -> &'r str {
        self.field("user")
    }

    /// Whether a column says yes.
    pub fn is(&self, name: &str) -> bool {
        self.field(name) == "true"
    }

    /// Whole days from the time in a column to the report; none when the column holds no time:
    /// `N/A`, `no_information`, `not_supported`.
    pub fn days_since(&self, name: &str) -> Option<i64> {
        let then = Timestamp::parse(self.field(name)).ok()?;
        Some(days_between(then, self.report.generated?))
    }
}

/// Whole days between two times, rounded down, in either order.
pub(crate) fn days_between(one: Timestamp, other: Timestamp) -> i64 {
    (one.as_millis() - other.as_millis()).abs() / 86_400_000
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_commas_and_short_rows() {
        let content = "user,arn,password_enabled,password_last_used\n\
                       <root_account>,arn:aws:iam::1:root,not_supported,2026-01-01T00:00:00+00:00\n\
                       a,b,arn:aws:iam::1:user/a,b,true,no_information\n\
                       broken\n\n";
        let report = CredentialReport::read(
            &json!({"Content": content, "GeneratedTime": "2026-01-31T23:59:59+00:00"}),
        );
        let rows: Vec<(&str, bool, Option<i64>)> = report
            .users()
            .map(|u| (u.user(), u.is("password_enabled"), u.days_since("password_last_used")))
            .collect();
        assert_eq!(rows, [("<root_account>", false, Some(30)), ("a,b", true, None)]);
        assert_eq!(report.users().nth(1).unwrap().field("arn"), "arn:aws:iam::1:user/a,b");
        assert_eq!(CredentialReport::read(&json!({})), CredentialReport::read(&json!({"Content": ""})));
    }
}
