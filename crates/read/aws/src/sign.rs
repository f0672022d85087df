//! Signature Version 4, through aws-sigv4.
//!
//! In: a request as it will be sent, credentials, region and name. Out: the headers to add.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;

use crate::endpoint::Endpoint;

/// The headers that sign a request. The error is words, without credentials.
pub(crate) fn headers(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
    endpoint: &Endpoint,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<Vec<(String, String)>, String> {
    let mut settings = SigningSettings::default();
    // S3 signs paths as they are sent, and wants the body's hash; all others encode once more.
    if is_s3(&endpoint.signing_name) {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    } else {
        settings.percent_encoding_mode = PercentEncodingMode::Double;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Enabled;
    }
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&endpoint.signing_region)
        .name(&endpoint.signing_name)
        .time(now)
        .settings(settings)
        .build()
        .map_err(|_| "the request cannot be signed".to_owned())?
        .into();
    let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request = SignableRequest::new(method, url, pairs, SignableBody::Bytes(body))
        .map_err(|_| "the request cannot be signed: its address is no URL".to_owned())?;
    let (instructions, _) =
        sign(request, &parameters).map_err(|_| "the request cannot be signed".to_owned())?.into_parts();
    Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn is_s3(signing_name: &str) -> bool {
    matches!(signing_name, "s3" | "s3-outposts" | "s3-object-lambda" | "s3express")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    /// AWS's published Signature Version 4 test suite: its keys, its moment (20150830T123600Z), its
    /// region and service.
    fn check(method: &str, url: &str, extra: &[(&str, &str)], body: &str, signature: &str) {
        let credentials =
            Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None, None, "test");
        let endpoint = Endpoint {
            url: String::new(),
            signing_region: "us-east-1".to_owned(),
            signing_name: "service".to_owned(),
            overridden: false,
        };
        let now = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        let extra: Vec<_> = extra.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let got = headers(method, url, &extra, body.as_bytes(), &endpoint, &credentials, now).unwrap();
        let authorization = &got.iter().find(|(name, _)| name == "authorization").unwrap().1;
        let scope = "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
        assert!(authorization.contains(scope), "{authorization}");
        assert!(authorization.ends_with(&format!("Signature={signature}")), "{url}: {authorization}");
    }

    #[test]
    fn the_published_vectors() {
        let home = "https://example.amazonaws.com/";
        check("GET", home, &[], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        check("POST", home, &[], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
        check(
            "GET",
            "https://example.amazonaws.com/?Param1=value1&Param2=value2",
            &[],
            "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        );
        check(
            "GET",
            "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            &[],
            "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        );
        check(
            "POST",
            home,
            &[("content-type", "application/x-www-form-urlencoded")],
            "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        );
        check(
            "POST",
            home,
            &[("my-header1", "VALUE1")],
            "",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
        );
    }
}
