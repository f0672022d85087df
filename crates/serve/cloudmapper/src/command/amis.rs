//! `amis`: which machine images the running instances come from.

use std::collections::BTreeMap;

use clap::Args;
use isobar_model::Region;
use serde_json::Value;

use super::Accounts;
use crate::answers::{instances, items, list, printable, regions, text};
use crate::{Context, Error};

/// List the machine images of running instances.
#[derive(Debug, Args)]
pub struct Amis {
    #[command(flatten)]
    accounts: Accounts,
    /// Only instances with this field, as PATH=VALUE: InstanceType=t3.micro, Tags.env=prod. CloudMapper
    /// took a program here; isobar takes a comparison
    #[arg(long = "instance_filter", alias = "instance-filter", default_value = "")]
    instance_filter: String,
}

impl Amis {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let filter = match self.instance_filter.trim() {
            "" | "." => None,
            text => Some(text.split_once('=').ok_or_else(|| {
                Error::Explicit(format!(
                    "--instance_filter takes PATH=VALUE such as InstanceType=t3.micro, not `{}`",
                    printable(text)
                ))
            })?),
        };
        let (_, accounts) = self.accounts.read(context)?;
        let head = [
            "Account Name",
            "Region Name",
            "Instance Id",
            "Instance Name",
            "AMI ID",
            "Is Public",
            "AMI Description",
            "AMI Owner",
        ];
        context.output.line(head.join("\t"));
        let listed = context.each(&accounts, |account, recording| {
            let mut lines: Vec<String> = Vec::new();
            for region in regions(recording) {
                let known = public_images(context, region);
                let everyones = list(&known["Images"]).iter();
                // What the account says of its own images stands above what everybody is told.
                let images: BTreeMap<&str, &Value> = everyones
                    .chain(items(recording, region, "ec2", "DescribeImages", "/Images"))
                    .map(|image| (text(&image["ImageId"]), image))
                    .collect();
                let running = instances(recording, region).filter(|i| i["State"]["Name"] == "running");
                for instance in running.filter(|i| filter.is_none_or(|(path, value)| field(i, path) == value))
                {
                    let id = text(&instance["ImageId"]);
                    let image = images.get(id);
                    let visibility = match image {
                        None => "unknown_image",
                        Some(image) if image["Public"] == true => "public",
                        Some(_) => "private",
                    };
                    let about = image.map_or("", |i| {
                        ["Name", "Description", "ImageLocation"]
                            .iter()
                            .map(|key| text(&i[*key]))
                            .find(|t| !t.is_empty())
                            .unwrap_or("")
                    });
                    let owner = image.map_or("", |i| text(&i["OwnerId"]));
                    let cells = [
                        account.name.as_str(),
                        region.as_str(),
                        text(&instance["InstanceId"]),
                        field(instance, "Tags.Name"),
                        id,
                        visibility,
                        about,
                        owner,
                    ];
                    lines.push(cells.map(printable).join("\t"));
                }
            }
            lines
        });
        for lines in listed {
            lines?.iter().for_each(|line| context.output.line(line));
        }
        Ok(())
    }
}

/// A region's public images, where the user has put AWS's list of them as CloudMapper's users do;
/// nothing where there is none, or none that can be read.
fn public_images(context: &Context, region: &Region) -> Value {
    let path = context.place.path(&format!("data/aws/{region}/ec2-describe-images.json"));
    let text = path.ok().and_then(|path| std::fs::read(path).ok());
    text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// A field by its path; `Tags.NAME` is the tag of that name.
fn field<'v>(instance: &'v Value, path: &str) -> &'v str {
    if let Some(key) = path.strip_prefix("Tags.") {
        return list(&instance["Tags"]).iter().find(|t| t["Key"] == key).map_or("", |t| text(&t["Value"]));
    }
    path.split('.').fold(instance, |value, key| &value[key]).as_str().unwrap_or_default()
}
