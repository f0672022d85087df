//! Binding, TLS, the layers around the routes, and stopping gracefully.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use http::{HeaderName, HeaderValue, Method, header};
use hyper_util::rt::TokioTimer;
use isobar_app::App;
use isobar_model::Secret;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::state::State;
use crate::{ServeConfig, ServeError, Tls, layers, routes};

/// A server that listens; it answers once [`Serving::run`] is polled.
pub struct Serving {
    address: SocketAddr,
    listener: std::net::TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    state: State,
}

/// Binds the address and makes everything ready to serve.
pub async fn serve(app: App, config: ServeConfig) -> Result<(SocketAddr, Serving), ServeError> {
    let listen = config.listen;
    let failed = |source| ServeError::Listen { address: listen, source };
    let tls = config.tls.as_ref().map(tls_config).transpose()?;
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?.into_std().map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (router, state) = build(app, ServeConfig { listen: address, ..config })?;
    Ok((address, Serving { address, listener, tls, router, state }))
}

/// The whole service without a socket, for tests and for other servers.
pub fn router(app: App, config: ServeConfig) -> Result<Router, ServeError> {
    Ok(build(app, config)?.0)
}

impl Serving {
    /// A link that signs a browser in, once, with a key; for the demo.
    pub fn login_link(&self, key: &Secret) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/?login={}", self.address, self.state.inner.sessions.one_time(key))
    }

    /// Serves until `stop` is done, then lets running requests finish within the grace.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let Self { listener, tls, router, state, .. } = self;
        let (handle, grace) = (Handle::new(), state.config().grace);
        let (app, housed) = (state.app().clone(), state.app().clone());
        let stopping = handle.clone();
        tokio::spawn(async move {
            stop.await;
            tracing::info!("stopping; running requests may take {} s more", grace.as_secs());
            stopping.graceful_shutdown(Some(grace));
        });
        let house = tokio::spawn(async move { housed.keep_house().await });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let served = match tls {
            None => {
                let mut server = axum_server::from_tcp(listener)?.handle(handle);
                tune(server.http_builder());
                server.serve(service).await
            }
            Some(tls) => {
                let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
                tune(server.http_builder());
                server.serve(service).await
            }
        };
        house.abort();
        app.close().await;
        Ok(served?)
    }
}

/// Slow and greedy heads end here, before any of our layers sees them.
fn tune(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(20))
        .max_buf_size(128 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .max_header_list_size(64 << 10);
}

fn build(app: App, config: ServeConfig) -> Result<(Router, State), ServeError> {
    let cors = cors(&config)?;
    let state = State::new(app, config)?;
    let routes = routes::all()
        .layer(from_fn(layers::note_route))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .with_state(state.clone());
    // Paths are rewritten before routing, so the routes are a service inside another router.
    let rewritten =
        routes.into_service::<axum::body::Body>().map_request(layers::rewrite as fn(Request) -> Request);
    let router = Router::new()
        .fallback_service(rewritten)
        .layer(from_fn_with_state(state.clone(), layers::limits))
        .layer(CompressionLayer::new());
    let router = match cors {
        Some(cors) => router.layer(cors),
        None => router,
    };
    let router = router
        .layer(from_fn_with_state(state.clone(), layers::log))
        .layer(CatchPanicLayer::custom(layers::panicked));
    Ok((router, state))
}

fn cors(config: &ServeConfig) -> Result<Option<CorsLayer>, ServeError> {
    let origins: Vec<HeaderValue> = config
        .origins
        .iter()
        .map(|origin| {
            let wrong = |reason: &str| ServeError::Setting {
                setting: "origins",
                reason: format!("{origin}: {reason}"),
            };
            if !(origin.starts_with("https://") || origin.starts_with("http://")) || origin.ends_with('/') {
                return Err(wrong("must be like https://example.com"));
            }
            HeaderValue::from_str(origin).map_err(|_| wrong("has characters no origin has"))
        })
        .collect::<Result<_, _>>()?;
    if origins.is_empty() {
        // Even an empty layer would answer OPTIONS with 200, for every path.
        return Ok(None);
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CACHE_CONTROL,
            HeaderName::from_static("prefer"),
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(3600));
    Ok(Some(layer))
}

fn tls_config(files: &Tls) -> Result<RustlsConfig, ServeError> {
    let wrong =
        |file: &std::path::Path, reason: String| ServeError::Tls { file: file.display().to_string(), reason };
    let (chain_file, key_file) = (&files.certificates, &files.key);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain_file)
        .and_then(Iterator::collect)
        .map_err(|e| wrong(chain_file, e.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(chain_file, "there is no certificate in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|e| wrong(key_file, e.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| wrong(chain_file, e.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| wrong(chain_file, e.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
