//! S3's addressing: the bucket in the host or in the path, and buckets that live elsewhere.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use isobar_model::Region;

use crate::endpoint::Endpoint;
use crate::request::{Request, encode};
use crate::response::error::Said;

/// Where buckets turned out to be; bounded, because names come from outside.
#[derive(Debug, Default)]
pub(crate) struct Homes {
    known: Mutex<HashMap<String, Region>>,
}

const MOST: usize = 20_000;

impl Homes {
    pub(crate) fn get(&self, bucket: &str) -> Option<Region> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()
    }
    pub(crate) fn put(&self, bucket: &str, region: &Region) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(bucket.to_owned(), region.clone());
        }
    }
}

/// Puts the bucket where it belongs: host of the URL, or first part of the path.
pub(crate) fn place_bucket(request: &mut Request, endpoint: &mut Endpoint) -> Result<(), String> {
    let Some(bucket) = request.bucket.take() else { return Ok(()) };
    if bucket.contains([':', '/']) || bucket.starts_with('.') {
        return Err(format!("{bucket:?} is no bucket name"));
    }
    if !endpoint.overridden && fits_host(&bucket) {
        endpoint.url = endpoint.url.replacen("://", &format!("://{bucket}."), 1);
    } else {
        let rest = request.path.trim_start_matches('/');
        request.path = if rest.is_empty() {
            format!("/{}", encode(&bucket))
        } else {
            format!("/{}/{rest}", encode(&bucket))
        };
    }
    Ok(())
}

/// Whether a bucket can be a label of a host name under S3's certificate; dots would break that.
fn fits_host(bucket: &str) -> bool {
    let bytes = bucket.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
        && bytes[0] != b'-'
        && bytes[bytes.len() - 1] != b'-'
}

/// The region to ask instead, when S3 says that the bucket is elsewhere.
pub(crate) fn elsewhere(said: &Said, status: u16, asked: &str) -> Option<Region> {
    let moved = matches!(status, 301 | 307)
        || matches!(
            said.code.as_str(),
            "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException"
        );
    let region = Region::parse(said.region.as_deref()?).ok()?;
    (moved && region.as_str() != asked).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bucket: &str, path: &str, overridden: bool, expected: Option<(&str, &str)>) {
        let mut request =
            Request { bucket: Some(bucket.to_owned()), path: path.to_owned(), ..Request::default() };
        let mut endpoint = Endpoint {
            url: "https://s3.eu-west-1.amazonaws.com".to_owned(),
            signing_region: "eu-west-1".to_owned(),
            signing_name: "s3".to_owned(),
            overridden,
        };
        let done = place_bucket(&mut request, &mut endpoint);
        let got = done.is_ok().then_some((endpoint.url.as_str(), request.path.as_str()));
        assert_eq!(got, expected, "{bucket} {path}");
    }

    #[test]
    fn buckets_go_into_the_host_where_they_can() {
        let plain = "https://s3.eu-west-1.amazonaws.com";
        check("photos", "/", false, Some(("https://photos.s3.eu-west-1.amazonaws.com", "/")));
        check("photos", "/a/b", false, Some(("https://photos.s3.eu-west-1.amazonaws.com", "/a/b")));
        check("my.photos", "/", false, Some((plain, "/my.photos")));
        check("my.photos", "/a", false, Some((plain, "/my.photos/a")));
        check("Old_Bucket", "/", false, Some((plain, "/Old_Bucket")));
        check("photos", "/a", true, Some((plain, "/photos/a")));
        check("arn:aws:s3:::x", "/", false, None);
        check("../x", "/", false, None);
    }

    #[test]
    fn redirects_name_the_region() {
        let said = |code: &str, region: Option<&str>| Said {
            code: code.to_owned(),
            message: String::new(),
            region: region.map(str::to_owned),
        };
        let go = |s: Said, status| elsewhere(&s, status, "us-east-1").map(|r| r.to_string());
        assert_eq!(go(said("PermanentRedirect", Some("eu-west-1")), 301).as_deref(), Some("eu-west-1"));
        assert_eq!(
            go(said("AuthorizationHeaderMalformed", Some("eu-west-1")), 400).as_deref(),
            Some("eu-west-1")
        );
        assert_eq!(go(said("PermanentRedirect", Some("us-east-1")), 301), None);
        assert_eq!(go(said("PermanentRedirect", Some("evil.example")), 301), None);
        assert_eq!(go(said("AccessDenied", Some("eu-west-1")), 403), None);
        assert_eq!(go(said("PermanentRedirect", None), 301), None);
    }
}
