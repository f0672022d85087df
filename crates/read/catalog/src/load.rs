//! Service files from TOML into a [`Catalog`].
//!
//! In: the texts of the files. Out: the catalog, or an [`Error`] that names file and field. What
//! the AWS models and the icons say of the names is left to the whole-product tests.
//!
//! [`form`] is what a file looks like in TOML; [`service`] makes a [`Service`] out of one file; what
//! the files say of each other is checked here.

mod form;
mod service;

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::Error;
use crate::services::FILES;
use crate::spec::*;

impl Service {
    /// The calls for a purpose, in an order in which each `from` comes first.
    pub fn calls_for(&self, purpose: Purpose) -> impl Iterator<Item = &CallSpec> {
        let further = if purpose == Purpose::Everything { &self.further[..] } else { &[] };
        self.calls.iter().chain(further)
    }
}

impl Catalog {
    /// The catalog that is part of the program. Its files are tested, so this cannot fail.
    pub fn embedded() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| match Self::parse(FILES) {
            Ok(catalog) => catalog,
            Err(error) => panic!("the embedded catalog is broken: {error}"),
        })
    }

    /// Reads files given as name and text.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Error> {
        let mut services = Vec::with_capacity(files.len());
        for (file, text) in files {
            services.push(service::read(file, text)?);
        }
        services.sort_by(|a: &Service, b: &Service| a.service.cmp(&b.service));
        let (further, services) = services
            .into_iter()
            .partition(|service| service.calls.is_empty() && service.resources.is_empty());
        let catalog = Self { services, further };
        catalog.check_references()?;
        Ok(catalog)
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.all().find(|service| service.service == name)
    }

    /// The services that are asked for a purpose.
    pub fn services_for(&self, purpose: Purpose) -> impl Iterator<Item = &Service> {
        self.all().filter(move |service| service.calls_for(purpose).next().is_some())
    }

    fn all(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().chain(&self.further)
    }

    /// Every resource type with its service.
    pub fn resources(&self) -> impl Iterator<Item = (&Service, &ResourceSpec)> {
        self.services.iter().flat_map(|service| service.resources.iter().map(move |spec| (service, spec)))
    }

    /// The component types that `exclude` and `type=` know, sorted, without twins.
    pub fn components(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.resources().map(|(_, spec)| spec.component.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// What Cloudcraft scans and this catalog does not, with the reason.
    pub fn uncovered() -> &'static [Uncovered] {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            service: Vec<Uncovered>,
        }
        static TABLE: OnceLock<Vec<Uncovered>> = OnceLock::new();
        TABLE.get_or_init(|| match toml::from_str::<Table>(include_str!("../uncovered.toml")) {
            Ok(table) => table.service,
            Err(error) => panic!("uncovered.toml is broken: {error}"),
        })
    }

    // Every `from`, `call` and `to` must name something that is there.
    fn check_references(&self) -> Result<(), Error> {
        let kinds: HashSet<&str> = self.resources().map(|(_, spec)| spec.kind.as_str()).collect();
        let mut operations: HashSet<String> = HashSet::new();
        for service in self.all() {
            let calls = service.calls_for(Purpose::Everything);
            operations.extend(calls.map(|call| format!("{}:{}", service.service, call.operation)));
        }
        for service in self.all() {
            let file = format!("{}.toml", service.service);
            let wrong =
                |place: String, reason: String| Err(Error::Field { file: file.clone(), place, reason });
            let mut earlier: HashSet<&str> = HashSet::new();
            for call in service.calls_for(Purpose::Everything) {
                if let Some(after) = &call.after
                    && !earlier.contains(after.as_str())
                {
                    return wrong(
                        format!("call {}, after", call.operation),
                        format!("{after} is no earlier call"),
                    );
                }
                if let Some(each) = &call.each {
                    let known = if each.from.contains(':') {
                        operations.contains(&each.from)
                    } else {
                        earlier.contains(each.from.as_str())
                    };
                    if !known {
                        let reason = format!("{} is no earlier call", each.from);
                        return wrong(format!("call {}, each.from", call.operation), reason);
                    }
                }
                earlier.insert(&call.operation);
            }
            for spec in &service.resources {
                if !earlier.contains(spec.from.as_str()) {
                    let reason = format!("{} is no call of this file", spec.from);
                    return wrong(format!("resource {}, from", spec.kind), reason);
                }
                for join in &spec.joins {
                    if !earlier.contains(join.call.as_str()) {
                        let reason = format!("{} is no call of this file", join.call);
                        return wrong(format!("resource {}, join {}", spec.kind, join.field), reason);
                    }
                }
                for relation in &spec.relations {
                    if let Some(stranger) = relation.to.iter().find(|to| !kinds.contains(to.as_str())) {
                        let reason = format!("no resource has the type {stranger}");
                        return wrong(
                            format!("resource {}, relation {}, to", spec.kind, relation.kind),
                            reason,
                        );
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = Catalog::parse(&[("x.toml", text)]).unwrap_err();
        let whole = match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        assert!(whole.contains(expected), "{whole}");
    }

    const HEAD: &str = "service = \"x\"\ntitle = \"X\"\nscope = \"regional\"\n";

    #[test]
    fn the_embedded_files_are_sound() {
        let catalog = Catalog::embedded();
        assert!(catalog.services.len() > 20);
        assert!(!Catalog::uncovered().is_empty());
        let sqs = catalog.service("sqs").unwrap();
        assert_eq!(sqs.resources[0].relations.len(), 2);
    }

    #[test]
    fn errors_name_file_and_field() {
        check("service = \"x\"", "missing field `title`");
        check(&format!("{HEAD}colour = 1"), "colour");
        check(&format!("{HEAD}[[call]]\noperation = \"A\"\nech = {{}}"), "ech");
        check(
            &format!("{HEAD}[[call]]\noperation = \"A\"\neach = {{ from = \"B\", at = \"x\", as = \"y\" }}"),
            "services/x.toml: call A, each.from: B is no earlier call",
        );
        let resource = "[[resource]]\ntype = \"x:y\"\ncomponent = \"y\"\nicon = \"y\"\nfamily = \"edge\"\n";
        check(&format!("{HEAD}{resource}from = \"A\"\narn = \"x\""), "resource x:y, from: A is no call");
        check(
            &format!("{HEAD}[[call]]\noperation = \"A\"\n{resource}from = \"A\"\narn = \"x[\""),
            "resource x:y, arn",
        );
        check(
            &format!(
                "{HEAD}[[call]]\noperation = \"A\"\n{resource}from = \"A\"\narn = \"x\"\n[[relation]]\nkind = \"uses\"\nto = \"z:z\"\nat = \"x\""
            ),
            "resource x:y, relation uses, to: no resource has the type z:z",
        );
        check(
            &format!("{HEAD}[[relation]]\nkind = \"uses\"\nto = \"z:z\"\nat = \"x\""),
            "relation uses, place: it stands below no resource",
        );
    }

    #[test]
    fn a_relation_belongs_to_the_resource_above_it() {
        let catalog = Catalog::embedded();
        let of = |kind: &str| {
            let (_, spec) = catalog.resources().find(|(_, spec)| spec.kind == kind).unwrap();
            spec.relations.iter().map(|relation| relation.kind.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of("ec2:vpc"), [""; 0]);
        assert_eq!(of("ec2:internet-gateway"), ["attached-to"]);
        assert_eq!(of("elbv2:listener"), ["contains", "targets", "uses"]);
    }

    #[test]
    fn the_table_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/services");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        files.sort();
        assert_eq!(files, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
