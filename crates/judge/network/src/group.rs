//! Security groups and what their rules admit.
//!
//! Source: EC2 API Reference, `IpPermission`.

use serde_json::Value;

use crate::address::{AddressSet, Cidr};
use crate::port::PortSet;

/// Who a rule admits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An address range.
    Range(Cidr),
    /// Members of a group, by its id.
    Group(String),
    /// A managed prefix list.
    PrefixList(String),
    /// A range nobody can read, as text.
    Unreadable(String),
}

/// One permission of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `tcp`, `udp`, `icmp`, `-1` for all, or a number.
    pub protocol: String,
    /// The ports; every port where the protocol is all or names none.
    pub ports: PortSet,
    /// Who is admitted, with the description beside it.
    pub sources: Vec<(Source, Option<String>)>,
}

impl Rule {
    /// The rule's address ranges.
    pub fn ranges(&self) -> impl Iterator<Item = &Cidr> {
        self.sources.iter().filter_map(|(source, _)| match source {
            Source::Range(range) => Some(range),
            _ => None,
        })
    }

    /// Whether it speaks of TCP or UDP ports.
    pub fn has_ports(&self) -> bool {
        matches!(self.protocol.as_str(), "tcp" | "udp" | "6" | "17" | "-1")
    }

    /// Whether it admits every address of a family, in one range or in several together.
    pub fn admits_everyone(&self) -> bool {
        let set = AddressSet::of(self.ranges());
        set.is_all_v4() || set.is_all_v6()
    }
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-1`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its VPC; none in EC2-Classic.
    pub vpc: Option<String>,
    /// What may come in.
    pub ingress: Vec<Rule>,
    /// What may go out.
    pub egress: Vec<Rule>,
}

impl SecurityGroup {
    /// Reads one item of `DescribeSecurityGroups`.
    pub fn read(group: &Value) -> Self {
        let text = |key: &str| group[key].as_str().unwrap_or_default().to_owned();
        Self {
            id: text("GroupId"),
            name: text("GroupName"),
            vpc: group["VpcId"].as_str().map(str::to_owned),
            ingress: list(&group["IpPermissions"]).iter().map(read_rule).collect(),
            egress: list(&group["IpPermissionsEgress"]).iter().map(read_rule).collect(),
        }
    }

    /// The ports open to every address of IPv4 or IPv6.
    pub fn public_ports(&self) -> PortSet {
        let mut ports = PortSet::default();
        for rule in self.ingress.iter().filter(|r| r.has_ports() && r.admits_everyone()) {
            ports.extend(&rule.ports);
        }
        ports
    }

    /// Whether some rule admits everyone, by whatever protocol.
    pub fn admits_everyone(&self) -> bool {
        self.ingress.iter().any(Rule::admits_everyone)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn read_rule(permission: &Value) -> Rule {
    let protocol = match &permission["IpProtocol"] {
        Value::String(text) => text.to_ascii_lowercase(),
        other => other.to_string(),
    };
    let mut sources = Vec::new();
    let mut take = |key: &str, field: &str, make: fn(&str) -> Source| {
        for item in list(&permission[key]) {
            if let Some(text) = item[field].as_str() {
                sources.push((make(text), item["Description"].as_str().map(str::to_owned)));
            }
        }
    };
    take("IpRanges", "CidrIp", range);
    take("Ipv6Ranges", "CidrIpv6", range);
    take("UserIdGroupPairs", "GroupId", |id| Source::Group(id.to_owned()));
    take("PrefixListIds", "PrefixListId", |id| Source::PrefixList(id.to_owned()));
    let ports = match (permission["FromPort"].as_i64(), permission["ToPort"].as_i64()) {
        (Some(from), Some(to)) if protocol != "-1" => {
            let mut ports = PortSet::default();
            ports.insert(from, to);
            ports
        }
        _ => PortSet::all(),
    };
    Rule { protocol, ports, sources }
}

fn range(text: &str) -> Source {
    Cidr::parse(text).map_or_else(|| Source::Unreadable(text.to_owned()), Source::Range)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn public_ports(permissions: Value) -> String {
        SecurityGroup::read(&json!({"GroupId": "sg-1", "IpPermissions": permissions}))
            .public_ports()
            .to_string()
    }

    #[test]
    fn open_ports() {
        let rule = |protocol: &str, from: i64, to: i64, ranges: &[&str]| {
            let ranges: Vec<Value> = ranges.iter().map(|r| json!({"CidrIp": r})).collect();
            json!({"IpProtocol": protocol, "FromPort": from, "ToPort": to, "IpRanges": ranges})
        };
        assert_eq!(
            public_ports(json!([
                rule("tcp", 443, 443, &["0.0.0.0/0"]),
                rule("tcp", 22, 22, &["10.0.0.0/8"])
            ])),
            "443"
        );
        assert_eq!(public_ports(json!([rule("tcp", 80, 80, &["0.0.0.0/1", "128.0.0.0/1"])])), "80");
        assert_eq!(public_ports(json!([rule("icmp", -1, -1, &["0.0.0.0/0"])])), "");
        assert_eq!(
            public_ports(json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])),
            "0-65535"
        );
        assert_eq!(
            public_ports(
                json!([{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}])
            ),
            "53"
        );
    }
}
