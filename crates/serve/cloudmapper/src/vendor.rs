//! AWS accounts that vendors, and AWS itself, tell their customers to trust.
//!
//! Each number stands in the vendor's own public documentation on connecting an AWS account (AWS's:
//! in the user guides of the named service). The table is ours and short on purpose: a number that
//! is not here reads as unknown, which is the safe way to be wrong.

/// A vendor and its accounts.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// Who.
    pub name: &'static str,
    /// `aws` for AWS's own services, else the vendor's name.
    pub kind: &'static str,
    accounts: &'static [&'static str],
}

const fn vendor(name: &'static str, accounts: &'static [&'static str]) -> Vendor {
    Vendor { name, kind: name, accounts }
}

const fn aws(name: &'static str, accounts: &'static [&'static str]) -> Vendor {
    Vendor { name, kind: "aws", accounts }
}

/// Sorted by name within vendors, then within AWS.
static VENDORS: &[Vendor] = &[
    vendor("AlertLogic", &["239734009475", "733251395267", "857795874556"]),
    vendor("Auth0", &["951887872838"]),
    vendor("Brightcove", &["749779118921"]),
    vendor("CloudCheckr", &["352813966189"]),
    vendor("CloudConformity", &["717210094962"]),
    vendor("CloudCraft", &["968898580625"]),
    vendor("CloudZero", &["061190967865"]),
    vendor("Cloudability", &["165736516723"]),
    vendor("Cloudhealth", &["454464851268"]),
    vendor("Cloudinary", &["232482882421"]),
    vendor("Convox", &["665986001363"]),
    vendor("Databricks", &["414351767826", "601306020600", "790110701330"]),
    vendor("Datadog", &["464622532012"]),
    vendor("Dynatrace", &["509560245411"]),
    vendor("Fivetran", &["834469178297"]),
    vendor("Globus", &["328067584297"]),
    vendor("Instaclustr", &["624537489435"]),
    vendor("Lacework", &["434813966438"]),
    vendor("Lucidchart", &["799803075172"]),
    vendor("New Relic", &["754728514883"]),
    vendor("Onelogin", &["842984801698"]),
    vendor("Palo Alto Networks", &["122442690527", "188619942792"]),
    vendor("ParkMyCloud", &["753542375798"]),
    vendor("Qualys", &["080595016317", "205767712438"]),
    vendor("Qubole", &["805246085872"]),
    vendor("Rapid7", &["336818582268"]),
    vendor("Segment", &["107630771604", "595280932656"]),
    vendor("SignalFx", &["134183635603"]),
    vendor("Snyk", &["198361731867"]),
    vendor("Spot", &["884866656237", "922761411349"]),
    vendor("Stitch", &["218546966473"]),
    vendor("Sumo Logic", &["926226587429"]),
    vendor("Tenable", &["012615275169"]),
    vendor("Threat Stack", &["896126563706"]),
    vendor("Trend Micro", &["147995105371", "862820443276"]),
    vendor("Workato", &["353360065216"]),
    vendor("Zencoder", &["395540211253"]),
    vendor("nOps", &["202279780353"]),
    aws("Billing reports", &["386209384616"]),
    aws(
        "CloudTrail logs",
        &[
            "035351147821",
            "086441151436",
            "113285607260",
            "119688915426",
            "216624486486",
            "262312530599",
            "282025262664",
            "284668455005",
            "388731089494",
            "475085895292",
            "492519147666",
            "525921808201",
            "681348832753",
            "765225791966",
            "814480443879",
            "819402241893",
            "859597730677",
            "903692715234",
            "977081816279",
        ],
    ),
    aws(
        "ELB logs",
        &[
            "009996457667",
            "027434742980",
            "033677994240",
            "048591011584",
            "054676820928",
            "114774131450",
            "127311923021",
            "156460612806",
            "383597477331",
            "507241528517",
            "582318560864",
            "600734575887",
            "638102146993",
            "652711504416",
            "718504428378",
            "783225319266",
            "797873946194",
            "985666609251",
        ],
    ),
    aws(
        "Redshift logs",
        &[
            "193672423079",
            "262260360010",
            "361669875840",
            "391106570357",
            "404641285394",
            "660998842044",
            "760740231472",
            "762762565011",
            "865932855811",
            "902366379725",
            "907379612154",
        ],
    ),
];

/// Whose account this is, where it is known.
pub(crate) fn of(account: &str) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.accounts.contains(&account))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_is_an_account_and_belongs_to_one() {
        let all: Vec<&str> = VENDORS.iter().flat_map(|v| v.accounts).copied().collect();
        assert!(all.iter().all(|a| a.len() == 12 && a.bytes().all(|b| b.is_ascii_digit())));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(of("464622532012").unwrap().name, "Datadog");
        assert_eq!(of("127311923021").unwrap().kind, "aws");
        assert!(of("111122223333").is_none());
    }
}
