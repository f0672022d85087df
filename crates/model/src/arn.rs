//! Amazon Resource Names, `arn:partition:service:region:account:resource`.
//!
//! Source: AWS General Reference, "Identify AWS resources with Amazon Resource Names (ARNs)".

use std::fmt;

use crate::ParseError;

/// A parsed ARN. Region and account may be empty, as they are for S3 buckets and IAM.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: String,
    // Ends of the first five fields in `text`; one allocation instead of six.
    ends: [u16; 5],
}

impl Arn {
    /// Reads an ARN; the resource part may hold further colons.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new(text, "an ARN (arn:partition:service:region:account:resource)");
        if text.len() > 2048 || text.chars().any(|c| c.is_control()) {
            return Err(wrong());
        }
        let mut ends = [0u16; 5];
        let mut from = 0;
        for end in &mut ends {
            let at = from + text[from..].find(':').ok_or_else(wrong)?;
            *end = at as u16;
            from = at + 1;
        }
        let arn = Self { text: text.to_owned(), ends };
        let sound = arn.field(0) == "arn"
            && !arn.partition().is_empty()
            && !arn.service().is_empty()
            && !arn.resource().is_empty();
        if sound { Ok(arn) } else { Err(wrong()) }
    }

    fn field(&self, index: usize) -> &str {
        let from = if index == 0 { 0 } else { self.ends[index - 1] as usize + 1 };
        &self.text[from..self.ends[index] as usize]
    }

    /// `aws`, `aws-cn`, `aws-us-gov`, ...
    pub fn partition(&self) -> &str {
        self.field(1)
    }
    /// The service namespace, `ec2`.
    pub fn service(&self) -> &str {
        self.field(2)
    }
    /// The region, empty for global resources.
    pub fn region(&self) -> &str {
        self.field(3)
    }
    /// The twelve digits, empty where AWS leaves them out, `aws` for AWS's own resources.
    pub fn account(&self) -> &str {
        self.field(4)
    }
    /// All after the fifth colon: `instance/i-0abc`, `my-topic`, `table/orders`.
    pub fn resource(&self) -> &str {
        &self.text[self.ends[4] as usize + 1..]
    }
    /// The resource after its last `/` or `:`.
    pub fn last_part(&self) -> &str {
        let resource = self.resource();
        resource.rsplit(['/', ':']).next().unwrap_or(resource)
    }
    /// The text as it was read.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<[&str; 6]>) {
        let got = Arn::parse(text).ok();
        let fields = got
            .as_ref()
            .map(|a| [a.partition(), a.service(), a.region(), a.account(), a.resource(), a.last_part()]);
        assert_eq!(fields, expected, "{text}");
    }

    #[test]
    fn reads_the_forms_aws_uses() {
        check(
            "arn:aws:ec2:eu-west-1:123456789012:instance/i-0ab",
            Some(["aws", "ec2", "eu-west-1", "123456789012", "instance/i-0ab", "i-0ab"]),
        );
        check("arn:aws:s3:::photos", Some(["aws", "s3", "", "", "photos", "photos"]));
        check(
            "arn:aws-cn:lambda:cn-north-1:1:function:f:7",
            Some(["aws-cn", "lambda", "cn-north-1", "1", "function:f:7", "7"]),
        );
    }

    #[test]
    fn refuses_what_is_no_arn() {
        for text in
            ["", "arn", "arn:aws:ec2", "arn:invalid-arn", "arn::ec2:::x", "arn:aws:ec2:::", "x:a:b:c:d:e"]
        {
            check(text, None);
        }
    }
}
