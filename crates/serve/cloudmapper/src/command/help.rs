//! What stands below the options in each command's `--help`: how it is used, and what it leaves behind.

pub(super) const AMIS: &str = "\
Examples:
  cloudmapper amis --accounts all
  cloudmapper amis --accounts prod --instance_filter Tags.env=prod

Prints tab-separated lines. Images of others are known where AWS's list of public images lies in
data/aws/REGION/ec2-describe-images.json (aws ec2 describe-images --executable-users all).";
pub(super) const API_ENDPOINTS: &str = "\
Example:
  cloudmapper api_endpoints --accounts prod";
pub(super) const AUDIT: &str = "\
Examples:
  cloudmapper audit --accounts all --minimum_severity HIGH
  cloudmapper audit --accounts prod --json | jq -r .issue | sort | uniq -c

config/audit_config_override.yaml changes titles and severities and says what to ignore. stderr tells what
could not be judged. The exit code is 0 also when there are findings.";
pub(super) const COLLECT: &str = "\
Examples:
  cloudmapper collect --account prod --profile prod-readonly
  cloudmapper collect --account prod --regions eu-west-1,us-east-1
  cloudmapper collect --accounts all

Writes account-data/NAME/. What is there already is not asked for again, so that a run that was cut off is
gone on with; --clean begins anew. Exit code 255 when calls failed; the rest is kept.";
pub(super) const CONFIGURE: &str = "\
Examples:
  cloudmapper configure add-account --name prod --id 123456789012 --default true
  cloudmapper configure add-cidr --cidr 203.0.113.0/24 --name office
  cloudmapper configure discover-organization-accounts --profile management";
pub(super) const FIND_ADMINS: &str = "\
Examples:
  cloudmapper find_admins --accounts all
  cloudmapper find_admins --accounts prod --privs iam:PassRole,sts:AssumeRole --json";
pub(super) const FIND_UNUSED: &str = "\
Example:
  cloudmapper find_unused --accounts all";
pub(super) const IAM_REPORT: &str = "\
Examples:
  cloudmapper iam_report --accounts prod --max-age 30
  cloudmapper iam_report --accounts all --output json

Writes web/account-data/iam_report.html or .json; `cloudmapper webserver` shows it.";
pub(super) const PREPARE: &str = "\
Examples:
  cloudmapper prepare --account prod && cloudmapper webserver
  cloudmapper prepare --account prod --regions eu-west-1 --tags env=prod,team=web --tags env=test
  cloudmapper prepare --account prod --full

Writes web/data.json.";
pub(super) const PUBLIC: &str = "\
Example:
  cloudmapper public --accounts prod | jq -r '.[] | .hostname + \" \" + .ports'";
pub(super) const REPORT: &str = "\
Examples:
  cloudmapper report --accounts all
  cloudmapper report --accounts prod --minimum_severity HIGH --output json

Writes web/account-data/report.html or .json; `cloudmapper webserver` shows it.";
pub(super) const SG_IPS: &str = "\
Examples:
  cloudmapper sg_ips --accounts all
  cloudmapper sg_ips --accounts prod --city GeoLite2-City.mmdb --asn GeoLite2-ASN.mmdb

Without MaxMind's files places and networks stay empty.";
pub(super) const STATS: &str = "\
Examples:
  cloudmapper stats --accounts all --stats_all_resources
  cloudmapper stats --accounts prod,test --output_image counts.svg";
pub(super) const WEBOFTRUST: &str = "\
Examples:
  cloudmapper weboftrust --accounts all
  cloudmapper weboftrust --accounts prod --network_only

Writes web/data.json, in the shape of prepare, for programs that draw graphs.";
pub(super) const WEBSERVER: &str = "\
Examples:
  cloudmapper webserver
  cloudmapper webserver --port 8080 --ipv6
  cloudmapper webserver --public

Serves what prepare, report and iam_report wrote, on this machine alone; with --public to everybody who has
the key that is printed. Ctrl-C ends it.";
