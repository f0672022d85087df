//! `AMI_PUBLIC`: an own image that is public.

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("ami_public.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let own = account.aws_account();
    for image in account.items("ec2", "DescribeImages", "Images") {
        let owner = text(&image["OwnerId"]);
        let foreign = !own.is_empty() && !owner.is_empty() && owner != own;
        if image["Public"] == true && (account.is_strict() || !foreign) {
            findings.add(text(&image["ImageId"]), text(&image["Name"]));
        }
    }
}
