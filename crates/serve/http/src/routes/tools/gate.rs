//! Who may use the tools: a bearer key, or nobody but this machine where the operator opened it.
//!
//! hexstrike-ai's client cannot send a key. Opened, the endpoint answers it on loopback: the peer must
//! be this machine, the Host a name of it (a foreign name that resolves here is DNS rebinding), the
//! request none of a foreign page, and no proxy may have passed it on, behind which all are local.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use isobar_mcp::Caller;
use uuid::Uuid;

use crate::ApiError;
use crate::auth;
use crate::state::State;

/// The caller of a tool.
pub(super) async fn admit(parts: &mut Parts, state: &State) -> Result<Caller, ApiError> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let from = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.ip().to_string());
    if parts.headers.contains_key(header::AUTHORIZATION) {
        let scope = auth::known(parts, state).await?;
        return Ok(Caller { scope, from });
    }
    let Some(rights) = state.config().tools_open else {
        let error = "The tools need an API key: send Authorization: Bearer <API key>, or have the operator start the \
                     server with --tools-open-on-loopback";
        return Err(ApiError::unauthorized(error));
    };
    is_local(peer, &parts.headers).map_err(|why| {
        tracing::warn!(target: "isobar::tools", %from, why, "refused a call without a key");
        let error = format!("Without an API key the tools answer on this machine only: {why}");
        ApiError::new(StatusCode::FORBIDDEN, "forbidden_origin", error)
    })?;
    if let Some(seconds) = state.over_limit(Uuid::nil()) {
        let error = format!("Too many requests: wait {seconds} s");
        let refused = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", error);
        return Err(ApiError { retry_after: Some(seconds), ..refused });
    }
    let mut scope = state.app().operator().await?;
    scope.rights = rights;
    Ok(Caller { scope, from })
}

/// Whether a request comes from a program on this machine, and if not, why.
fn is_local(peer: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), &'static str> {
    if !peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) {
        return Err("the request comes from another one");
    }
    if ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"]
        .iter()
        .any(|n| headers.contains_key(*n))
    {
        return Err("a proxy passed the request on");
    }
    let one = |name: header::HeaderName| {
        let mut all = headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    };
    let host = one(header::HOST).ok_or("the Host header is missing or given twice")?;
    if !names_this_machine(host) {
        return Err("the Host header names another one");
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err("the request comes from a page of another site");
    }
    if let Some(origin) = text("origin")
        && origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) != Some(host)
    {
        return Err("the request comes from a page of another site");
    }
    Ok(())
}

fn names_this_machine(host: &str) -> bool {
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(peer: &str, headers: &[(&'static str, &'static str)], expected: Result<(), &str>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        match (is_local(peer.parse().ok(), &map), expected) {
            (Ok(()), Ok(())) => {}
            (Err(why), Err(words)) => assert!(why.contains(words), "{why}"),
            (found, expected) => panic!("{peer} {headers:?}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn only_programs_of_this_machine_come_in_without_a_key() {
        let (local, host) = ("127.0.0.1:5", ("host", "127.0.0.1:8888"));
        check(local, &[host], Ok(()));
        check("[::1]:5", &[("host", "localhost:8888")], Ok(()));
        check("[::ffff:127.0.0.1]:5", &[("host", "[::1]")], Ok(()));
        check(local, &[host, ("origin", "http://127.0.0.1:8888")], Ok(()));
        check("10.0.0.1:5", &[host], Err("another one"));
        check("", &[host], Err("another one"));
        check(local, &[("host", "evil.example:8888")], Err("Host header names"));
        check(local, &[("host", "127.0.0.1.evil.example")], Err("Host header names"));
        check(local, &[("host", "localhost"), ("host", "evil.example")], Err("given twice"));
        check(local, &[], Err("missing"));
        check(local, &[host, ("origin", "http://evil.example")], Err("another site"));
        check(local, &[host, ("origin", "null")], Err("another site"));
        check(local, &[host, ("sec-fetch-site", "cross-site")], Err("another site"));
        check(local, &[host, ("x-forwarded-for", "10.0.0.1")], Err("proxy"));
    }
}
