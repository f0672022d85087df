//! Browser sessions: a random cookie that stands for an API key, kept in memory only.
//!
//! The key is authenticated again on each request, so revoking it ends the session. The cookie is
//! HttpOnly and SameSite=Strict, works for reading only, and only where Host and Origin fit.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode, header};
use isobar_model::Secret;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use crate::state::State;
use crate::{ApiError, ServeConfig};

const LIFETIME: Duration = Duration::from_secs(12 * 3600);
const ONE_TIME_LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// More sessions than people: beyond it the oldest goes.
const MOST: usize = 1000;

type Table = Mutex<HashMap<[u8; 32], (Secret, Instant)>>;

/// Sessions and unredeemed login links, by the hash of their tokens.
#[derive(Default)]
pub(crate) struct Sessions {
    sessions: Table,
    links: Table,
}

fn token() -> String {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn insert(table: &Table, key: Secret, lifetime: Duration) -> String {
    let token = token();
    let mut table = table.lock().unwrap_or_else(|e| e.into_inner());
    table.retain(|_, (_, began)| began.elapsed() < lifetime);
    if table.len() >= MOST
        && let Some(oldest) = table.iter().min_by_key(|(_, (_, began))| *began).map(|(hash, _)| *hash)
    {
        table.remove(&oldest);
    }
    table.insert(hash(&token), (key, Instant::now()));
    token
}

impl Sessions {
    /// A token for a link that signs in once.
    pub(crate) fn one_time(&self, key: &Secret) -> String {
        insert(&self.links, key.clone(), ONE_TIME_LIFETIME)
    }

    /// The key of a login link; the link is used up.
    pub(crate) fn redeem(&self, token: &str) -> Option<Secret> {
        let mut links = self.links.lock().unwrap_or_else(|e| e.into_inner());
        let (key, made) = links.remove(&hash(token))?;
        (made.elapsed() < ONE_TIME_LIFETIME).then_some(key)
    }

    /// Begins a session and gives its cookie.
    pub(crate) fn start(&self, key: Secret, config: &ServeConfig) -> String {
        let token = insert(&self.sessions, key, LIFETIME);
        cookie(config, &token, LIFETIME.as_secs())
    }

    /// Ends a session and gives the cookie that clears the browser's.
    pub(crate) fn end(&self, headers: &HeaderMap, config: &ServeConfig) -> String {
        if let Some(token) = sent(headers, config) {
            self.sessions.lock().unwrap_or_else(|e| e.into_inner()).remove(&hash(&token));
        }
        cookie(config, "", 0)
    }

    /// The key that a request's cookie stands for.
    pub(crate) fn key(&self, headers: &HeaderMap, config: &ServeConfig) -> Option<Secret> {
        let token = sent(headers, config)?;
        let sessions = self.sessions.lock().unwrap_or_else(|e| e.into_inner());
        let (key, began) = sessions.get(&hash(&token))?;
        (began.elapsed() < LIFETIME).then(|| key.clone())
    }
}

fn name(config: &ServeConfig) -> &'static str {
    if config.tls.is_some() { "__Host-isobar" } else { "isobar" }
}

fn cookie(config: &ServeConfig, token: &str, seconds: u64) -> String {
    let secure = if config.tls.is_some() { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}", name(config))
}

fn sent(headers: &HeaderMap, config: &ServeConfig) -> Option<String> {
    let wanted = name(config);
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|text| {
        text.split(';').find_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            (name == wanted && !value.is_empty()).then(|| value.to_owned())
        })
    })
}

fn forbidden(error: &str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "forbidden_origin", error)
}

/// The page answers under names it knows only, so that a foreign name that resolves to this machine
/// (DNS rebinding) sees nothing.
pub(crate) fn check_host(headers: &HeaderMap, state: &State) -> Result<(), ApiError> {
    let wrong = || forbidden("The page is not served under this host name; see the setting hosts");
    let config = state.config();
    let Some(host) = headers.get(header::HOST) else { return Ok(()) };
    let host = host.to_str().map_err(|_| wrong())?;
    let bare = bare_host(host).to_ascii_lowercase();
    let loopback = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let named = config.hosts.iter().any(|known| known.eq_ignore_ascii_case(&bare));
    let open = config.hosts.is_empty() && !is_loopback(config.listen);
    if loopback || named || open { Ok(()) } else { Err(wrong()) }
}

/// A request with a cookie must come from our own page.
pub(crate) fn check_origin(headers: &HeaderMap, state: &State) -> Result<(), ApiError> {
    check_host(headers, state)?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Err(forbidden("This request came from another site"));
    }
    if let Some(origin) = text("origin") {
        let own = text("host").is_some_and(|host| {
            origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")) == Some(host)
        });
        if !own {
            return Err(forbidden("This request came from another site"));
        }
    }
    Ok(())
}

/// A Host header without its port and without the brackets of IPv6.
fn bare_host(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn is_loopback(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_without_ports() {
        for (host, bare) in [
            ("localhost:8888", "localhost"),
            ("[::1]:8888", "::1"),
            ("127.0.0.1", "127.0.0.1"),
            ("a.b", "a.b"),
        ] {
            assert_eq!(bare_host(host), bare);
        }
    }

    #[test]
    fn links_work_once_and_sessions_until_they_end() {
        let (sessions, config) = (Sessions::default(), ServeConfig::default());
        let link = sessions.one_time(&Secret::new("k"));
        assert!(sessions.redeem(&link).is_some() && sessions.redeem(&link).is_none());
        let cookie = sessions.start(Secret::new("k"), &config);
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.split(';').next().unwrap().parse().unwrap());
        assert_eq!(sessions.key(&headers, &config), Some(Secret::new("k")));
        assert!(sessions.end(&headers, &config).contains("Max-Age=0"));
        assert_eq!(sessions.key(&headers, &config), None);
    }
}
