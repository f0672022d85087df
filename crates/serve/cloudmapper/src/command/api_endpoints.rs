//! `api_endpoints`: the addresses at which API Gateway answers.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::Value;

use super::Accounts;
use crate::answers::{items, list, printable, regions, text};
use crate::{Context, Error};

/// List the addresses of API Gateway's stages.
#[derive(Debug, Args)]
pub struct ApiEndpoints {
    #[command(flatten)]
    accounts: Accounts,
}

impl ApiEndpoints {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        context
            .output
            .line("# api_endpoints is deprecated in CloudMapper; isobar keeps it and adds HTTP APIs");
        let found = context.each(&accounts, |_, recording| {
            let mut all: Vec<String> = Vec::new();
            for region in regions(recording) {
                let mut lines: BTreeSet<String> = BTreeSet::new();
                for (call, stages) in recording.responses("apigateway", "GetStages", region) {
                    let api = call.parameters.get("restApiId").map(text).unwrap_or_default();
                    let paths: Vec<&str> = recording
                        .responses("apigateway", "GetResources", region)
                        .filter(|(c, _)| c.parameters.get("restApiId").and_then(Value::as_str) == Some(api))
                        .flat_map(|(_, a)| list(&a["items"]))
                        .filter(|r| r["resourceMethods"].is_object())
                        .map(|r| text(&r["path"]))
                        .collect();
                    for stage in list(&stages["item"]).iter().filter(|s| s["deploymentId"].is_string()) {
                        let root =
                            format!("{api}.execute-api.{region}.amazonaws.com/{}", text(&stage["stageName"]));
                        if paths.is_empty() {
                            lines.insert(root);
                        } else {
                            lines.extend(paths.iter().map(|path| format!("{root}{path}")));
                        }
                    }
                }
                for api in items(recording, region, "apigatewayv2", "GetApis", "/Items") {
                    if let Some(host) = text(&api["ApiEndpoint"]).strip_prefix("https://") {
                        lines.insert(host.to_owned());
                    }
                }
                all.extend(lines.iter().map(|line| printable(line)));
            }
            all
        });
        for lines in found {
            lines?.iter().for_each(|line| context.output.line(line));
        }
        Ok(())
    }
}
