//! The table of routes.

pub(crate) mod cloudcraft;
pub(crate) mod docs;
pub(crate) mod ops;
pub(crate) mod tools;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::State;
use crate::{ApiError, web};
use cloudcraft::{account, azure, iam, me, snapshot};

/// The documented API: Cloudcraft's endpoints and the probes.
pub(crate) fn api() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(docs::head())
        .routes(routes!(me::user))
        .routes(routes!(me::teams))
        .routes(routes!(account::list, account::create))
        .routes(routes!(account::update, account::remove))
        .routes(routes!(iam::parameters))
        .routes(routes!(iam::minimal))
        .routes(routes!(iam::custom))
        .routes(routes!(snapshot::snapshot, snapshot::snapshot_like))
        .routes(routes!(azure::list, azure::create))
        .routes(routes!(azure::update, azure::remove))
        .routes(routes!(azure::snapshot))
        .routes(routes!(ops::healthz))
        .routes(routes!(ops::readyz))
        .routes(routes!(ops::metrics))
}

/// Every route, the page's and the explorer's too.
pub(crate) fn all() -> Router<State> {
    let (router, _) = api().split_for_parts();
    router
        .merge(docs::routes())
        .merge(web::routes())
        .merge(tools::routes())
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .fallback(|| async { ApiError::not_found() })
}
