//! Estates of any size from a seed.

use isobar_graph::{ContainerKind, Graph, Index, Relation, RelationKind, Resource, Tier};
use isobar_model::{AwsAccountId, ResourceId};

use super::build::{self, Dress, Estate};
use crate::dice::Dice;

const TEAMS: &[&str] =
    &["orders", "billing", "search", "catalog", "shipping", "identity", "reports", "media"];
const SIZES: &[&str] = &["t4g.medium", "m7g.large", "m7g.xlarge", "c7g.2xlarge", "r7g.large"];
const RUNTIMES: &[&str] = &["python3.13", "nodejs22.x", "java21", "provided.al2023", "python3.9"];
const WORDS: &[&str] =
    &["events", "imports", "invoices", "thumbs", "audit", "mails", "prices", "stock", "users"];
const REGIONS: &[&str] = &["eu-west-1", "us-east-1", "ap-southeast-2", "eu-central-1"];

/// A graph of about `size` drawn resources; the same for the same seed and size.
pub fn generate(seed: u64, size: usize) -> Graph {
    let (resources, relations, dress) = parts(seed, size);
    dress.assemble(resources, relations)
}

/// The same graph as [`generate`] gives, assembled from parts in another order.
pub fn shuffled(seed: u64, size: usize, order: u64) -> Graph {
    let (resources, mut relations, dress) = parts(seed, size);
    let mut dice = Dice(order);
    let mut places: Vec<usize> = (0..resources.len()).collect();
    for at in (1..places.len()).rev() {
        places.swap(at, dice.below(at + 1));
    }
    let mut new_place = vec![0; places.len()];
    for (new, &old) in places.iter().enumerate() {
        new_place[old] = new;
    }
    let moved = |at: Index| Index(new_place[at.at()] as u32);
    let resources = places
        .iter()
        .map(|&old| {
            let mut resource = resources[old].clone();
            resource.parent = resource.parent.map(moved);
            resource.spans = resource.spans.iter().map(|&at| moved(at)).collect();
            resource
        })
        .collect();
    for at in (1..relations.len()).rev() {
        relations.swap(at, dice.below(at + 1));
    }
    let relations =
        relations.into_iter().map(|r| Relation { from: moved(r.from), to: moved(r.to), ..r }).collect();
    dress.assemble(resources, relations)
}

/// Estates of several accounts in one graph, which have the internet in common.
pub fn several(estates: &[(u64, usize)]) -> Graph {
    let (mut resources, mut relations, mut first) = (Vec::new(), Vec::new(), None);
    for (n, &(seed, size)) in estates.iter().enumerate() {
        let (of_one, links, dress) = parts(seed, size);
        let moved = |at: Index| Index(at.0 + resources.len() as u32);
        let number = format!("{:012}", 123_456_789_012 + n);
        let own = of_one.into_iter().map(|mut resource: Resource| {
            resource.id = ResourceId::new(resource.id.as_str().replace("123456789012", &number));
            resource.account = resource.account.map(|_| AwsAccountId::parse(&number).expect("twelve digits"));
            if resource.container == Some(ContainerKind::Account) {
                resource.name = format!("team-{}", n + 1);
            }
            resource.parent = resource.parent.map(moved);
            resource.spans.iter_mut().for_each(|at| *at = moved(*at));
            resource
        });
        let own: Vec<Resource> = own.collect();
        relations.extend(links.into_iter().map(|r| Relation { from: moved(r.from), to: moved(r.to), ..r }));
        resources.extend(own);
        first = first.or(Some(dress));
    }
    match first {
        Some(dress) => dress.assemble(resources, relations),
        None => Graph::assemble(resources, relations),
    }
}

fn parts(seed: u64, size: usize) -> (Vec<Resource>, Vec<Relation>, Dress) {
    let mut maker = Maker { e: Estate::new("123456789012"), dice: Dice(seed ^ 0x1507_BA12), serial: 0 };
    maker.fill(size);
    maker.e.finish("Example estate")
}

struct Maker {
    e: Estate,
    dice: Dice,
    serial: usize,
}

impl Maker {
    /// A new id such as AWS would make up.
    fn id(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}{:08x}{:04x}", self.dice.next() as u32, self.serial)
    }

    fn fill(&mut self, size: usize) {
        let account = self.e.account("example");
        let global = self.e.region(account, "global");
        let net = self.e.internet();
        let dns = self.e.add(build::ZONE_DNS, global, "Z01", "example.com", "hosted zone");
        self.e.link(RelationKind::Enters, net, dns);
        let mut region_number = 0;
        while self.e.len() < size {
            let region = self.e.region(account, REGIONS[region_number % REGIONS.len()]);
            if region_number >= REGIONS.len() {
                break;
            }
            let left = size.saturating_sub(self.e.len());
            // Regions after the first get a third of what is left, the last all of it.
            let share =
                if size < 200 || region_number + 1 == REGIONS.len() { left } else { left * 2 / 3 + 40 };
            self.region(region, global, net, dns, share);
            region_number += 1;
        }
    }

    fn region(&mut self, region: Index, global: Index, net: Index, dns: Index, share: usize) {
        let end = self.e.len() + share;
        let key = self.id("key-");
        let key = self.e.add(build::KEY, region, &key, "cmk-data", "rotated yearly");
        let mut first = true;
        let mut last_vpc = None;
        while self.e.len() < end {
            let room = end - self.e.len();
            let vpc = self.vpc(
                region,
                global,
                net,
                dns,
                key,
                if first { room * 2 / 3 } else { room / 2 }.clamp(12, 900),
            );
            if let (Some(last), true) = (last_vpc, self.dice.one_in(2)) {
                self.e.link(RelationKind::Peers, vpc, last);
            }
            last_vpc = Some(vpc);
            first = false;
            let flows = (end.saturating_sub(self.e.len()) / 16).clamp(usize::from(room > 8), 12);
            for _ in 0..flows {
                self.serverless(region, net, key);
            }
            for _ in 0..(room / 12).min(30) {
                let name = format!("{}-{}", self.dice.pick(TEAMS), self.dice.pick(WORDS));
                let (look, prefix) = [
                    (build::BUCKET, "b-"),
                    (build::FUNCTION, "f-"),
                    (build::BUCKET, "c-"),
                    (build::SECRET, "s-"),
                ][self.dice.below(4)];
                let id = self.id(prefix);
                self.e.add(look, region, &id, &name, "");
            }
        }
    }

    fn vpc(
        &mut self,
        region: Index,
        global: Index,
        net: Index,
        dns: Index,
        key: Index,
        room: usize,
    ) -> Index {
        use RelationKind::*;
        let team = self.dice.pick(TEAMS);
        let id = self.id("");
        let net_number = self.dice.below(200);
        let vpc = self.e.vpc(region, &id, &format!("{team}-vpc"), &format!("10.{net_number}.0.0/16"));
        let end = self.e.len() + room;
        let igw = self.id("igw-");
        let igw = self.e.add(build::IGW, vpc, &igw, &igw.clone(), "");
        self.e.on_border(igw);
        let cdn = self.id("E");
        let cdn = self.e.add(build::CDN, global, &cdn, &format!("cdn-{team}"), "");
        self.e.link(Enters, net, cdn);
        self.e.link(AliasOf, dns, cdn);
        self.e.link(OriginOf, cdn, igw);
        let zones = if room < 40 { 2 } else { 2 + self.dice.below(2) };
        let (mut public, mut app, mut data) = (Vec::new(), Vec::new(), Vec::new());
        for (n, letter) in ["a", "b", "c"].into_iter().take(zones).enumerate() {
            let zone = self.e.zone(vpc, &format!("zone-1{letter}"));
            for (tier, stem, list) in [
                (Tier::Public, "public", &mut public),
                (Tier::Private, "app", &mut app),
                (Tier::Isolated, "data", &mut data),
            ] {
                self.serial += 1;
                let sid = format!("{:06x}{:04x}", self.dice.next() & 0xff_ffff, self.serial);
                let cidr = format!("10.{net_number}.{}.0/24", list.len() + 10 * n);
                list.push(self.e.subnet(zone, tier, &sid, &format!("{stem}-{letter}"), &cidr));
            }
            let nat = self.id("nat-");
            let nat = self.e.add(build::NAT, public[n], &nat, &format!("nat-{letter}"), "");
            self.e.link(RoutesTo, public[n], igw);
            self.e.link(RoutesTo, app[n], nat);
        }
        let mut stores = Vec::new();
        for (n, &subnet) in data.iter().enumerate() {
            let id = self.id("db-");
            let db = self.e.add(
                build::DATABASE,
                subnet,
                &id,
                &format!("{team}-db"),
                if n == 0 { "postgres 16" } else { "reader" },
            );
            if let Some(&writer) = stores.first() {
                self.e.link(Replicates, writer, db);
            } else {
                self.e.link(Encrypts, key, db);
            }
            stores.push(db);
        }
        let id = self.id("media-");
        let media = self.e.add(build::BUCKET, region, &id, &format!("{team}-media"), "");
        while self.e.len() + 4 < end {
            let service = self.dice.pick(TEAMS);
            let id = self.id("app/");
            let outside = self.dice.below(3) > 0;
            let balancer = self.e.add(build::BALANCER, vpc, &id, &format!("alb-{service}"), ":443");
            self.e.spanning(balancer, if outside { &public } else { &app });
            if outside {
                self.e.link(Enters, igw, balancer);
            }
            let left = end.saturating_sub(self.e.len());
            let each = (1 + self.dice.below(if room > 200 { 24 } else { 5 })).min(left / zones + 1);
            let containers = self.dice.one_in(3);
            for (n, &subnet) in app.iter().enumerate() {
                for k in 0..each {
                    let id = self.id("i-");
                    let at = if containers {
                        self.e.add(build::TASKS, subnet, &id, service, "4 tasks")
                    } else {
                        let size = self.dice.pick(SIZES);
                        self.e.add(
                            build::INSTANCE,
                            subnet,
                            &id,
                            &format!("{service}-{}", n * each + k + 1),
                            size,
                        )
                    };
                    self.e.link(Targets, balancer, at);
                    self.e.link(Writes, at, stores[0]);
                    if self.dice.one_in(6) {
                        self.e.link(Writes, at, media);
                    }
                }
            }
            if self.dice.one_in(2) {
                let id = self.id("fn-");
                let runtime = self.dice.pick(RUNTIMES);
                let function = self.e.add(build::FUNCTION, vpc, &id, &format!("{service}-sync"), runtime);
                self.e.spanning(function, &app);
                self.e.link(Reads, function, stores[0]);
            }
            if self.dice.one_in(3) {
                let id = self.id("redis-");
                let cache = self.e.add(build::CACHE, vpc, &id, &format!("{service}-cache"), "redis 7");
                self.e.spanning(cache, &data);
            }
        }
        vpc
    }

    /// api -> function -> queue -> function -> table, with variations.
    fn serverless(&mut self, region: Index, net: Index, key: Index) {
        use RelationKind::*;
        let team = self.dice.pick(TEAMS);
        let word = self.dice.pick(WORDS);
        let add = |this: &mut Self, look: build::Look, suffix: &str, detail: &str| {
            let id = this.id("x");
            this.e.add(look, region, &id, &format!("{team}-{word}{suffix}"), detail)
        };
        let runtime = self.dice.pick(RUNTIMES);
        let first = if self.dice.one_in(3) {
            add(self, build::BUCKET, "-drop", "")
        } else {
            let api = add(self, build::API, "-api", "HTTP");
            self.e.link(Enters, net, api);
            api
        };
        let intake = add(self, build::FUNCTION, "-in", runtime);
        self.e.link(Invokes, first, intake);
        let table = add(self, build::TABLE, "", "on demand");
        if self.dice.one_in(3) {
            self.e.link(Writes, intake, table);
            return;
        }
        let queue = add(self, build::QUEUE, "-jobs", "");
        self.e.link(Writes, intake, queue);
        if self.dice.one_in(2) {
            let dead = add(self, build::QUEUE, "-dead", "");
            self.e.link(DeadLettersTo, queue, dead);
        }
        let worker = add(self, build::FUNCTION, "-work", runtime);
        self.e.link(Invokes, queue, worker);
        self.e.link(Writes, worker, table);
        if self.dice.one_in(3) {
            let topic = add(self, build::TOPIC, "-done", "");
            self.e.link(Publishes, worker, topic);
        }
        if self.dice.one_in(5) {
            self.e.link(Encrypts, key, table);
        }
    }
}
