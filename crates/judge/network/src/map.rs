//! Who may reach whom, by security groups: the question CloudMapper's map answers.
//!
//! In: members of VPCs with their groups and addresses, the groups, and which VPCs are peered. Out:
//! [`Link`]s between *peers*, where a peer is a group's members as one, or an address range. A
//! caller that wants pairs of members asks [`Network::pairs`]; the cost is then that of its answer.
//!
//! Deliberately left out, as CloudMapper leaves it out: routes, network ACLs, egress rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::address::Cidr;
use crate::group::{SecurityGroup, Source};

/// Something with security groups in a VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its VPC.
    pub vpc: String,
    /// Its groups' ids.
    pub groups: Vec<String>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// It can be reached from outside.
    pub public: bool,
    /// It can start traffic; a database cannot.
    pub starts: bool,
}

/// One side of a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// All members that wear a group, by the group's position.
    Group(usize),
    /// The members of the group's VPC and of its peers with an address in a private range.
    Inside(Cidr),
    /// An address range outside.
    Range(Cidr),
    /// Every member of a VPC, by the VPC's id.
    Vpc(String),
}

/// Traffic that a group lets in: from a peer to the members that wear the group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Who may come.
    pub from: Peer,
    /// The group whose rule admits it, by position; its members are reached.
    pub group: usize,
    /// Which of the members it reaches.
    pub reach: Reach,
}

/// Which members of a group a link reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// All of them.
    All,
    /// Those that can be reached from outside.
    Public,
    /// Those that cannot.
    Private,
}

impl Reach {
    fn takes(self, member: &Member) -> bool {
        match self {
            Self::All => true,
            Self::Public => member.public,
            Self::Private => !member.public,
        }
    }
}

/// Members, groups and peerings, indexed.
#[derive(Debug)]
pub struct Network {
    members: Vec<Member>,
    groups: Vec<SecurityGroup>,
    /// Members by group position, ascending.
    wearers: Vec<Vec<usize>>,
    /// Members by VPC, ascending.
    residents: BTreeMap<String, Vec<usize>>,
    /// Members' addresses in order, for ranges.
    addresses: BTreeMap<String, BTreeMap<IpAddr, Vec<usize>>>,
    peers: BTreeMap<String, BTreeSet<String>>,
    ranges: BTreeMap<String, Vec<Cidr>>,
    /// Members that a private range means, seen from a VPC.
    inside: BTreeMap<(String, Cidr), Vec<usize>>,
}

impl Network {
    /// Indexes. `ranges` are the VPCs' own address ranges, `peerings` pairs of VPC ids.
    pub fn new(
        members: Vec<Member>,
        groups: Vec<SecurityGroup>,
        ranges: BTreeMap<String, Vec<Cidr>>,
        peerings: &[(String, String)],
    ) -> Self {
        let position: HashMap<&str, usize> =
            groups.iter().enumerate().map(|(at, g)| (g.id.as_str(), at)).collect();
        let mut wearers = vec![Vec::new(); groups.len()];
        let mut residents: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut addresses: BTreeMap<String, BTreeMap<IpAddr, Vec<usize>>> = BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            let worn: BTreeSet<usize> =
                member.groups.iter().filter_map(|id| position.get(id.as_str()).copied()).collect();
            for group in worn {
                wearers[group].push(at);
            }
            residents.entry(member.vpc.clone()).or_default().push(at);
            let here = addresses.entry(member.vpc.clone()).or_default();
            for &address in &member.addresses {
                here.entry(address).or_default().push(at);
            }
        }
        let mut peers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (a, b) in peerings {
            peers.entry(a.clone()).or_default().insert(b.clone());
            peers.entry(b.clone()).or_default().insert(a.clone());
        }
        let inside = BTreeMap::new();
        let mut network = Self { members, groups, wearers, residents, addresses, peers, ranges, inside };
        network.inside = network.all_insiders();
        network
    }

    /// Every private range of a rule that somebody wears, with the members it means.
    fn all_insiders(&self) -> BTreeMap<(String, Cidr), Vec<usize>> {
        let mut inside = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            if self.wearers[at].is_empty() {
                continue;
            }
            let Some(vpc) = &group.vpc else { continue };
            for range in group.ingress.iter().flat_map(|rule| rule.ranges()).filter(|r| r.is_private()) {
                inside
                    .entry((vpc.clone(), *range))
                    .or_insert_with(|| self.insiders(vpc, range).into_iter().collect());
            }
        }
        inside
    }

    /// The groups by position.
    pub fn groups(&self) -> &[SecurityGroup] {
        &self.groups
    }

    /// The members by position.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The members that wear a group.
    pub fn wearers(&self, group: usize) -> &[usize] {
        &self.wearers[group]
    }

    /// Every link, sorted, without twins. `internal` adds the ones between members.
    pub fn links(&self, internal: bool) -> Vec<Link> {
        let position: HashMap<&str, usize> =
            self.groups.iter().enumerate().map(|(at, g)| (g.id.as_str(), at)).collect();
        let mut links = BTreeSet::new();
        for (group, sg) in self.groups.iter().enumerate() {
            if self.wearers[group].is_empty() {
                continue;
            }
            let Some(vpc) = &sg.vpc else { continue };
            for (source, _) in sg.ingress.iter().flat_map(|rule| &rule.sources) {
                match source {
                    Source::Range(range) if range.is_private() => {
                        let anyone = self.inside.get(&(vpc.clone(), *range)).is_some_and(|m| !m.is_empty());
                        if internal && anyone {
                            links.insert(Link { from: Peer::Inside(*range), group, reach: Reach::All });
                        }
                    }
                    Source::Range(range) => {
                        links.insert(Link { from: Peer::Range(*range), group, reach: Reach::Public });
                        // Whoever may come from everywhere may come from next door.
                        if range.is_everything() && internal {
                            links.insert(Link { from: Peer::Vpc(vpc.clone()), group, reach: Reach::Private });
                        }
                    }
                    Source::Group(id) if internal => {
                        if let Some(&from) = position.get(id.as_str())
                            && !self.wearers[from].is_empty()
                        {
                            links.insert(Link { from: Peer::Group(from), group, reach: Reach::All });
                        }
                    }
                    Source::Group(_) | Source::PrefixList(_) | Source::Unreadable(_) => {}
                }
            }
        }
        links.into_iter().collect()
    }

    /// The members in a VPC and its peers whose address lies in a range that meets the VPC's own.
    fn insiders(&self, vpc: &str, range: &Cidr) -> BTreeSet<usize> {
        let neighbours = self.peers.get(vpc).into_iter().flatten().map(String::as_str);
        let mut inside = BTreeSet::new();
        for place in std::iter::once(vpc).chain(neighbours) {
            let meets = self.ranges.get(place).is_some_and(|own| own.iter().any(|r| r.nests(range)));
            if !meets {
                continue;
            }
            if let Some(addresses) = self.addresses.get(place) {
                let within = addresses.range(range.first()..=range.last());
                inside.extend(within.flat_map(|(_, members)| members));
            }
        }
        inside
    }

    /// The members a link comes from, those that cannot start traffic among them. None for ranges
    /// outside, which are no members.
    pub fn sources(&self, link: &Link) -> &[usize] {
        match &link.from {
            Peer::Group(group) => &self.wearers[*group],
            Peer::Inside(range) => {
                let vpc = self.groups[link.group].vpc.clone().unwrap_or_default();
                self.inside.get(&(vpc, *range)).map(Vec::as_slice).unwrap_or_default()
            }
            Peer::Vpc(vpc) => self.residents.get(vpc).map(Vec::as_slice).unwrap_or_default(),
            Peer::Range(_) => &[],
        }
    }

    /// The pairs of members that a link stands for, sources that cannot start traffic and loops
    /// left out. Empty for ranges, which are no members.
    pub fn pairs<'a>(&'a self, link: &'a Link) -> impl Iterator<Item = (usize, usize)> + 'a {
        let sources = self.sources(link);
        let targets = &self.wearers[link.group];
        sources
            .iter()
            .filter(|&&from| self.members[from].starts)
            .flat_map(move |&from| targets.iter().map(move |&to| (from, to)))
            .filter(|(from, to)| from != to && link.reach.takes(&self.members[*to]))
    }

    /// The members that a range reaches by a link.
    pub fn reached(&self, link: &Link) -> impl Iterator<Item = usize> {
        let reach = link.reach;
        self.wearers[link.group].iter().copied().filter(move |&m| reach.takes(&self.members[m]))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn network(groups: serde_json::Value, members: &[(&str, &str, bool)]) -> Network {
        let groups = groups.as_array().unwrap().iter().map(SecurityGroup::read).collect();
        let members = members
            .iter()
            .map(|(group, address, public)| Member {
                vpc: "vpc-1".into(),
                groups: vec![(*group).to_owned()],
                addresses: vec![address.parse().unwrap()],
                public: *public,
                starts: true,
            })
            .collect();
        let ranges = BTreeMap::from([("vpc-1".to_owned(), vec![Cidr::parse("10.0.0.0/16").unwrap()])]);
        Network::new(members, groups, ranges, &[])
    }

    fn dump(network: &Network, internal: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for link in network.links(internal) {
            match &link.from {
                Peer::Range(range) => {
                    lines.extend(network.reached(&link).map(|to| format!("{range} -> {to}")))
                }
                _ => lines.extend(network.pairs(&link).map(|(from, to)| format!("{from} -> {to}"))),
            }
        }
        lines.sort();
        lines.dedup();
        lines
    }

    #[test]
    fn groups_ranges_and_neighbours() {
        let groups = json!([
            {"GroupId": "web", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}]},
            {"GroupId": "app", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
                "UserIdGroupPairs": [{"GroupId": "web"}, {"GroupId": "gone"}]}]},
            {"GroupId": "db", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
                "IpRanges": [{"CidrIp": "10.0.1.0/24"}]}]}]);
        let members = [
            ("web", "10.0.0.1", true),
            ("web", "10.0.0.2", false),
            ("app", "10.0.1.1", false),
            ("db", "10.0.2.1", false),
        ];
        let network = network(groups, &members);
        assert_eq!(dump(&network, true), ["0 -> 2", "1 -> 2", "2 -> 3", "203.0.113.0/24 -> 0"]);
        assert_eq!(dump(&network, false), ["203.0.113.0/24 -> 0"]);
    }
}
