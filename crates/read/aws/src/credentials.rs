//! Credentials of an identity, kept until shortly before they expire.
//!
//! In: an [`Identity`]. Out: credentials to sign with. Ambient ones come from aws-config, which knows
//! profiles, SSO, web identity, containers and instances, and is lent our own way to the network
//! (`connector`); a role is assumed by our own client, so that endpoint overrides, region and time-outs
//! are the user's (see `client`).

use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::os_shim_internal::Env;
use isobar_model::{Region, Secret};
use tokio::sync::Mutex;

use crate::transport::Transport;
use crate::{Error, Settings, connector};

/// New credentials are fetched when the old ones have less time left than this.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// Where ambient or given credentials come from.
#[derive(Debug)]
pub(crate) enum Source {
    Fixed(Credentials),
    Ambient(SharedCredentialsProvider),
}

/// Credentials that are fetched once for all tasks.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    held: Mutex<Option<Credentials>>,
}

impl Cache {
    pub(crate) fn holding(credentials: Credentials) -> Self {
        Self { held: Mutex::new(Some(credentials)) }
    }

    /// The held credentials, or fresh ones. `rejected` are known to be bad, whatever their date says.
    pub(crate) async fn get<E, F>(&self, rejected: Option<&Credentials>, fetch: F) -> Result<Credentials, E>
    where
        F: AsyncFnOnce() -> Result<Credentials, E>,
    {
        let mut held = self.held.lock().await;
        if let Some(found) = held.as_ref()
            && rejected.is_none_or(|bad| !same(bad, found))
            && !is_stale(found, SystemTime::now())
        {
            return Ok(found.clone());
        }
        match fetch().await {
            Ok(fresh) => {
                *held = Some(fresh.clone());
                Ok(fresh)
            }
            // Better credentials with a minute left than none.
            Err(error) => match held.as_ref() {
                Some(old) if rejected.is_none() && !is_over(old, SystemTime::now()) => Ok(old.clone()),
                _ => Err(error),
            },
        }
    }
}

fn same(a: &Credentials, b: &Credentials) -> bool {
    a.access_key_id() == b.access_key_id() && a.session_token() == b.session_token()
}

fn is_stale(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiry().is_some_and(|end| end < now + EARLY)
}

fn is_over(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiry().is_some_and(|end| end <= now)
}

/// Credentials of given keys.
pub(crate) fn fixed(id: &str, secret: &Secret, token: Option<&Secret>) -> Source {
    let token = token.map(|t| t.reveal().to_owned());
    Source::Fixed(Credentials::new(id, secret.reveal(), token, None, "isobar"))
}

/// The chain of the AWS CLI. A profile given by name comes before the environment's keys.
pub(crate) async fn ambient(
    profile: Option<&str>,
    process_allowed: bool,
    region: &Region,
    settings: &Settings,
    transport: &Transport,
) -> Result<Source, Error> {
    if !process_allowed {
        refuse_processes(profile).await?;
    }
    let region = aws_types::region::Region::new(region.as_str().to_owned());
    // Our own region instead of aws-config's search for one, which would ask instance metadata.
    let config = ProviderConfig::without_region()
        .with_region(Some(region))
        .with_use_fips(Some(settings.fips))
        .with_use_dual_stack(Some(settings.dual_stack))
        .with_http_client(connector::http_client(transport.clone()));
    Ok(Source::Ambient(match profile {
        Some(name) => SharedCredentialsProvider::new(
            ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name).build(),
        ),
        None => {
            SharedCredentialsProvider::new(DefaultCredentialsChain::builder().configure(config).build().await)
        }
    }))
}

impl Source {
    pub(crate) async fn fetch(&self) -> Result<Credentials, Error> {
        match self {
            Self::Fixed(credentials) => Ok(credentials.clone()),
            Self::Ambient(provider) => {
                let wait = tokio::time::timeout(Duration::from_secs(30), provider.provide_credentials());
                let reason = match wait.await {
                    Ok(Ok(credentials)) => return Ok(credentials),
                    Ok(Err(error)) => words(&error),
                    Err(_) => "no answer within 30 seconds".to_owned(),
                };
                Err(Error::NoCredentials { reason })
            }
        }
    }
}

/// The error and its causes in one line. aws-config keeps secrets out of them.
fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source()).map(ToString::to_string);
    let mut words: Vec<String> = Vec::new();
    for cause in causes {
        if !words.iter().any(|w| w.contains(&cause)) {
            words.push(cause);
        }
    }
    words.join(": ").chars().take(400).collect()
}

/// Fails where the profile, or one it builds upon, would start a process.
async fn refuse_processes(profile: Option<&str>) -> Result<(), Error> {
    let env = Env::real();
    let has = |name: &str| env.get(name).is_ok_and(|v| !v.is_empty());
    if profile.is_none() && has("AWS_ACCESS_KEY_ID") && has("AWS_SECRET_ACCESS_KEY") {
        // The environment's keys are taken before any profile is read.
        return Ok(());
    }
    let Ok(profiles) = crate::profile::load(profile).await else {
        // Files that cannot be read name no process; the chain itself will say what is wrong.
        return Ok(());
    };
    match process_in(&profiles) {
        Some(profile) => Err(Error::ProcessRefused { profile }),
        None => Ok(()),
    }
}

/// The profile in the chosen one's chain that names a process.
fn process_in(profiles: &ProfileSet) -> Option<String> {
    let mut name = profiles.selected_profile().to_owned();
    let mut seen = Vec::new();
    while !seen.contains(&name) {
        let profile = profiles.get_profile(&name)?;
        if profile.get("credential_process").is_some() {
            return Some(name);
        }
        let next = profile.get("source_profile")?.to_owned();
        seen.push(std::mem::replace(&mut name, next));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    use aws_types::os_shim_internal::Fs;

    async fn check(config: &str, chosen: &str, expected: Option<&str>) {
        use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
        let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, config).build();
        let chosen = Some(Cow::Owned(chosen.to_owned()));
        let fs = Fs::from_slice(&[]);
        let profiles = aws_config::profile::load(&fs, &Env::from_slice(&[]), &files, chosen).await.unwrap();
        assert_eq!(process_in(&profiles).as_deref(), expected);
    }

    #[tokio::test]
    async fn processes_are_found_through_the_whole_chain() {
        let config = "[profile direct]\ncredential_process = /bin/x\n\
            [profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = middle\n\
            [profile middle]\nrole_arn = arn:aws:iam::1:role/m\nsource_profile = direct\n\
            [profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n\
            [profile circle]\nrole_arn = arn:aws:iam::1:role/c\nsource_profile = circle\n";
        check(config, "direct", Some("direct")).await;
        check(config, "role", Some("direct")).await;
        check(config, "keys", None).await;
        check(config, "circle", None).await;
        check(config, "absent", None).await;
    }

    #[tokio::test]
    async fn credentials_are_fetched_once_and_again_before_they_expire() {
        let fetched = std::sync::atomic::AtomicU32::new(0);
        let cache = Cache::default();
        let make = |left: u64| {
            let n = fetched.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let end = SystemTime::now() + Duration::from_secs(left);
            Credentials::new(format!("AKIA{n}"), "secret", None, Some(end), "test")
        };
        let get = async |rejected: Option<&Credentials>, left: u64| {
            cache.get::<(), _>(rejected, async || Ok(make(left))).await.unwrap().access_key_id().to_owned()
        };
        assert_eq!(get(None, 3600).await, "AKIA0");
        assert_eq!(get(None, 3600).await, "AKIA0");
        let bad = Credentials::new("AKIA0", "secret", None, None, "test");
        assert_eq!(get(Some(&bad), 60).await, "AKIA1");
        assert_eq!(get(None, 3600).await, "AKIA2");
        let bad = Credentials::new("AKIA0", "secret", None, None, "test");
        assert_eq!(get(Some(&bad), 3600).await, "AKIA2", "another task has already fetched new ones");
    }
}
