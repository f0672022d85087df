//! `sg_ips`: the address ranges that security groups trust, where they are and whose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use isobar_network::{Cidr, SecurityGroup, Source};
use isobar_report::map;

use super::Accounts;
use crate::answers::{items, printable, regions};
use crate::geography::{Geography, Place};
use crate::{Context, Error};

/// List the address ranges that security groups trust.
#[derive(Debug, Args)]
pub struct SgIps {
    #[command(flatten)]
    accounts: Accounts,
    /// MaxMind's City file; data/GeoLite2-City.mmdb where it lies there
    #[arg(long)]
    city: Option<String>,
    /// MaxMind's ASN file; data/GeoLite2-ASN.mmdb where it lies there
    #[arg(long)]
    asn: Option<String>,
    /// Where to draw the map of the places, when they are known
    #[arg(long = "output_image", alias = "output-image", default_value = "trusted_ips.svg")]
    output_image: String,
}

/// Ranges inside which nobody should have a peer. Source: RFC 6890 and RFC 5771.
const UNNEEDED: [(&str, &str); 9] = [
    ("169.254.0.0/16", "link-local"),
    ("127.0.0.0/8", "loopback"),
    ("192.0.2.0/24", "test network"),
    ("198.51.100.0/24", "test network"),
    ("203.0.113.0/24", "test network"),
    ("192.88.99.0/24", "former 6to4 relay"),
    ("198.18.0.0/15", "benchmark network"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
];

/// More addresses than this are many.
const MANY: u128 = 2048;

impl SgIps {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        let city = self.file(context, self.city.as_deref(), "data/GeoLite2-City.mmdb")?;
        let asn = self.file(context, self.asn.as_deref(), "data/GeoLite2-ASN.mmdb")?;
        let geography = Geography::open(city.as_deref(), asn.as_deref())?;
        let mut trusted: BTreeMap<Cidr, BTreeSet<String>> = BTreeMap::new();
        let mut warnings: Vec<String> = Vec::new();
        let groups = context.each(&accounts, |account, recording| {
            let mut groups = Vec::new();
            for region in regions(recording) {
                for item in items(recording, region, "ec2", "DescribeSecurityGroups", "/SecurityGroups") {
                    let group = SecurityGroup::read(item);
                    groups.push((format!("{} {region} {}", account.name, group.id), group));
                }
            }
            groups
        });
        for groups in groups {
            for (place, group) in groups? {
                take(&group, &place, &mut trusted, &mut warnings);
            }
        }
        for range in trusted.keys().filter(|r| r.size() > MANY && !r.is_everything()) {
            warnings.push(format!("WARNING: Large CIDR {range} contains {} IPs", range.size()));
        }
        let mut rows: Vec<(Place, Cidr, String)> = trusted
            .into_iter()
            .map(|(range, about)| {
                let words = about.into_iter().filter(|d| !d.is_empty()).collect::<Vec<_>>().join("|");
                (geography.place(range.first()), range, words)
            })
            .collect();
        rows.sort_by_key(|(place, range, _)| {
            (place.country.clone(), place.state.clone(), place.city.clone(), *range)
        });
        warnings.iter().for_each(|w| context.output.line(printable(w)));
        for (place, range, about) in &rows {
            let cells = format!("{:<18}\t{:<20}\t", range.to_string(), printable(about));
            let found = format!("{:<50}\t{}", printable(&place.words()), printable(&place.network));
            context.output.line(format!("{cells}{found}"));
        }
        if geography.knows_places() {
            let points: Vec<map::Point> = rows
                .iter()
                .filter_map(|(place, range, about)| {
                    let (latitude, longitude) = place.point?;
                    let words = place.words();
                    let name = format!("{range} {words} {about}").trim_end().to_owned();
                    // What is not known leaves its dash at the end: `ZA--`.
                    let place = words.trim_matches('-').to_owned();
                    Some(map::Point { latitude, longitude, name, place })
                })
                .collect();
            let path = context.place.path(&self.output_image)?;
            context.write(&path, map::map("Addresses that security groups trust", &points).as_bytes())?;
            context.output.note(format!("Image saved to {}", self.output_image));
        } else {
            context.output.note(
                "Places are unknown: put MaxMind's GeoLite2-City.mmdb and GeoLite2-ASN.mmdb into data/, \
                 or name them with --city and --asn",
            );
        }
        Ok(())
    }

    fn file(&self, context: &Context, given: Option<&str>, usual: &str) -> Result<Option<PathBuf>, Error> {
        match given {
            Some(path) => context.place.path(path).map(Some),
            None => Ok(Some(context.place.path(usual)?).filter(|path| path.is_file())),
        }
    }
}

/// Notes a group's external ranges with their descriptions, and what is odd about them.
fn take(
    group: &SecurityGroup,
    place: &str,
    trusted: &mut BTreeMap<Cidr, BTreeSet<String>>,
    warnings: &mut Vec<String>,
) {
    for rule in group.ingress.iter().chain(&group.egress) {
        for (source, _) in &rule.sources {
            if let Source::Unreadable(text) = source {
                warnings.push(format!("WARNING: Unknown CIDR {text} in {place}"));
            }
        }
    }
    for rule in &group.ingress {
        let ranges: Vec<&Cidr> = rule.ranges().collect();
        for (at, one) in ranges.iter().enumerate() {
            for other in &ranges[at + 1..] {
                if one.nests(other) {
                    warnings.push(format!("WARNING: Overlapping CIDRs {one} and {other} in {place}"));
                }
            }
        }
        for (source, about) in &rule.sources {
            let Source::Range(range) = source else { continue };
            if range.is_everything() || range.is_private() {
                continue;
            }
            let unneeded =
                UNNEEDED.iter().find(|(own, _)| Cidr::parse(own).is_some_and(|o| o.contains(range)));
            if let Some((_, why)) = unneeded {
                warnings.push(format!("WARNING: Unneeded CIDR {range} ({why}) in {place}"));
                continue;
            }
            if range.to_string().starts_with("0.0.0.0") {
                warnings.push(format!("WARNING: Unexpected CIDR {range} in {place}"));
            }
            trusted.entry(*range).or_default().insert(about.clone().unwrap_or_default());
        }
    }
}
