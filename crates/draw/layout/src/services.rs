//! Regional services outside VPCs: flows from left to right, stores beside the VPCs that use them,
//! the rest in labelled groups.

use std::collections::{BTreeMap, HashMap, HashSet};

use isobar_graph::{Family, Index};

use crate::block::{Block, Spec};
use crate::blueprint::PlateKind;
use crate::metrics::{LABEL_GAP, Metrics, text_width};
use crate::plan::{Plan, ranks};
use crate::stack::{number, of_type, scattered};
use crate::subnet::{SORTED, grid};
use crate::vpc::rounded;

/// A service with this many neighbours joins flows that have nothing else in common, such as an
/// alarm topic; it is kept from tying them together.
const HUB: usize = 10;
/// So many unconnected resources of one type get a plate of their own.
const OWN_GROUP: usize = 4;

/// The services of a region, placed in pieces.
#[derive(Default)]
pub(crate) struct Services {
    /// Used from inside VPCs: they go to the data side.
    pub beside: Vec<Index>,
    /// Flows, largest first, then groups; each in several shapes.
    pub flows: Vec<Vec<Block>>,
    pub groups: Vec<Vec<Block>>,
}

/// Sorts out the resources that stand directly in a region.
pub(crate) fn sort_out(plan: &Plan<'_, '_>, key: &str, loose: &[Index], has_vpcs: bool) -> Services {
    let among: HashSet<Index> = loose.iter().copied().collect();
    let mut services = Services::default();
    let mut alone: Vec<Index> = Vec::new();
    let mut flows: Vec<Vec<Block>> = Vec::new();
    for members in components(plan, loose, &among) {
        let outside = members.iter().any(|&at| plan.near(at).iter().any(|(other, _)| in_vpc(plan, *other)));
        match members.as_slice() {
            [one] if !outside => alone.push(*one),
            [..] if has_vpcs && outside && members.len() <= 2 => services.beside.extend(&members),
            _ => flows.push(flow(plan, members)),
        }
    }
    // By what seldom changes when one joins: about their size, and the least of their members' numbers.
    flows.sort_by_cached_key(|shapes| {
        let nodes = shapes.first().map_or(&[][..], |b| &b.nodes);
        let least = nodes.iter().map(|n| number(plan.get(n.index).id.as_str())).min();
        (std::cmp::Reverse(nodes.len().next_power_of_two()), least)
    });
    services.flows = flows;
    let (keys, rest): (Vec<Index>, Vec<Index>) =
        alone.into_iter().partition(|&at| plan.service(at) == "kms" && (1..=8).contains(&plan.trust(at)));
    let mut rest = rest;
    if has_vpcs && keys.len() <= 2 {
        services.beside.extend(keys)
    } else {
        rest.extend(keys)
    }
    services.groups = groups(plan, key, rest);
    services
}

fn in_vpc(plan: &Plan<'_, '_>, at: Index) -> bool {
    plan.view.graph.enclosing(at, isobar_graph::ContainerKind::Vpc).is_some()
}

/// Resources joined by request, data and event lines, in the order of their first member.
fn components(plan: &Plan<'_, '_>, loose: &[Index], among: &HashSet<Index>) -> Vec<Vec<Index>> {
    let neighbours = |at: Index| plan.near(at).iter().map(|n| n.0).filter(|n| among.contains(n));
    let hubs: HashSet<Index> = loose.iter().copied().filter(|&at| neighbours(at).count() >= HUB).collect();
    let mut seen: HashSet<Index> = HashSet::new();
    let mut all = Vec::new();
    for &start in
        loose.iter().filter(|at| !hubs.contains(at)).chain(loose.iter().filter(|at| hubs.contains(at)))
    {
        if !seen.insert(start) {
            continue;
        }
        let mut members = vec![start];
        let mut next = 0;
        while next < members.len() {
            let at = members[next];
            next += 1;
            if hubs.contains(&at) {
                continue;
            }
            for other in neighbours(at) {
                // A hub goes with whoever comes first, and leads no further.
                if seen.insert(other) {
                    members.push(other);
                }
            }
        }
        all.push(members);
    }
    all
}

/// One flow in several shapes: columns by the longest path to each member, rows so that lines run
/// straight.
fn flow(plan: &Plan<'_, '_>, mut members: Vec<Index>) -> Vec<Block> {
    plan.sort_anew(&mut members);
    let place: HashMap<Index, usize> = members.iter().enumerate().map(|(n, &at)| (at, n)).collect();
    let near: Vec<Vec<(Index, bool)>> = members
        .iter()
        .map(|&at| {
            plan.near(at)
                .iter()
                .filter_map(|&(other, ahead)| place.get(&other).map(|&n| (Index(n as u32), ahead)))
                .collect()
        })
        .collect();
    let local: Vec<Index> = (0..members.len() as u32).map(Index).collect();
    let mut layer = ranks(&near, &local);
    // A source stands right before what it feeds.
    for n in 0..members.len() {
        let first = near[n].iter().all(|&(_, ahead)| ahead);
        if let (true, Some(next)) = (first, near[n].iter().map(|&(to, _)| layer[to.at()]).min()) {
            layer[n] = next.saturating_sub(1);
        }
    }
    let depth = layer.iter().max().map_or(1, |&d| d as usize + 1);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for (n, &l) in layer.iter().enumerate() {
        layers[l as usize].push(n);
    }
    let row = flow_rows(&near, &mut layers);
    let top = row.iter().copied().fold(f64::MAX, f64::min);
    let row: Vec<f64> = row.into_iter().map(|r| r - top).collect();
    let mut tried = Vec::new();
    let mut shapes = Vec::new();
    for aspect in [2.4, 1.0, 4.0] {
        let rows = rows_for(&plan.metrics, &layers, aspect);
        if !tried.contains(&rows) {
            tried.push(rows);
            shapes.push(flow_block(plan, &members, &layers, &row, rows));
        }
    }
    shapes
}

/// A flow of so many rows at most.
fn flow_block(
    plan: &Plan<'_, '_>,
    members: &[Index],
    layers: &[Vec<usize>],
    row: &[f64],
    rows: usize,
) -> Block {
    let mut block = Block::default();
    let mut x = 0.0;
    for here in layers {
        let pitch = here.iter().map(|&n| plan.pitch(members[n])).fold(plan.metrics.pitch_x, f64::max)
            + plan.metrics.flow_room;
        let wraps = here.len() > rows || here.iter().any(|&n| row[n] >= rows as f64);
        for (k, &n) in here.iter().enumerate() {
            let (column, row) = if wraps { (k / rows, (k % rows) as f64) } else { (0, row[n]) };
            let at = (x + pitch * (column as f64 + 0.5), plan.metrics.lead + plan.metrics.pitch_y * row);
            block.stand(members[n], at.0, at.1, pitch - plan.metrics.flow_room - LABEL_GAP);
            block.h = block.h.max(at.1 + plan.metrics.tail);
        }
        x += pitch * if wraps { here.len().div_ceil(rows) } else { 1 } as f64;
    }
    block.w = x;
    block
}

/// The longest chain runs straight along the first row; branches fall below where they part.
fn flow_rows(near: &[Vec<(Index, bool)>], layers: &mut [Vec<usize>]) -> Vec<f64> {
    let mut ahead = vec![0usize; near.len()];
    for layer in layers.iter().rev() {
        for &n in layer {
            ahead[n] = near[n]
                .iter()
                .filter(|x| x.1)
                .map(|x| ahead[x.0.at()] + 1)
                .max()
                .unwrap_or(0)
                .min(near.len());
        }
    }
    let mut row: Vec<Option<f64>> = vec![None; near.len()];
    for pass in 0..2 {
        for layer in layers.iter_mut() {
            let mut wanted: Vec<(f64, std::cmp::Reverse<usize>, usize)> = layer
                .iter()
                .map(|&n| {
                    let of = |direction: bool| {
                        let rows = near[n].iter().filter(|x| x.1 == direction).filter_map(|x| row[x.0.at()]);
                        rows.fold(f64::MAX, f64::min)
                    };
                    let before = of(false);
                    // A source learns in the second pass where what it feeds has come to stand.
                    let want = if before < f64::MAX || pass == 0 { before } else { of(true) };
                    (want, std::cmp::Reverse(ahead[n]), n)
                })
                .collect();
            wanted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
            let mut free = 0.0;
            for &(want, _, n) in &wanted {
                let at = if want < f64::MAX { want.max(free) } else { free };
                row[n] = Some(at);
                free = at + 1.0;
            }
            *layer = wanted.into_iter().map(|w| w.2).collect();
        }
    }
    row.into_iter().map(|r| r.unwrap_or(0.0)).collect()
}

/// How many rows a flow may have to be no taller than an aspect allows.
fn rows_for(metrics: &Metrics, layers: &[Vec<usize>], aspect: f64) -> usize {
    // Pitches stand for rows and columns in either projection.
    const TALL: f64 = 3.6;
    let most = layers.iter().map(Vec::len).max().unwrap_or(1);
    let width = |rows: usize| {
        layers.iter().map(|l| l.len().div_ceil(rows)).sum::<usize>() as f64
            * (metrics.pitch_x + metrics.flow_room)
    };
    (1..=most).find(|&rows| width(rows) / (rows as f64 * TALL) <= aspect).unwrap_or(most).max(1)
}

/// Unconnected resources: a plate per frequent type, the others by family.
fn groups(plan: &Plan<'_, '_>, key: &str, members: Vec<Index>) -> Vec<Vec<Block>> {
    let mut by_type: BTreeMap<(Family, &str), Vec<Index>> = BTreeMap::new();
    for at in members {
        let resource = plan.get(at);
        by_type.entry((resource.family, resource.component.as_ref())).or_default().push(at);
    }
    let mut named: Vec<(String, Vec<Index>)> = Vec::new();
    let mut by_family: BTreeMap<Family, Vec<Index>> = BTreeMap::new();
    for ((family, component), members) in by_type {
        if members.len() >= OWN_GROUP {
            named.push((plural(plan, component, members[0]), members));
        } else {
            by_family.entry(family).or_default().extend(members);
        }
    }
    let mut other = Vec::new();
    for (family, members) in by_family {
        if members.len() >= 2 {
            named.push((family_title(family).to_owned(), members));
        } else {
            other.extend(members);
        }
    }
    if !other.is_empty() {
        named.push(("Other services".to_owned(), other));
    }
    named.sort_by(|a, b| rounded(b.1.len()).cmp(&rounded(a.1.len())).then_with(|| a.0.cmp(&b.0)));
    named.into_iter().map(|(title, members)| group(plan, key, title, members)).collect()
}

/// A labelled plate with a grid, in several shapes.
fn group(plan: &Plan<'_, '_>, key: &str, title: String, mut members: Vec<Index>) -> Vec<Block> {
    plan.sort(&mut members);
    if members.len() > SORTED && plan.hint.is_none() {
        members = scattered(plan, &members);
    }
    let wide = text_width(&title) + 0.4;
    if let Some(stack) = of_type(plan, &title, &members) {
        let place = format!("{key}/group");
        let widths = [8usize, 4, 12];
        return widths.iter().map(|&w| stack.block(plan, &place, w, plan.metrics.pitch_x)).collect();
    }
    let key = format!("{key}/group/{title}");
    let spec = Spec { kind: PlateKind::Group, resource: None, title, rule: None, key };
    grids(plan, &members)
        .into_iter()
        .map(|mut inner| {
            inner.w = inner.w.max(wide);
            inner.framed(spec.clone(), plan.metrics.pads(PlateKind::Group))
        })
        .collect()
}

/// Resources in a grid, in several shapes.
pub(crate) fn grids(plan: &Plan<'_, '_>, members: &[Index]) -> Vec<Block> {
    let pitch = members.iter().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
    let count = rounded(members.len()).max(1);
    let mut tried: Vec<usize> = Vec::new();
    for aspect in [1.6, 0.5, 4.0, 0.15] {
        let columns = ((count as f64 * aspect).sqrt().round() as usize).clamp(1, count);
        // As narrow as its rows allow.
        let columns = count.div_ceil(count.div_ceil(columns));
        if !tried.contains(&columns) && (count <= 12 || aspect > 0.2) {
            tried.push(columns);
        }
    }
    tried.into_iter().map(|columns| grid(plan, members, columns, pitch)).collect()
}

/// What a type's resources are called together.
fn plural(plan: &Plan<'_, '_>, component: &str, one: Index) -> String {
    let words = match plan.get(one).kind.as_ref() {
        "s3:bucket" => "S3 buckets",
        "lambda:function" => "Lambda functions",
        "sqs:queue" => "SQS queues",
        "sns:topic" => "SNS topics",
        "dynamodb:table" => "DynamoDB tables",
        "kms:key" => "KMS keys",
        "secretsmanager:secret" => "Secrets",
        "iam:role" => "IAM roles",
        "iam:user" => "IAM users",
        "iam:group" => "IAM groups",
        "iam:policy" => "IAM policies",
        "iam:instance-profile" => "Instance profiles",
        "apigateway:rest-api" | "apigatewayv2:api" => "APIs",
        "ec2:instance" => "EC2 instances",
        "ec2:volume" => "EBS volumes",
        "ec2:elastic-ip" => "Elastic IPs",
        "ecs:cluster" => "ECS clusters",
        "ecs:service" => "ECS services",
        "rds:db-instance" => "RDS instances",
        "route53:hosted-zone" => "Hosted zones",
        "cloudfront:distribution" => "CloudFront",
        _ => return component.to_owned(),
    };
    words.to_owned()
}

fn family_title(family: Family) -> &'static str {
    match family {
        Family::Compute => "Compute",
        Family::Storage => "Storage",
        Family::Database => "Databases",
        Family::Network => "Network",
        Family::Security => "Security",
        Family::Integration => "Integration",
        Family::Edge => "Edge",
        Family::Neutral => "Other services",
    }
}
