//! How AWS is reached: endpoints, time-outs, limits.
//!
//! In: the environment variables of the AWS CLI. Out: [`Settings`], plain data that tests fill by hand.
//! What a profile adds is left to `profile`, who asks (credentials) to [`crate::Identity`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::profile::ServicesSection;

/// How AWS is reached. `Settings::default()` knows no environment at all.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `AWS_ENDPOINT_URL`: all services answer there.
    pub endpoint: Option<String>,
    /// `AWS_ENDPOINT_URL_<SERVICE>`: one service answers there. Keys are model names, `dynamodb`,
    /// or the variable's own ending in lower case, `elastic_load_balancing_v2`.
    pub endpoints: BTreeMap<String, String>,
    /// The endpoints of a profile's `services` section; [`crate::Client`] fills it.
    pub services: ServicesSection,
    /// `AWS_CA_BUNDLE`: a PEM file of further certificate authorities.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_USE_FIPS_ENDPOINT`.
    pub fips: bool,
    /// `AWS_USE_DUALSTACK_ENDPOINT`.
    pub dual_stack: bool,
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`: neither environment nor profile chooses an endpoint.
    pub ignore_configured_endpoints: bool,
    /// Whether the profile of an ambient identity fills in what is not set here, as the AWS CLI does.
    pub profile_fills: bool,
    /// Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured.
    pub proxy_from_env: bool,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest silence while an answer is read.
    pub read_timeout: Duration,
    /// The longest time for one request with all its retries; each page is a request.
    pub call_timeout: Duration,
    /// How often one request is tried in all.
    pub max_attempts: u32,
    /// The longest answer of one request, in bytes after decompression.
    pub max_answer: usize,
    /// How many pages of one call are read.
    pub max_pages: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: None,
            endpoints: BTreeMap::new(),
            services: ServicesSection::default(),
            ca_bundle: None,
            fips: false,
            dual_stack: false,
            ignore_configured_endpoints: false,
            profile_fills: false,
            proxy_from_env: false,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(120),
            max_attempts: 3,
            max_answer: 64 << 20,
            max_pages: 2000,
        }
    }
}

impl Settings {
    /// The settings that the AWS CLI would take from this process's environment.
    pub fn from_env() -> Self {
        // Variables that are no UTF-8 are not ours.
        let pairs =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Self::from_pairs(pairs)
    }

    /// The same from given variables.
    pub fn from_pairs(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut settings = Self { proxy_from_env: true, profile_fills: true, ..Self::default() };
        for (name, value) in variables {
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                "AWS_ENDPOINT_URL" => settings.endpoint = Some(value),
                "AWS_CA_BUNDLE" => settings.ca_bundle = Some(value.into()),
                "AWS_USE_FIPS_ENDPOINT" => settings.fips = is_true(&value),
                "AWS_USE_DUALSTACK_ENDPOINT" => settings.dual_stack = is_true(&value),
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" => {
                    settings.ignore_configured_endpoints = is_true(&value)
                }
                "AWS_MAX_ATTEMPTS" => {
                    if let Ok(count) = value.parse() {
                        settings.max_attempts = u32::clamp(count, 1, 20);
                    }
                }
                other => {
                    if let Some(service) = other.strip_prefix("AWS_ENDPOINT_URL_") {
                        settings.endpoints.insert(service.to_ascii_lowercase(), value);
                    }
                }
            }
        }
        if settings.ignore_configured_endpoints {
            settings.endpoint = None;
            settings.endpoints.clear();
        }
        settings
    }
}

pub(crate) fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Settings {
        Settings::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn reads_the_variables_of_the_aws_cli() {
        let settings = of(&[
            ("AWS_ENDPOINT_URL", "http://localhost:5000"),
            ("AWS_ENDPOINT_URL_STS", "http://localhost:5001"),
            ("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://localhost:5002"),
            ("AWS_USE_FIPS_ENDPOINT", "TRUE"),
            ("AWS_CA_BUNDLE", "/ca.pem"),
            ("AWS_MAX_ATTEMPTS", "7"),
            ("HOME", "/"),
        ]);
        assert_eq!(settings.endpoint.as_deref(), Some("http://localhost:5000"));
        assert_eq!(settings.endpoints["sts"], "http://localhost:5001");
        assert_eq!(settings.endpoints["elastic_load_balancing_v2"], "http://localhost:5002");
        assert!(settings.fips && !settings.dual_stack && settings.proxy_from_env);
        assert_eq!(settings.max_attempts, 7);
    }

    #[test]
    fn configured_endpoints_can_be_ignored_and_empty_means_unset() {
        let settings = of(&[
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ("AWS_ENDPOINT_URL", "http://a"),
            ("AWS_ENDPOINT_URL_S3", "http://b"),
        ]);
        assert!(settings.endpoint.is_none() && settings.endpoints.is_empty());
        assert!(of(&[("AWS_ENDPOINT_URL", "")]).endpoint.is_none());
    }
}
