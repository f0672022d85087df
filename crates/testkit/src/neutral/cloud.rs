//! Believable clouds: a region with networks, zones, tiers, services beside them, the world outside.

use super::{Edge, Neutral, Node};
use crate::dice::Dice;

const ICON: (f64, f64) = (64.0, 64.0);
const TIERS: [&str; 3] = ["public", "app", "data"];
const WEB: &[&str] = &["web", "api", "worker", "batch", "search", "cart"];
const STORES: &[&str] = &["db", "cache", "index"];
const SERVICES: &[&str] = &["bucket", "queue", "function", "table", "topic", "stream", "secret"];

/// About `size` boxes, containers among them, and about as many links.
pub fn generate(seed: u64, size: usize) -> Neutral {
    let mut maker = Maker { graph: Neutral::default(), dice: Dice(seed ^ 0x6e65_7574) };
    maker.fill(size);
    maker.graph
}

struct Maker {
    graph: Neutral,
    dice: Dice,
}

/// What other parts may link to.
struct Vpc {
    balancers: Vec<String>,
    apps: Vec<String>,
    stores: Vec<String>,
}

impl Maker {
    fn node(&mut self, id: String, parent: Option<&str>, label: &str, kind: &'static str) -> String {
        let size = matches!(kind, "resource" | "external").then_some(ICON);
        let parent = parent.map(str::to_owned);
        self.graph.nodes.push(Node { id: id.clone(), parent, size, label: label.to_owned(), kind });
        id
    }

    fn link(&mut self, from: &str, to: &str, kind: &'static str) {
        if from != to {
            let id = format!("e{}", self.graph.edges.len());
            self.graph.edges.push(Edge { id, from: from.to_owned(), to: to.to_owned(), kind });
        }
    }

    fn percent(&mut self, share: usize) -> bool {
        self.dice.below(100) < share
    }

    fn one<'a>(&mut self, of: &'a [String]) -> Option<&'a String> {
        (!of.is_empty()).then(|| &of[self.dice.below(of.len())])
    }

    fn fill(&mut self, size: usize) {
        let internet = self.node("internet".into(), None, "Internet", "external");
        let dns = self.node("dns".into(), None, "example.com", "external");
        let cdn = self.node("cdn".into(), None, "cdn", "external");
        self.link(&internet, &dns, "request");
        self.link(&internet, &cdn, "request");
        let region = self.node("region".into(), None, "eu-west-1", "region");
        let vpcs = ((size as f64).sqrt() / 5.0).floor().max(1.0) as usize;
        let services = size * 3 / 20;
        let zones = if size < 200 { 2 } else { 3 };
        let containers = 4 + vpcs * (1 + zones * 4);
        let leaves = size.saturating_sub(containers + services).max(vpcs * 6);
        // The first networks are the large ones.
        let weights: Vec<f64> = (0..vpcs).map(|n| 1.0 / (n as f64 + 1.5)).collect();
        let sum: f64 = weights.iter().sum();
        let mut made: Vec<Vpc> = Vec::new();
        for (n, weight) in weights.iter().enumerate() {
            let share = (leaves as f64 * weight / sum).round().max(6.0) as usize;
            let vpc = self.vpc(n, &region, zones, share);
            if let Some(balancer) = vpc.balancers.first() {
                let outside = if n == 0 { cdn.clone() } else { internet.clone() };
                self.link(&outside, balancer, "request");
            }
            made.push(vpc);
        }
        self.services(&region, services, &made, &cdn);
        for n in 1..made.len() {
            let (from, to) = (self.dice.below(n), n);
            let (a, b) = (self.one(&made[from].apps).cloned(), self.one(&made[to].balancers).cloned());
            if let (Some(a), Some(b)) = (a, b) {
                self.link(&a, &b, "request");
            }
        }
    }

    fn vpc(&mut self, number: usize, region: &str, zones: usize, leaves: usize) -> Vpc {
        let vpc = self.node(format!("vpc{number}"), Some(region), &format!("vpc-{number}"), "vpc");
        let mut made = Vpc { balancers: Vec::new(), apps: Vec::new(), stores: Vec::new() };
        let mut subnets: Vec<[String; 3]> = Vec::new();
        for zone in 0..zones {
            let letter = char::from(b'a' + zone as u8);
            let az = format!("{vpc}-{letter}");
            let az = self.node(az, Some(&vpc), &format!("eu-west-1{letter}"), "az");
            subnets.push(TIERS.map(|tier| {
                self.node(format!("{az}-{tier}"), Some(&az), &format!("{tier}-{letter}"), "subnet")
            }));
        }
        // One zone of one network in three holds most of its instances: real accounts are uneven.
        let crowded = self.percent(34).then(|| self.dice.below(zones));
        for n in 0..leaves {
            let zone = match crowded {
                Some(zone) if self.percent(50) => zone,
                _ => n % zones,
            };
            let tier = match n {
                0 | 1 => 0,
                2 | 3 => 1,
                4 | 5 => 2,
                _ if self.percent(10) => 0,
                _ if self.percent(18) => 2,
                _ => 1,
            };
            let subnet = subnets[zone][tier].clone();
            let stem = match tier {
                0 => "lb",
                1 => self.dice.pick(WEB),
                _ => self.dice.pick(STORES),
            };
            let leaf = self.node(format!("{subnet}-{n}"), Some(&subnet), &format!("{stem}-{n}"), "resource");
            match tier {
                0 => made.balancers.push(leaf),
                1 => made.apps.push(leaf),
                _ => made.stores.push(leaf),
            }
        }
        for app in made.apps.clone() {
            if self.percent(72)
                && let Some(balancer) = self.one(&made.balancers).cloned()
            {
                self.link(&balancer, &app, "request");
            }
            if self.percent(42)
                && let Some(store) = self.one(&made.stores).cloned()
            {
                self.link(&app, &store, "data");
            }
            if self.percent(12)
                && let Some(other) = self.one(&made.apps).cloned()
            {
                self.link(&app, &other, "request");
            }
        }
        for n in 1..made.stores.len() {
            if self.percent(30) {
                let (a, b) = (made.stores[n - 1].clone(), made.stores[n].clone());
                self.link(&a, &b, "data");
            }
        }
        made
    }

    fn services(&mut self, region: &str, count: usize, vpcs: &[Vpc], cdn: &str) {
        let mut last: Option<String> = None;
        for n in 0..count {
            let stem = self.dice.pick(SERVICES);
            let service = self.node(format!("svc{n}"), Some(region), &format!("{stem}-{n}"), "resource");
            // Chains of a few services, and uses from the networks.
            match last.take() {
                Some(before) if self.percent(72) => self.link(&before, &service, "event"),
                _ if n == 0 => self.link(cdn, &service, "request"),
                _ => {}
            }
            if self.percent(45) {
                let vpc = self.dice.below(vpcs.len());
                if let Some(app) = self.one(&vpcs[vpc].apps).cloned() {
                    let kind = if self.dice.one_in(2) { "data" } else { "event" };
                    self.link(&app, &service, kind);
                }
            }
            last = Some(service);
        }
    }
}
