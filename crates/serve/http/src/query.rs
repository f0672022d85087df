//! Query strings as the SDKs send them: `+` or `%20` for a space, lists repeated or with commas.

use http::StatusCode;
use percent_encoding::percent_decode_str;

use crate::ApiError;

/// The pairs of a query string or of a form's body, in order.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned);
        decoded.ok().filter(|text| !text.contains('\0')).ok_or_else(|| {
            let name: String = text.chars().take(40).collect();
            ApiError::new(
                StatusCode::BAD_REQUEST,
                "invalid_parameter",
                format!("Invalid parameter: {name}. Must be percent-encoded UTF-8"),
            )
        })
    };
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// The last value of a name.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// Writes a value for a URL's query.
pub(crate) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &[(&str, &str)]) {
        let got = pairs(query).unwrap();
        let got: Vec<(&str, &str)> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(got, expected, "{query}");
    }

    #[test]
    fn reads_what_the_sdks_send() {
        check("", &[]);
        check("filter=type%3Dec2+AND+env%3Dprod", &[("filter", "type=ec2 AND env=prod")]);
        check("filter=a%20b&x", &[("filter", "a b"), ("x", "")]);
        check("exclude=ec2&exclude=sg", &[("exclude", "ec2"), ("exclude", "sg")]);
        check("exclude=ec2%2Csg&&", &[("exclude", "ec2,sg")]);
        check("a=b=c", &[("a", "b=c")]);
        assert!(pairs("a=%ff").is_err() && pairs("a=%00").is_err());
        assert_eq!(encode("a b&c"), "a%20b%26c");
    }
}
