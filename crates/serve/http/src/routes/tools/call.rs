//! The four fields of a call, with their defaults.

use http::StatusCode;
use isobar_cloudmapper::Call;
use serde_json::{Map, Value};

use crate::ApiError;

/// Reads the fields; further ones are ignored. Numbers and truth values become words as they did in
/// the original; what Python takes for false is nothing, except an action of null, which is no command.
pub(super) fn read(object: &Map<String, Value>) -> Result<Call, ApiError> {
    let field = |name: &'static str, default: &str| match object.get(name) {
        None => Ok(default.to_owned()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Null) if name == "action" => Ok("None".to_owned()),
        Some(Value::Null | Value::Bool(false)) => Ok(String::new()),
        Some(Value::Number(number)) if number.as_f64() == Some(0.0) => Ok(String::new()),
        Some(Value::Bool(true)) => Ok("True".to_owned()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Array(_) | Value::Object(_)) => {
            let error = format!("Invalid parameter format: {name}. Must be a string");
            Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_property", error))
        }
    };
    Ok(Call {
        action: field("action", "collect")?,
        account: field("account", "")?,
        config: field("config", "config.json")?,
        additional: field("additional_args", "")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(body: Value, expected: [&str; 4]) {
        let call = read(body.as_object().unwrap()).unwrap();
        assert_eq!(
            [call.action, call.account, call.config, call.additional],
            expected.map(str::to_owned),
            "{body}"
        );
    }

    #[test]
    fn fields_and_their_defaults() {
        check(json!({}), ["collect", "", "config.json", ""]);
        check(json!({"action": null, "account": null, "config": ""}), ["None", "", "", ""]);
        check(
            json!({"action": "stats", "account": 5, "additional_args": false, "more": []}),
            ["stats", "5", "config.json", ""],
        );
        assert!(read(json!({"account": ["a"]}).as_object().unwrap()).is_err());
    }
}
