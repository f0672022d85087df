//! Credentials, signing, wire protocols, paging and retries.
