//! A contact sheet of every icon, in both projections and themes, for looking at.
//! Usage: `cargo run -p isobar-export --example icons -- FOLDER`

#[path = "../../scene/samples/orders.rs"]
mod orders;

use std::error::Error;
use std::path::PathBuf;

use isobar_export::{png, svg};
use isobar_graph::Family;
use isobar_layout::Projection;
use isobar_scene::{Style, Theme, icon, paint};

fn family(name: &str) -> Family {
    match name {
        "s3" | "efs" | "ebs" | "ecr" | "fsx" | "glacier" => Family::Storage,
        "rds" | "aurora" | "elasticache" | "dynamodb" | "redshift" | "opensearch" | "docdb" | "neptune"
        | "keyspaces" | "timestream" => Family::Database,
        "sqs" | "sns" | "sns-subscription" | "eventbus" | "kinesis" | "step-function" | "ses"
        | "cloudwatch" => Family::Integration,
        "cloudfront" | "route53" => Family::Edge,
        "internet" | "unknown" | "account" | "region" | "zone" => Family::Neutral,
        "kms" | "secret" | "waf" | "certificate" | "security-group" | "network-acl" => Family::Security,
        "ec2" | "lambda" | "eks" | "eks-pod" | "eks-workload" | "autoscaling" => Family::Compute,
        name if name.starts_with("ecs") => Family::Compute,
        name if name.starts_with("iam") => Family::Security,
        _ => Family::Network,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    for projection in [Projection::Isometric, Projection::Flat] {
        for theme in [Theme::Light, Theme::Dark] {
            let mut sheet = orders::Estate::new(projection);
            let unknown = Family::ALL.iter().map(|&family| ("glue", family));
            for (at, (name, family)) in
                icon::names().map(|name| (name, family(name))).chain(unknown).enumerate()
            {
                let (column, row) = ((at % 9) as f64, (at / 9) as f64);
                // Screen rows and columns, turned back into floor points.
                let place = match projection {
                    Projection::Isometric => (column * 1.75 + row * 3.4, row * 3.4 - column * 1.75),
                    Projection::Flat => (column * 2.6, row * 2.9),
                };
                sheet.node(name, family, None, place, name, family.as_str());
            }
            let style = Style { theme, legend: false, title_block: false, ..Style::default() };
            let scene = paint(&sheet.blueprint, &style);
            let name = format!("icons-{}-{}", projection.as_str(), theme.as_str());
            std::fs::write(folder.join(format!("{name}.svg")), svg::write(&scene))?;
            std::fs::write(folder.join(format!("{name}.png")), png::write(&scene, &style.fonts)?)?;
        }
    }
    Ok(())
}
