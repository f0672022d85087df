//! Texts made from a resource's fields: a path, or a template with paths in braces.
//!
//! In: `"QueueUrl"`, `"arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}"`, or a list of such, of
//! which the first that can be filled in wholly counts. Out: the text, or none. What the texts are
//! used for is left to the graph.

use serde_json::Value;

use crate::path::Path;

/// One text or several alternatives; the first whose fields are all there is taken.
#[derive(Debug, Clone, Default)]
pub struct Text {
    alternatives: Vec<Vec<Piece>>,
}

/// What templates know besides the resource's own fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// `{partition}`.
    pub partition: &'a str,
    /// `{region}`; empty for `global`.
    pub region: &'a str,
    /// `{account}`.
    pub account: &'a str,
    /// `{arn}`, once it is known.
    pub arn: &'a str,
}

#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    Partition,
    Region,
    Account,
    Arn(Change),
    Field(Path, Change),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    None,
    // After the last `/` or `:`.
    Last,
    // `t3a` of `t3a.xlarge`, `r6g` of `db.r6g.large`.
    Family,
    // `xlarge` of `t3a.xlarge`.
    Size,
    Lower,
    // Without a trailing dot and a leading `dualstack.` or `*.`, in lower case.
    Host,
    // Words of AWS's shouting constants: `PAY_PER_REQUEST` becomes `pay per request`.
    Words,
    // `ecr.dkr` of `com.amazonaws.eu-west-1.ecr.dkr`.
    Endpoint,
}

const CHANGES: [(&str, Change); 7] = [
    ("last:", Change::Last),
    ("family:", Change::Family),
    ("size:", Change::Size),
    ("lower:", Change::Lower),
    ("host:", Change::Host),
    ("words:", Change::Words),
    ("endpoint:", Change::Endpoint),
];

impl Text {
    /// Reads one alternative per text.
    pub fn parse<S: AsRef<str>>(alternatives: &[S]) -> Result<Self, String> {
        let alternatives = alternatives.iter().map(|text| pieces(text.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { alternatives })
    }

    /// The last part of the ARN.
    pub fn arn_last_part() -> Self {
        Self { alternatives: vec![vec![Piece::Arn(Change::Last)]] }
    }

    /// Whether nothing was ever asked.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// The paths in it, for a test that walks them.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.alternatives.iter().flatten().filter_map(|piece| match piece {
            Piece::Field(path, _) => Some(path),
            _ => None,
        })
    }

    /// The first alternative that can be filled in.
    pub fn fill(&self, value: &Value, context: Context<'_>) -> Option<String> {
        self.fill_with(value, context, |path, value| path.text(value))
    }

    /// The same for a text that people read: a `false`, as `Flag && 'word'` yields where the flag is
    /// off, counts as none.
    pub fn line(&self, value: &Value, context: Context<'_>) -> Option<String> {
        self.fill_with(value, context, |path, value| path.text(value).filter(|text| text != "false"))
    }

    fn fill_with(
        &self,
        value: &Value,
        context: Context<'_>,
        read: fn(&Path, &Value) -> Option<String>,
    ) -> Option<String> {
        self.alternatives
            .iter()
            .find_map(|pieces| fill(pieces, value, context, read))
            .filter(|text| !text.is_empty())
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    if !text.contains('{') {
        return Ok(vec![field(text)?]);
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            pieces.push(Piece::Literal(rest[..open].to_owned()));
        }
        let close = rest[open..].find('}').ok_or_else(|| format!("{text:?} lacks a closing brace"))? + open;
        pieces.push(match &rest[open + 1..close] {
            "partition" => Piece::Partition,
            "region" => Piece::Region,
            "account" => Piece::Account,
            "arn" => Piece::Arn(Change::None),
            "last:arn" => Piece::Arn(Change::Last),
            inner => field(inner)?,
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(pieces)
}

fn field(text: &str) -> Result<Piece, String> {
    for (prefix, change) in CHANGES {
        if let Some(path) = text.strip_prefix(prefix) {
            return Ok(Piece::Field(Path::parse(path)?, change));
        }
    }
    Ok(Piece::Field(Path::parse(text)?, Change::None))
}

fn fill(
    pieces: &[Piece],
    value: &Value,
    context: Context<'_>,
    read: fn(&Path, &Value) -> Option<String>,
) -> Option<String> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Partition => out.push_str(context.partition),
            Piece::Region => out.push_str(context.region),
            Piece::Account => out.push_str(context.account),
            Piece::Arn(change) => out.push_str(&change.apply(context.arn.to_owned())?),
            Piece::Field(path, change) => out.push_str(&change.apply(read(path, value)?)?),
        }
    }
    Some(out)
}

impl Change {
    fn apply(self, text: String) -> Option<String> {
        let changed = match self {
            Self::None => text,
            Self::Last => text.rsplit(['/', ':']).next()?.to_owned(),
            Self::Family => instance_type(&text)?.0.to_owned(),
            Self::Size => instance_type(&text)?.1.to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Host => host(&text).to_owned(),
            Self::Endpoint => match text.split_once("amazonaws.") {
                Some((_, rest)) => rest.split_once('.').map_or(rest, |(_, name)| name).to_owned(),
                None => text,
            },
            Self::Words => text.to_lowercase().replace('_', " "),
        };
        (!changed.is_empty()).then_some(changed)
    }
}

/// Family and size of `t3a.xlarge`, `db.r6g.large`, `r6g.large.search`.
fn instance_type(text: &str) -> Option<(&str, &str)> {
    let bare = ["db.", "cache.", "dax."].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let bare =
        [".search", ".elasticsearch"].iter().find_map(|suffix| bare.strip_suffix(suffix)).unwrap_or(bare);
    bare.split_once('.')
}

/// A host name as it is compared: lower case, without the trailing dot and AWS's `dualstack.`.
pub fn host(text: &str) -> String {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or(bare).trim_end_matches('.');
    bare.strip_prefix("dualstack.").unwrap_or(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(alternatives: &[&str], expected: Option<&str>) {
        let value = json!({
            "VpcId": "vpc-1", "Type": "db.r6g.large", "Url": "https://sqs/1/jobs", "N": 5,
            "Dns": "dualstack.Web-1.elb.amazonaws.com.", "Mode": "PAY_PER_REQUEST", "Class": "r6g.large.search",
            "Endpoint": "com.amazonaws.eu-west-1.ecr.dkr",
        });
        let context = Context { partition: "aws", region: "eu-west-1", account: "1", arn: "arn:aws:x:::a/b" };
        let text = Text::parse(alternatives).unwrap();
        assert_eq!(text.fill(&value, context).as_deref(), expected, "{alternatives:?}");
    }

    #[test]
    fn a_flag_that_is_off_is_no_word() {
        let zone = json!({"Config": {"PrivateZone": false}, "Count": 9, "None": 0, "One": 1});
        for (alternatives, fill, line) in [
            (
                &["{Config.PrivateZone && 'private'}, {Count} records", "{Count} records"][..],
                "false, 9 records",
                "9 records",
            ),
            (&["Config.PrivateZone && 'private'"], "false", ""),
            (&["{words:Config.PrivateZone && 'FIFO'} queue", "'queue'"], "false queue", "queue"),
            (&["{None != `0` && None} services"], "false services", ""),
            (&["{One == `1` && One} service", "{One != `0` && One} services"], "1 service", "1 service"),
        ] {
            let text = Text::parse(alternatives).unwrap();
            assert_eq!(text.fill(&zone, Context::default()).unwrap_or_default(), fill);
            assert_eq!(text.line(&zone, Context::default()).unwrap_or_default(), line);
        }
    }

    #[test]
    fn fills_templates() {
        check(&["VpcId"], Some("vpc-1"));
        check(
            &["arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}"],
            Some("arn:aws:ec2:eu-west-1:1:vpc/vpc-1"),
        );
        check(&["{Nope} x", "{N} shards"], Some("5 shards"));
        check(&["Nope"], None);
        check(&["{family:Type}/{size:Type}"], Some("r6g/large"));
        check(&["{family:Class}"], Some("r6g"));
        check(&["last:Url"], Some("jobs"));
        check(&["{last:arn}"], Some("b"));
        check(&["host:Dns"], Some("web-1.elb.amazonaws.com"));
        check(&["words:Mode"], Some("pay per request"));
        check(&["family:VpcId"], None);
        check(&["endpoint:Endpoint"], Some("ecr.dkr"));
        check(&["endpoint:VpcId"], Some("vpc-1"));
        assert!(Text::parse(&["{open"]).is_err());
    }
}
