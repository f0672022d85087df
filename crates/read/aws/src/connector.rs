//! Our way to the network, lent to aws-config for what it asks by itself: SSO, STS of a profile's
//! chain, container and instance metadata.
//!
//! In: a [`Transport`]. Out: what the AWS libraries call an HTTP client. So the certificate bundle,
//! proxies, time-outs and bounds are the same for credentials and for calls, and no second HTTP client
//! with a TLS stack of its own is linked.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

use crate::CallErrorKind;
use crate::transport::{Failed, Transport};

/// Lends a transport to the AWS libraries.
pub(crate) fn http_client(transport: Transport) -> impl HttpClient + 'static {
    Lent { transport }
}

#[derive(Debug)]
struct Lent {
    transport: Transport,
}

impl HttpClient for Lent {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        // Instance metadata asks for a second; without a bound of its own a machine outside AWS would
        // wait for its connection to nowhere.
        let limit = settings.connect_timeout().into_iter().chain(settings.read_timeout()).sum();
        let limit = if limit == Duration::ZERO { None } else { Some(limit) };
        SharedHttpConnector::new(Exchange { transport: self.transport.clone(), limit })
    }
}

#[derive(Debug)]
struct Exchange {
    transport: Transport,
    limit: Option<Duration>,
}

impl HttpConnector for Exchange {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (transport, limit) = (self.transport.clone(), self.limit);
        HttpConnectorFuture::new(async move {
            let work = exchange(&transport, request);
            match limit {
                Some(limit) => match tokio::time::timeout(limit, work).await {
                    Ok(outcome) => outcome,
                    Err(late) => Err(ConnectorError::timeout(late.into())),
                },
                None => work.await,
            }
        })
    }
}

async fn exchange(transport: &Transport, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let wrong = |error: &str| ConnectorError::user(error.to_owned().into());
    let url: reqwest::Url = request.uri().parse().map_err(|_| wrong("the address is no URL"))?;
    let body = request.body().bytes().ok_or_else(|| wrong("the body is a stream"))?.to_vec();
    let headers: Vec<(String, String)> =
        request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let near = transport.without_proxy_to(&url);
    let answer = near.send(request.method(), &url, &headers, body).await.map_err(given_up)?;
    let mut parts = http::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        parts = parts.header(name, value);
    }
    let response = parts.body(SdkBody::from(answer.body)).map_err(|e| ConnectorError::io(e.into()))?;
    HttpResponse::try_from(response).map_err(|e| ConnectorError::io(e.into()))
}

fn given_up(failed: Failed) -> ConnectorError {
    let source = failed.error.to_string().into();
    match failed.error.kind {
        CallErrorKind::Timeout => ConnectorError::timeout(source),
        _ => ConnectorError::io(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Answers one request with its own first line, after a while.
    async fn echo(wait: Duration) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let length = socket.read(&mut bytes).await.unwrap();
            let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
            tokio::time::sleep(wait).await;
            let text = head.lines().next().unwrap_or_default().to_owned();
            let answer =
                format!("HTTP/1.1 418 X\r\nx-seen: yes\r\nContent-Length: {}\r\n\r\n{text}", text.len());
            let _ = socket.write_all(answer.as_bytes()).await;
        });
        format!("http://{address}/latest?x=1")
    }

    async fn call(wait: Duration, limit: Duration) -> Result<HttpResponse, ConnectorError> {
        let transport = Transport::new(&Settings::default()).unwrap();
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_method("PUT").unwrap();
        request.set_uri(echo(wait).await).unwrap();
        Exchange { transport, limit: Some(limit) }.call(request).await
    }

    #[tokio::test]
    async fn an_exchange_goes_there_and_back() {
        let response = call(Duration::ZERO, Duration::from_secs(20)).await.unwrap();
        assert_eq!(response.status().as_u16(), 418);
        assert_eq!(response.headers().get("x-seen"), Some("yes"));
        assert_eq!(response.body().bytes(), Some(b"PUT /latest?x=1 HTTP/1.1".as_slice()));
    }

    #[tokio::test]
    async fn who_wants_a_short_wait_gets_one() {
        let late = call(Duration::from_secs(30), Duration::from_millis(50)).await.unwrap_err();
        assert!(late.is_timeout(), "{late:?}");
    }
}
