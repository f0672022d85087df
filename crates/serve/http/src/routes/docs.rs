//! `/openapi.json`, made from the code, and `/docs`, an explorer that needs no network.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderValue, header};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder, Server,
};

use crate::ApiError;
use crate::state::State;

/// Statuses that any route may answer with, and when.
const ERRORS: [(&str, &str); 15] = [
    ("400", "A parameter, a field or the body is wrong"),
    ("401", "No API key, or a wrong one"),
    ("403", "The key may not do this"),
    ("404", "There is no such thing"),
    ("405", "There is no such method here"),
    ("408", "The body did not arrive in time"),
    ("409", "The server lacks a setting this needs; the error names it"),
    ("413", "The body is too large"),
    ("414", "The request target is too long"),
    ("429", "Too many requests; see Retry-After"),
    ("431", "The headers are too large"),
    ("500", "A mistake of ours"),
    ("502", "AWS could not be reached"),
    ("503", "Too busy"),
    ("504", "The scan took longer than the server allows"),
];

/// The head of the document.
pub(crate) fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("isobar")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Reads an AWS account and draws it. Compatible with the Cloudcraft developer API. Every route \
             also answers under /api. Every error is a JSON object with error, reason and code.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").build()))
        .build();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/"), Server::new("/api")]))
        .components(Some(ComponentsBuilder::new().security_scheme("key", bearer).build()))
        .security(Some([SecurityRequirement::new("key", Vec::<String>::new())]))
        .build()
}

/// The OpenAPI document.
pub fn openapi() -> OpenApi {
    let mut document = super::api().into_openapi();
    let error = utoipa::openapi::schema::ObjectBuilder::new()
        .property("error", text("A sentence for people"))
        .property("reason", text("A word for programs"))
        .property("code", whole("The HTTP status"))
        .required("error")
        .required("reason")
        .required("code")
        .build();
    let components = document.components.get_or_insert_default();
    components.schemas.insert("Error".to_owned(), error.into());
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for (status, when) in ERRORS {
                let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
                let response = ResponseBuilder::new().description(when).content("application/json", content);
                operation.responses.responses.insert(status.to_owned(), RefOr::T(response.build()));
            }
        }
    }
    document
}

fn text(description: &str) -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).description(Some(description)).build()
}

fn whole(description: &str) -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).description(Some(description)).build()
}

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/openapi.json", get(|| async { Json(openapi()) }))
        .route("/docs", get(|| async { explorer("index.html") }))
        .route("/docs/{*file}", get(|Path(file): Path<String>| async move { explorer(&file) }))
}

/// A file of Swagger UI, which is part of the program.
fn explorer(file: &str) -> Response {
    let config = Arc::new(utoipa_swagger_ui::Config::new(["/openapi.json"]));
    let found = match utoipa_swagger_ui::serve(file, config) {
        Ok(Some(found)) => found,
        Ok(None) => return ApiError::not_found().into_response(),
        Err(error) => {
            tracing::error!(%error, "the explorer is damaged");
            return ApiError::internal().into_response();
        }
    };
    let mut bytes = found.bytes.into_owned();
    if file == "index.html" {
        // Its links are relative to a path with a slash at the end, which we do not redirect to.
        bytes = String::from_utf8_lossy(&bytes)
            .replace("\"./", "\"/docs/")
            .replace("\"index.css", "\"/docs/index.css")
            .into_bytes();
    }
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&found.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if found.gzpipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // Swagger UI sets style attributes and shows its icons from data URLs; scripts are its own files.
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                  img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
