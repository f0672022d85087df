//! `config.json`: the accounts, and names for address ranges.

use serde_json::{Map, Value, json};

use crate::Error;

/// One account of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The twelve digits, as written.
    pub id: String,
    /// The name, which is also the folder below account-data.
    pub name: String,
    /// Used when no account is named.
    pub default: bool,
    /// Groups for `weboftrust`; it uses the first.
    pub tags: Vec<String>,
}

/// The configuration, kept as JSON so that writing it back loses nothing it did not understand.
#[derive(Debug, Clone, PartialEq)]
pub struct Config(Value, Vec<AccountEntry>);

impl Default for Config {
    fn default() -> Self {
        Self(json!({"accounts": [], "cidrs": {}}), Vec::new())
    }
}

impl Config {
    /// Reads the file's text; `path` is for the error.
    pub fn parse(text: &str, path: &str) -> Result<Self, Error> {
        let malformed = |reason: String| Error::ConfigMalformed { path: path.to_owned(), reason };
        let value: Value = serde_json::from_str(text).map_err(|e| malformed(e.to_string()))?;
        if !value.is_object() {
            return Err(malformed("it is not a JSON object".to_owned()));
        }
        if !value["accounts"].is_array() {
            return Err(malformed("`accounts` is not a list".to_owned()));
        }
        let config = Self(value, Vec::new());
        if let Some(odd) = config.accounts().iter().find(|a| a.name.is_empty() || a.id.is_empty()) {
            return Err(malformed(format!("an account lacks `id` or `name`: {odd:?}")));
        }
        Ok(config)
    }

    /// The same with accounts that are linked elsewhere: they can be chosen, and are never written. A
    /// name of the file comes before an equal one.
    pub fn with_linked(self, linked: Vec<AccountEntry>) -> Self {
        Self(self.0, linked)
    }

    /// Its accounts in order, the file's before linked ones.
    pub fn accounts(&self) -> Vec<AccountEntry> {
        let mut accounts = self.own_accounts();
        for linked in &self.1 {
            if !accounts.iter().any(|known| known.name == linked.name) {
                accounts.push(linked.clone());
            }
        }
        accounts
    }

    /// The accounts of the file.
    fn own_accounts(&self) -> Vec<AccountEntry> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let list = self.0["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter()
            .map(|account| AccountEntry {
                id: text(&account["id"]),
                name: text(&account["name"]),
                default: account["default"] == true || account["default"] == "true",
                tags: account["tags"].as_array().into_iter().flatten().map(text).collect(),
            })
            .collect()
    }

    /// Named address ranges: the range as written, and its name.
    pub fn cidrs(&self) -> Vec<(String, String)> {
        let named = self.0["cidrs"].as_object().into_iter().flatten();
        named
            .map(|(cidr, about)| (cidr.clone(), about["name"].as_str().unwrap_or_default().to_owned()))
            .collect()
    }

    /// The accounts of a list `a,b` or `all`, in the order of the configuration for `all`.
    pub fn select(&self, names: &str) -> Result<Vec<AccountEntry>, Error> {
        let accounts = self.accounts();
        let wanted: Vec<&str> = names.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
        if wanted.contains(&"all") {
            return Ok(accounts);
        }
        wanted.into_iter().map(|name| find(&accounts, name)).collect()
    }

    /// The account of a name, or the default one.
    pub fn one(&self, name: Option<&str>) -> Result<AccountEntry, Error> {
        let accounts = self.accounts();
        match name {
            Some(name) => find(&accounts, name),
            None => accounts.into_iter().find(|a| a.default).ok_or(Error::NoDefaultAccount),
        }
    }

    /// The accounts of a list `a,b` or `all`; the default one where nothing is named.
    pub fn some(&self, names: Option<&str>) -> Result<Vec<AccountEntry>, Error> {
        names.map_or_else(|| Ok(vec![self.one(None)?]), |names| self.select(names))
    }

    /// The accounts as JSON, to change.
    pub fn accounts_mut(&mut self) -> &mut Vec<Value> {
        if !self.0["accounts"].is_array() {
            self.0["accounts"] = json!([]);
        }
        match &mut self.0["accounts"] {
            Value::Array(accounts) => accounts,
            _ => unreachable!("made an array above"),
        }
    }

    /// The named ranges as JSON, to change.
    pub fn cidrs_mut(&mut self) -> &mut Map<String, Value> {
        if !self.0["cidrs"].is_object() {
            self.0["cidrs"] = json!({});
        }
        match &mut self.0["cidrs"] {
            Value::Object(cidrs) => cidrs,
            _ => unreachable!("made an object above"),
        }
    }

    /// The file's text: sorted keys, four spaces, as CloudMapper writes it.
    pub fn to_text(&self) -> String {
        crate::context::pretty(&self.0)
    }
}

fn find(accounts: &[AccountEntry], name: &str) -> Result<AccountEntry, Error> {
    accounts.iter().find(|a| a.name == name).cloned().ok_or_else(|| Error::UnknownAccount {
        name: name.chars().take(100).collect(),
        known: accounts.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_accounts() {
        let text =
            r#"{"accounts": [{"id": 123456789012, "name": "a"}, {"id": "1", "name": "b", "default": true}]}"#;
        let config = Config::parse(text, "config.json").unwrap();
        let names = |list: &str| {
            config.select(list).map(|all| all.into_iter().map(|a| a.name).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(names("b,a").unwrap(), "b a");
        assert_eq!(names("all,zzz").unwrap(), "a b");
        assert!(names("zzz").unwrap_err().to_string().contains("a, b"));
        assert_eq!(config.one(None).unwrap().name, "b");
        for bad in ["", "[]", "{}", r#"{"accounts": [{}]}"#] {
            assert!(Config::parse(bad, "c").is_err(), "{bad}");
        }
    }
}
