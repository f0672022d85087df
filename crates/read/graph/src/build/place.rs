//! What holds what: account > region > VPC > zone > subnet > resource.
//!
//! In: drafts. Out: their parents, spans and borders, with accounts, regions and zones added.

use std::collections::BTreeSet;

use isobar_model::{AwsAccountId, Region};

use super::{AccountName, Build, Synthetic};
use crate::graph::Index;
use crate::kind::ContainerKind;

/// Adds accounts, regions and zones, and stands VPCs and subnets in them.
pub(super) fn containers(build: &mut Build<'_>) {
    for account in build.accounts.keys().cloned().collect::<Vec<_>>() {
        account_of(build, account);
    }
    for at in of_container(build, ContainerKind::Vpc) {
        let (account, region) = home(build, at);
        let parent = region_of(build, account, region);
        build.resource_mut(at).parent = Some(parent);
    }
    for at in of_container(build, ContainerKind::Subnet) {
        let (account, region) = home(build, at);
        let spec = build.drafts[at.at()].spec;
        let text = |path: Option<&isobar_catalog::Path>| {
            path.and_then(|path| path.text(&build.resource(at).attributes))
        };
        let vpc = text(spec.and_then(|spec| spec.place.vpc.as_ref()));
        let zone = text(spec.and_then(|spec| spec.place.zone.as_ref()));
        let vpc = vpc.and_then(|id| build.find_near(build.resource(at), "ec2:vpc", &id));
        let parent = match (vpc, zone) {
            (Some(vpc), Some(zone)) => zone_of(build, vpc, &zone),
            (Some(vpc), None) => vpc,
            (None, _) => region_of(build, account, region),
        };
        build.resource_mut(at).parent = Some(parent);
    }
}

/// Stands everything else where it belongs.
pub(super) fn all(build: &mut Build<'_>) {
    for at in (0..build.drafts.len() as u32).map(Index) {
        let resource = build.resource(at);
        if resource.parent.is_some() || resource.container.is_some() {
            continue;
        }
        let Some(spec) = build.drafts[at.at()].spec else { continue };
        let fields = resource.attributes.clone();
        let place = &spec.place;
        // Auto Scaling writes its subnets as one text with commas.
        let ids: Vec<String> = place.subnets.as_ref().map(|path| path.texts(&fields)).unwrap_or_default();
        let ids: BTreeSet<&str> = ids.iter().flat_map(|text| text.split(',')).map(str::trim).collect();
        let mut subnets: Vec<Index> =
            ids.iter().filter_map(|id| build.find_near(resource, "ec2:subnet", id)).collect();
        if let Some(zone) = place.zone.as_ref().and_then(|path| path.text(&fields)) {
            let there: Vec<Index> = subnets
                .iter()
                .copied()
                .filter(|&subnet| {
                    build.resource(subnet).parent.is_some_and(|at| build.resource(at).native_id == zone)
                })
                .collect();
            if !there.is_empty() {
                subnets = there;
            }
        }
        let named = place.vpc.as_ref().and_then(|path| path.text(&fields));
        let vpc = named
            .and_then(|id| build.find_near(resource, "ec2:vpc", &id))
            .or_else(|| subnets.first().and_then(|&subnet| build.vpc_of(subnet)));
        let border = place.border && vpc.is_some();
        let (parent, spans) = match (subnets.as_slice(), vpc) {
            ([only], _) => (*only, Vec::new()),
            (several, Some(vpc)) => (vpc, several.to_vec()),
            (_, None) => {
                let (account, region) = home(build, at);
                (region_of(build, account, region), Vec::new())
            }
        };
        let resource = build.resource_mut(at);
        resource.parent = Some(parent);
        resource.spans = spans;
        resource.on_border = border;
    }
}

fn of_container(build: &Build<'_>, kind: ContainerKind) -> Vec<Index> {
    let all = (0..build.drafts.len() as u32).map(Index);
    all.filter(|&at| build.resource(at).container == Some(kind)).collect()
}

fn home(build: &Build<'_>, at: Index) -> (Option<AwsAccountId>, Region) {
    let resource = build.resource(at);
    (resource.account.clone(), resource.region.clone())
}

fn partition(build: &Build<'_>, account: &Option<AwsAccountId>, region: &Region) -> &'static str {
    let own = build.accounts.get(account).map(|known| known.partition);
    own.unwrap_or_else(|| region.partition()).as_str()
}

fn account_of(build: &mut Build<'_>, account: Option<AwsAccountId>) -> Index {
    let digits = account.as_ref().map_or("", AwsAccountId::as_str).to_owned();
    let known: Option<&AccountName> = build.accounts.get(&account);
    let name = known.and_then(|known| known.name.clone());
    let partition = partition(build, &account, &Region::global());
    let label = if digits.is_empty() { "unknown".to_owned() } else { digits.clone() };
    build.synthetic(Synthetic {
        id: format!("arn:{partition}:isobar::{digits}:account/{label}"),
        kind: "isobar:account",
        icon: "account",
        name: name.unwrap_or_else(|| label.clone()),
        native_id: label,
        account,
        region: Region::global(),
        parent: None,
        container: Some(ContainerKind::Account),
    })
}

/// The region of an account, made when it is first asked for.
pub(super) fn region_of(build: &mut Build<'_>, account: Option<AwsAccountId>, region: Region) -> Index {
    let digits = account.as_ref().map_or("", AwsAccountId::as_str);
    let id = format!("arn:{}:isobar::{digits}:region/{region}", partition(build, &account, &region));
    let parent = account_of(build, account.clone());
    build.synthetic(Synthetic {
        id,
        kind: "isobar:region",
        icon: "region",
        account,
        native_id: region.to_string(),
        name: region.to_string(),
        region,
        parent: Some(parent),
        container: Some(ContainerKind::Region),
    })
}

fn zone_of(build: &mut Build<'_>, vpc: Index, zone: &str) -> Index {
    let (account, region) = home(build, vpc);
    let digits = account.as_ref().map_or("", AwsAccountId::as_str);
    let id = format!(
        "arn:{}:isobar:{region}:{digits}:zone/{}/{zone}",
        partition(build, &account, &region),
        build.resource(vpc).native_id,
    );
    build.synthetic(Synthetic {
        id,
        kind: "isobar:zone",
        icon: "zone",
        account,
        region,
        native_id: zone.to_owned(),
        name: zone.to_owned(),
        parent: Some(vpc),
        container: Some(ContainerKind::Zone),
    })
}
