//! Rules about Elasticsearch and OpenSearch domains.

pub(super) mod public;
