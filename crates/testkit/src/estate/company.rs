//! One hand-written company of about sixty resources, to look at while drawing.

use isobar_graph::{Graph, RelationKind, Tier};

use super::build::{self, Estate};

/// A shop: two zones of web and order services, a serverless intake, analytics, an unused default
/// network.
pub fn company() -> Graph {
    use RelationKind::*;
    let mut e = Estate::new("111122223333");
    let account = e.account("orders-platform");
    let global = e.region(account, "global");
    let region = e.region(account, "us-east-1");
    let net = e.internet();
    let dns = e.add(build::ZONE_DNS, global, "Z0EXAMPLE", "example.com", "hosted zone");
    let cdn = e.add(build::CDN, global, "E2QWRUH", "cdn-web", "E2QWRUH");
    e.link(Enters, net, dns);
    e.link(Enters, net, cdn);
    e.link(AliasOf, dns, cdn);

    let vpc = e.vpc(region, "0prod", "vpc-prod", "10.20.0.0/16");
    let igw = e.add(build::IGW, vpc, "igw-0c41", "igw-main", "igw-0c41");
    e.on_border(igw);
    e.link(OriginOf, cdn, igw);
    let (mut public, mut app, mut data) = (Vec::new(), Vec::new(), Vec::new());
    for (n, letter) in ["a", "b"].into_iter().enumerate() {
        let zone = e.zone(vpc, &format!("us-east-1{letter}"));
        let named = |tier: &str| format!("{tier}-{letter}");
        public.push(e.subnet(
            zone,
            Tier::Public,
            &named("pub"),
            &named("public"),
            &format!("10.20.{n}.0/24"),
        ));
        app.push(e.subnet(
            zone,
            Tier::Private,
            &named("app"),
            &named("app"),
            &format!("10.20.{}.0/24", 10 + n),
        ));
        data.push(e.subnet(
            zone,
            Tier::Isolated,
            &named("data"),
            &named("data"),
            &format!("10.20.{}.0/24", 20 + n),
        ));
        let nat = e.add(build::NAT, public[n], &named("nat"), &named("nat"), ["52.2.14.9", "3.91.7.22"][n]);
        e.link(RoutesTo, public[n], igw);
        e.link(RoutesTo, app[n], nat);
    }
    let alb = e.add(build::BALANCER, vpc, "app/alb-web/50dc", "alb-web", ":443");
    e.spanning(alb, &public);
    e.link(Enters, igw, alb);
    let internal = e.add(build::BALANCER, vpc, "app/alb-orders/61aa", "alb-orders", "internal :80");
    e.spanning(internal, &app);
    let database = e.add(build::DATABASE, data[0], "orders-db", "orders-db", "postgres 16 writer");
    let standby = e.add(build::DATABASE, data[1], "orders-db-2", "orders-db", "reader");
    e.link(Replicates, database, standby);
    let sessions = e.add(build::CACHE, data[0], "sessions", "sessions", "redis 7");
    let key = e.add(build::KEY, region, "cmk-data", "cmk-data", "rotated yearly");
    e.link(Encrypts, key, database);
    let media = e.add(build::BUCKET, region, "media", "media", "2.4 TB");
    e.link(Encrypts, key, media);
    e.link(OriginOf, cdn, media);
    for (n, &app) in app.iter().enumerate() {
        for k in 0..2 {
            let web = e.add(
                build::INSTANCE,
                app,
                &format!("i-0web{n}{k}"),
                &format!("web-{}", 2 * n + k + 1),
                "m7g.large",
            );
            e.link(Targets, alb, web);
            e.link(ConnectsTo, web, internal);
        }
        let orders = e.add(build::TASKS, app, &format!("orders-{n}"), "orders", "4 tasks");
        e.link(Targets, internal, orders);
        e.link(Writes, orders, database);
        e.link(Reads, orders, sessions);
        e.link(Writes, orders, media);
    }
    let indexer = e.add(build::FUNCTION, vpc, "search-indexer", "search-indexer", "python3.13");
    e.spanning(indexer, &app);
    e.link(Reads, indexer, database);
    let endpoint = e.add(build::ENDPOINT, vpc, "vpce-0s3", "s3-endpoint", "gateway");
    e.link(ConnectsTo, endpoint, media);

    // Serverless intake, one row.
    let api = e.add(build::API, region, "a1b2c3", "public-api", "HTTP");
    let ingest = e.add(build::FUNCTION, region, "ingest", "ingest", "nodejs22.x");
    let jobs = e.add(build::QUEUE, region, "jobs", "jobs", "12 waiting");
    let dead = e.add(build::QUEUE, region, "jobs-dead", "jobs-dead-letters", "0 waiting");
    let worker = e.add(build::FUNCTION, region, "worker", "worker", "python3.13");
    let events = e.add(build::TABLE, region, "events", "events", "on demand");
    let alerts = e.add(build::TOPIC, region, "alerts", "alerts", "3 subscribers");
    let pager = e.add(build::FUNCTION, region, "pager", "pager", "nodejs22.x");
    e.link(OriginOf, cdn, api);
    e.link(Invokes, api, ingest);
    e.link(Writes, ingest, jobs);
    e.link(DeadLettersTo, jobs, dead);
    e.link(Invokes, jobs, worker);
    e.link(Writes, worker, events);
    e.link(Publishes, worker, alerts);
    e.link(Subscribes, alerts, pager);
    // Reports, another.
    let exports = e.add(build::BUCKET, region, "exports", "exports-prod-eu", "310 GB");
    let report = e.add(build::FUNCTION, region, "report-maker", "report-maker", "java21");
    let reports = e.add(build::TABLE, region, "reports", "reports", "on demand");
    e.link(Publishes, exports, report);
    e.link(Writes, report, reports);

    // What nothing points to.
    for name in ["logs-access", "logs-cloudtrail", "terraform-state", "athena-results", "backups-2019"] {
        e.add(build::BUCKET, region, name, name, "");
    }
    for name in ["nightly-cleanup", "rotate-tokens", "old-import"] {
        e.add(build::FUNCTION, region, name, name, "python3.9");
    }
    for name in ["orders/db", "stripe/api", "sendgrid/token"] {
        let secret = e.add(build::SECRET, region, &name.replace('/', "-"), name, "");
        e.link(Encrypts, key, secret);
    }
    for name in ["deploy", "app-orders", "lambda-basic", "admin"] {
        e.add(build::ROLE, global, name, name, "");
    }

    // The default network nobody uses.
    let unused = e.vpc(region, "0default", "default", "172.31.0.0/16");
    let gate = e.add(build::IGW, unused, "igw-0d0d", "igw-0d0d", "");
    e.on_border(gate);
    for (n, letter) in ["a", "b", "c"].into_iter().enumerate() {
        let zone = e.zone(unused, &format!("us-east-1{letter}"));
        let subnet = e.subnet(
            zone,
            Tier::Public,
            &format!("def-{letter}"),
            &format!("subnet-0def{n}"),
            &format!("172.31.{}.0/20", 16 * n),
        );
        e.link(RoutesTo, subnet, gate);
    }
    let (resources, relations, dress) = e.finish("Orders platform");
    dress.assemble(resources, relations)
}
