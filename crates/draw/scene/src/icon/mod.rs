//! What each icon looks like: a solid for the isometric view and a glyph for both. The table is
//! the whole vocabulary; a name that is not in it gets its family's solid and a two-letter
//! monogram, so that a new service never breaks a drawing.
//!
//! All artwork is our own.

mod carve;
mod carver;
mod glyph;
mod odd;
mod solid;

use isobar_graph::Family;

use crate::geom::{self, Camera};
use crate::palette::Palette;
use crate::scene::{Gradient, Item, Symbol};
use crate::text::monogram;
use carver::Carver;
pub use glyph::{all as glyphs, named as glyph};
pub use solid::Solid;

/// How one type is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon {
    /// The name catalog files use.
    pub name: &'static str,
    /// The body in the isometric view.
    pub solid: Solid,
    /// The glyph's name.
    pub glyph: &'static str,
}

const fn icon(name: &'static str, solid: Solid, glyph: &'static str) -> Icon {
    Icon { name, solid, glyph }
}

/// Every icon, sorted by name.
pub static ICONS: &[Icon] = &[
    icon("account", Solid::Sheet, "account"),
    icon("api-gateway", Solid::Slab, "code"),
    icon("aurora", Solid::Cone, "dawn"),
    icon("autoscaling", Solid::Flock, "grow"),
    icon("certificate", Solid::Seal, "ribbon"),
    icon("cloudfront", Solid::Globe, "globe"),
    icon("cloudwatch", Solid::Dial, "gauge"),
    icon("customer-gateway", Solid::House, "building"),
    icon("direct-connect", Solid::Patch, "cable"),
    icon("docdb", Solid::Discs, "braces"),
    icon("dynamodb", Solid::Pair, "rows"),
    icon("ebs", Solid::Platter, "disk"),
    icon("ec2", Solid::Block, "chip"),
    icon("ecr", Solid::Chest, "parcel"),
    icon("ecs-cluster", Solid::Pallet, "cluster"),
    icon("ecs-service", Solid::Crates, "crates"),
    icon("ecs-task", Solid::Crate, "crate"),
    icon("efs", Solid::Cabinet, "folder"),
    icon("egress-only-gateway", Solid::Turnstile, "exit"),
    icon("eks", Solid::Comb, "hexes"),
    icon("eks-pod", Solid::Pod, "pod"),
    icon("eks-workload", Solid::Pods, "pods"),
    icon("elastic-ip", Solid::Pin, "pin"),
    icon("elasticache", Solid::Drum, "bolt"),
    icon("eventbus", Solid::Rail, "taps"),
    icon("fsx", Solid::Cabinet, "folders"),
    icon("glacier", Solid::Chest, "flake"),
    icon("iam-group", Solid::Pawns, "people"),
    icon("iam-policy", Solid::Sheet, "page"),
    icon("iam-role", Solid::HexTier, "badge"),
    icon("iam-user", Solid::Pawn, "person"),
    icon("internet", Solid::Cloud, "cloud"),
    icon("internet-gateway", Solid::Gate, "arch"),
    icon("keyspaces", Solid::Hives, "table"),
    icon("kinesis", Solid::Lanes, "waves"),
    icon("kms", Solid::HexTall, "key"),
    icon("lambda", Solid::HexLow, "func"),
    icon("load-balancer", Solid::OctaTall, "fan"),
    icon("nat-gateway", Solid::OctaLow, "out"),
    icon("neptune", Solid::Drum, "web"),
    icon("network-acl", Solid::Shield, "list"),
    icon("network-interface", Solid::Card, "port"),
    icon("opensearch", Solid::Plates, "lens"),
    icon("peering", Solid::Bridge, "link"),
    icon("rds", Solid::Discs, "cylinder"),
    icon("redshift", Solid::Quad, "chart"),
    icon("region", Solid::Plain, "flag"),
    icon("route-table", Solid::Card, "fork"),
    icon("route53", Solid::Puck, "sign"),
    icon("s3", Solid::Pail, "pail"),
    icon("secret", Solid::Vault, "lock"),
    icon("security-group", Solid::Shield, "shield"),
    icon("ses", Solid::Slab, "letter"),
    icon("sns", Solid::Tier, "cast"),
    icon("sns-subscription", Solid::Dial, "bell"),
    icon("sqs", Solid::Queue, "bars"),
    icon("step-function", Solid::Stairs, "steps"),
    icon("subnet", Solid::Plain, "cluster"),
    icon("target-group", Solid::Rings, "target"),
    icon("timestream", Solid::Spool, "clock"),
    icon("transit-gateway", Solid::Hub, "hub"),
    icon("unknown", Solid::Plain, "ring"),
    icon("vpc", Solid::Slab, "cloud"),
    icon("vpc-endpoint", Solid::Socket, "plug"),
    icon("vpn-gateway", Solid::Tower, "tunnel"),
    icon("waf", Solid::Wall, "brick"),
    icon("zone", Solid::Plain, "corners"),
];

/// Every icon's name, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ICONS.iter().map(|icon| icon.name)
}

/// The icon of that name.
pub fn find(name: &str) -> Option<&'static Icon> {
    ICONS.binary_search_by(|icon| icon.name.cmp(name)).ok().map(|at| &ICONS[at])
}

/// The body of an icon, known or not.
pub fn solid(name: &str, family: Family) -> Solid {
    match find(name) {
        Some(icon) if icon.name != "unknown" => icon.solid,
        _ => Solid::of_family(family),
    }
}

/// Draws one icon around the origin. `kind` is only used for the monogram of an unknown icon.
pub fn draw(
    name: &str,
    family: Family,
    kind: &str,
    camera: &Camera,
    palette: &Palette,
    gradients: &mut Vec<Gradient>,
) -> Symbol {
    let known = find(name).filter(|icon| icon.name != "unknown");
    let face = match known {
        Some(icon) => Face::Glyph(glyph::named(icon.glyph).unwrap_or("")),
        None => Face::Letters(monogram(kind)),
    };
    let camera = Camera { origin: (0.0, 0.0), ..*camera };
    let mut carver = Carver::new(camera, palette, palette.family(family), gradients);
    if camera.isometric() {
        carve::carve(solid(name, family), &mut carver, &face);
    } else {
        carver.tile(&face);
    }
    let (items, hull): (Vec<Item>, _) = carver.finish();
    let bounds = geom::around(hull.iter().copied()).unwrap_or_default();
    Symbol { name: String::new(), items, bounds, hull }
}

/// What an icon shows on its top face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Face {
    /// One of our glyphs, as path data on a square of 24.
    Glyph(&'static str),
    /// Letters.
    Letters(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Theme;
    use isobar_layout::Projection;

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert!(ICONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for icon in ICONS {
            assert!(glyph::named(icon.glyph).is_some(), "{} has no glyph {}", icon.name, icon.glyph);
        }
        assert!(find("ec2").is_some() && find("glue").is_none());
    }

    #[test]
    fn no_two_icons_look_alike() {
        // Silhouette and glyph together: two icons may share one of them, never both.
        let mut seen = std::collections::HashSet::new();
        for icon in ICONS {
            assert!(seen.insert((icon.solid, icon.glyph)), "{} looks like another icon", icon.name);
        }
    }

    /// Cloudcraft's documented components and the icon each is drawn with; `sns` is its old name of
    /// `snstopic`, a `block` is what it draws for anything else.
    const COMPONENTS: &[(&str, &str)] = &[
        ("apigateway", "api-gateway"),
        ("asg", "autoscaling"),
        ("block", "unknown"),
        ("cloudfront", "cloudfront"),
        ("customergateway", "customer-gateway"),
        ("docdb", "docdb"),
        ("dxconnection", "direct-connect"),
        ("dynamodb", "dynamodb"),
        ("ebs", "ebs"),
        ("ec2", "ec2"),
        ("ecr", "ecr"),
        ("ecscluster", "ecs-cluster"),
        ("ecsservice", "ecs-service"),
        ("ecstask", "ecs-task"),
        ("efs", "efs"),
        ("ekscluster", "eks"),
        ("ekspod", "eks-pod"),
        ("eksworkload", "eks-workload"),
        ("elasticache", "elasticache"),
        ("elb", "load-balancer"),
        ("es", "opensearch"),
        ("eventbus", "eventbus"),
        ("fsx", "fsx"),
        ("glaciervault", "glacier"),
        ("internetgateway", "internet-gateway"),
        ("keyspaces", "keyspaces"),
        ("kinesisstream", "kinesis"),
        ("lambda", "lambda"),
        ("natgateway", "nat-gateway"),
        ("neptune", "neptune"),
        ("networkacl", "network-acl"),
        ("r53", "route53"),
        ("rds", "rds"),
        ("redshift", "redshift"),
        ("region", "region"),
        ("s3", "s3"),
        ("ses", "ses"),
        ("sg", "security-group"),
        ("snssubscriptions", "sns-subscription"),
        ("snstopic", "sns"),
        ("sqs", "sqs"),
        ("subnet", "subnet"),
        ("timestream", "timestream"),
        ("transitgateway", "transit-gateway"),
        ("vpc", "vpc"),
        ("vpcendpoint", "vpc-endpoint"),
        ("vpngateway", "vpn-gateway"),
        ("waf", "waf"),
        ("zone", "zone"),
    ];

    #[test]
    fn every_component_has_an_icon_of_its_own() {
        let mut seen = std::collections::HashSet::new();
        for (component, name) in COMPONENTS {
            assert!(find(name).is_some(), "{component} would be drawn with two letters");
            assert!(seen.insert(name), "{component} looks like another component");
        }
        use isobar_catalog::spec::Drawn;
        // The catalog: a drawn type may share its icon only with what is the same component.
        let mut drawn: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        let catalog = isobar_catalog::Catalog::embedded();
        for spec in catalog.services.iter().flat_map(|service| &service.resources) {
            let names = spec.icon.map.iter().map(|(_, name)| name).chain([&spec.icon.default]);
            for name in names {
                assert!(find(name).is_some(), "{} has no icon {name}", spec.kind);
                if matches!(spec.drawn, Drawn::Fixed(false)) {
                    continue;
                }
                assert_ne!(name, "unknown", "{} has no icon of its own", spec.kind);
                let component = spec.component.as_str();
                if let Some((_, own)) = COMPONENTS.iter().find(|(other, _)| *other == component) {
                    assert!(
                        own == name || spec.icon.map.iter().any(|(_, other)| other == name),
                        "{component}"
                    );
                }
                let other = drawn.entry(name).or_insert(component);
                let same =
                    *other == component || component.starts_with(*other) || other.starts_with(component);
                assert!(same, "{component} looks like {other}");
            }
        }
        assert!(drawn.len() > 35, "{} icons in the catalog", drawn.len());
    }

    #[test]
    fn every_icon_is_drawn_in_every_way() {
        for projection in [Projection::Isometric, Projection::Flat] {
            for theme in [Theme::Light, Theme::Dark] {
                for name in names().chain(["glue", ""]) {
                    for &family in Family::ALL {
                        let (camera, palette) = (Camera::natural(projection), Palette::of(theme));
                        let mut gradients = Vec::new();
                        let symbol = draw(name, family, "glue:job", &camera, &palette, &mut gradients);
                        assert!(!symbol.items.is_empty(), "{name}");
                        let (w, h) = (symbol.bounds.w / camera.unit, symbol.bounds.h / camera.unit);
                        assert!((1.0..2.6).contains(&w) && (0.6..2.7).contains(&h), "{name}: {w} x {h}");
                    }
                }
            }
        }
    }
}
