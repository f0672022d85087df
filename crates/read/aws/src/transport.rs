//! One HTTP exchange: time-outs, proxies, certificates, a bound on the answer's size.
//!
//! In: a complete, signed request. Out: an [`Answer`], good or bad, or how the exchange itself failed.
//! Retries are left to `client`.

use std::error::Error as _;

use futures::StreamExt;
use reqwest::redirect::Policy;

use crate::error::{CallError, CallErrorKind, Error};
use crate::response::Answer;
use crate::response::error::own;
use crate::settings::Settings;

/// The door to the network.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    /// For what is on this very machine or link, where no proxy leads.
    near: reqwest::Client,
    max_answer: usize,
}

/// How an exchange failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: CallError,
    /// Whether another try may help.
    pub(crate) again: bool,
    /// The host has no address: there is no such endpoint, or no network at all.
    pub(crate) no_such_host: bool,
}

impl Transport {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("isobar/", env!("CARGO_PKG_VERSION")))
            // A redirect of S3 needs a new signature; others do not exist.
            .redirect(Policy::none())
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            .retry(reqwest::retry::never());
        if !settings.proxy_from_env {
            builder = builder.no_proxy();
        }
        if let Some(path) = &settings.ca_bundle {
            let wrong = |reason: String| Error::Setting { setting: "AWS_CA_BUNDLE", reason };
            let pem = std::fs::read(path).map_err(|e| wrong(format!("{}: {e}", path.display())))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| wrong(format!("{} is no PEM bundle", path.display())))?;
            if certificates.is_empty() {
                return Err(wrong(format!("{} holds no certificate", path.display())));
            }
            // As the AWS CLI does: the bundle replaces the system's authorities.
            builder = builder.tls_certs_only(certificates);
        }
        let http = builder.build().map_err(|e| Error::Setting {
            setting: "TLS",
            reason: format!("the HTTP client cannot be made: {}", deepest(&e)),
        })?;
        let near = if settings.proxy_from_env {
            let plain = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
            plain.connect_timeout(settings.connect_timeout).read_timeout(settings.read_timeout).build()
        } else {
            Ok(http.clone())
        };
        let near = near.map_err(|e| Error::Setting { setting: "TLS", reason: deepest(&e) })?;
        Ok(Self { http, near, max_answer: settings.max_answer })
    }

    /// The same, past any proxy where the address is link-local, as those of container and instance
    /// metadata are.
    pub(crate) fn without_proxy_to(&self, url: &reqwest::Url) -> Self {
        let is_near = match url.host_str().map(|host| host.trim_matches(['[', ']']).parse()) {
            Some(Ok(std::net::IpAddr::V4(v4))) => v4.is_link_local(),
            // `fd00:ec2::254`, instance metadata over IPv6.
            Some(Ok(std::net::IpAddr::V6(v6))) => v6.is_unicast_link_local() || v6.is_unique_local(),
            _ => false,
        };
        if is_near { Self { http: self.near.clone(), ..self.clone() } } else { self.clone() }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(
        &self,
        method: &str,
        url: &reqwest::Url,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Failed> {
        let method = method.parse::<reqwest::Method>().unwrap_or(reqwest::Method::POST);
        let mut request = self.http.request(method, url.clone()).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|e| failed(&e, url))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|e| failed(&e, url))?;
            if body.len() + chunk.len() > self.max_answer {
                let message = format!("the answer is longer than {} bytes", self.max_answer);
                let error = CallError { status: Some(status), ..own(CallErrorKind::TooLarge, message) };
                return Err(Failed { error, again: false, no_such_host: false });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

fn failed(error: &reqwest::Error, url: &reqwest::Url) -> Failed {
    let host = url.host_str().unwrap_or("the service");
    let reason = deepest(error);
    let no_such_host = error.is_connect() && chain(error).any(|text| text.contains("dns error"));
    let (kind, message) = if error.is_timeout() {
        (CallErrorKind::Timeout, format!("no answer from {host} in time"))
    } else if no_such_host {
        (CallErrorKind::Transport, format!("there is no host {host}"))
    } else if error.is_connect() {
        (CallErrorKind::Transport, format!("no connection to {host}: {reason}"))
    } else {
        (CallErrorKind::Transport, format!("the exchange with {host} broke off: {reason}"))
    };
    let again = !error.is_builder() && !no_such_host;
    Failed { error: own(kind, message), again, no_such_host }
}

fn chain<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = String> + 'a {
    std::iter::successors(error.source(), |&e| e.source()).map(|e| e.to_string())
}

/// The innermost cause: the others only repeat that something failed, and the URL.
fn deepest(error: &reqwest::Error) -> String {
    chain(error).last().unwrap_or_else(|| "unknown cause".to_owned())
}
