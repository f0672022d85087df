//! What a profile of the AWS configuration files says of how AWS is reached.
//!
//! In: settings, and the profile of an ambient identity. Out: the settings with their gaps filled:
//! `endpoint_url`, the endpoints of a `services` section, `ca_bundle`, FIPS and dual-stack. The
//! environment comes first, as in the AWS CLI. Credentials of a profile are left to `credentials`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::{Env, Fs};

use crate::settings::is_true;
use crate::{Identity, Settings};

/// The settings for an identity: for an ambient one, or a role that one assumes, its profile counts.
pub(crate) async fn settings_for(settings: &Settings, identity: &Identity) -> Settings {
    let mut settings = settings.clone();
    let mut at = identity;
    let profile = loop {
        match at {
            Identity::Ambient { profile, .. } => break profile,
            Identity::Role { base, .. } => at = base,
            Identity::Keys { .. } => return settings,
        }
    };
    if settings.profile_fills
        && let Ok(profiles) = load(profile.as_deref()).await
    {
        fill(&mut settings, &profiles);
    }
    settings
}

/// Reads the configuration files; `chosen` comes before `AWS_PROFILE`.
pub(crate) async fn load(
    chosen: Option<&str>,
) -> Result<ProfileSet, aws_config::profile::ProfileFileLoadError> {
    let chosen = chosen.map(|name| Cow::Owned(name.to_owned()));
    aws_config::profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), chosen).await
}

fn fill(settings: &mut Settings, profiles: &ProfileSet) {
    let flag = |key: &str| profiles.get(key).is_some_and(is_true);
    settings.fips |= flag("use_fips_endpoint");
    settings.dual_stack |= flag("use_dualstack_endpoint");
    if settings.ca_bundle.is_none() {
        settings.ca_bundle = profiles.get("ca_bundle").filter(|path| !path.is_empty()).map(Into::into);
    }
    let ignored = settings.ignore_configured_endpoints || flag("ignore_configured_endpoint_urls");
    // An endpoint for all services in the environment comes before any of a profile.
    if ignored || settings.endpoint.is_some() {
        return;
    }
    if profiles.get("services").is_some() {
        settings.services = ServicesSection(Some(Arc::new(profiles.clone())));
    }
    settings.endpoint = profiles.get("endpoint_url").filter(|url| !url.is_empty()).map(str::to_owned);
}

/// The `services` section that a profile names. It is asked service by service, since only a
/// service's model knows its id.
#[derive(Clone, Default)]
pub struct ServicesSection(Option<Arc<ProfileSet>>);

impl fmt::Debug for ServicesSection {
    // The files around the section may hold keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "ServicesSection(..)" } else { "ServicesSection" })
    }
}

impl ServicesSection {
    /// The endpoint of a service, under its id as the AWS CLI writes it (`elastic_load_balancing_v2`)
    /// or as other SDKs do (`elastic-load-balancing-v2`).
    pub(crate) fn endpoint(&self, id: &str) -> Option<String> {
        let profiles = self.0.as_deref()?;
        let section = profiles.get("services")?;
        let id = id.to_lowercase();
        [id.replace([' ', '-'], "_"), id.replace(' ', "-")].into_iter().find_map(|name| {
            let key = PropertiesKey::builder().section_key("services").section_name(section);
            let key = key.property_name(name).sub_property_name("endpoint_url").build().ok()?;
            profiles.other_sections().get(&key).filter(|url| !url.is_empty()).map(|url| url.to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_runtime::env_config::file::EnvConfigFileKind;

    async fn filled(config: &str, variables: &[(&str, &str)]) -> Settings {
        let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, config).build();
        let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
        let profiles = aws_config::profile::load(&fs, &env, &files, Some("p".into())).await.unwrap();
        let pairs = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let mut settings = Settings::from_pairs(pairs);
        fill(&mut settings, &profiles);
        settings
    }

    const PROFILE: &str = "[profile p]\nendpoint_url = http://all\nservices = lab\nca_bundle = /ca.pem\n\
        use_fips_endpoint = true\n[services lab]\nsts =\n  endpoint_url = http://sts\n\
        elastic_load_balancing_v2 =\n  endpoint_url = http://elb\n";

    #[tokio::test]
    async fn a_profile_fills_what_is_not_set() {
        let settings = filled(PROFILE, &[]).await;
        assert_eq!(settings.endpoint.as_deref(), Some("http://all"));
        assert_eq!(settings.services.endpoint("STS").as_deref(), Some("http://sts"));
        assert_eq!(settings.services.endpoint("Elastic Load Balancing v2").as_deref(), Some("http://elb"));
        assert_eq!(settings.services.endpoint("SQS"), None);
        assert_eq!(settings.ca_bundle.unwrap().to_str(), Some("/ca.pem"));
        assert!(settings.fips && !settings.dual_stack);
    }

    #[tokio::test]
    async fn the_environment_comes_first() {
        let settings = filled(PROFILE, &[("AWS_ENDPOINT_URL", "http://env"), ("AWS_CA_BUNDLE", "/e")]).await;
        assert_eq!(settings.endpoint.as_deref(), Some("http://env"));
        assert_eq!(settings.services.endpoint("STS"), None);
        assert_eq!(settings.ca_bundle.unwrap().to_str(), Some("/e"));
        let none = filled(PROFILE, &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]).await;
        assert!(none.endpoint.is_none() && none.services.endpoint("STS").is_none());
        let own = "[profile p]\nendpoint_url = http://all\nignore_configured_endpoint_urls = true\n";
        assert!(filled(own, &[]).await.endpoint.is_none());
        let nothing = filled("[profile q]\nendpoint_url = http://all\n", &[]).await;
        assert!(nothing.endpoint.is_none(), "another profile's endpoint is not ours");
    }
}
