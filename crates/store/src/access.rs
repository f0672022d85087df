//! Read and write access lists: `team/<uuid>`, `customer/<uuid>`, null or empty.
//!
//! The creator always has both. Null and the empty list share with nobody else. Read and write are
//! checked separately, as Cloudcraft does.

use std::fmt;

use isobar_model::ParseError;
use uuid::Uuid;

use crate::Scope;

/// Someone a thing is shared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grantee {
    /// The members of a team.
    Team(Uuid),
    /// Everyone of a workspace.
    Customer(Uuid),
}

impl Grantee {
    /// Reads `team/<uuid>` or `customer/<uuid>`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new(text, "team/<uuid> or customer/<uuid>");
        let (kind, id) = text.split_once('/').ok_or_else(wrong)?;
        let id = isobar_model::AccountId::parse(id).map_err(|_| wrong())?.uuid();
        match kind {
            "team" => Ok(Self::Team(id)),
            "customer" => Ok(Self::Customer(id)),
            _ => Err(wrong()),
        }
    }

    fn includes(self, scope: &Scope) -> bool {
        match self {
            Self::Team(team) => scope.teams.contains(&team),
            Self::Customer(workspace) => scope.workspace == workspace,
        }
    }
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Team(id) => write!(f, "team/{id}"),
            Self::Customer(id) => write!(f, "customer/{id}"),
        }
    }
}

/// An access list. None and empty both share with nobody, but are kept apart for the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access(pub Option<Vec<Grantee>>);

impl Access {
    /// Reads a list of texts, or null.
    pub fn parse(list: Option<&[String]>) -> Result<Self, ParseError> {
        list.map(|items| items.iter().map(|text| Grantee::parse(text)).collect()).transpose().map(Self)
    }
    /// The list as the wire has it.
    pub fn to_texts(&self) -> Option<Vec<String>> {
        self.0.as_ref().map(|list| list.iter().map(Grantee::to_string).collect())
    }
    /// Whether the scope's user is meant.
    pub fn includes(&self, scope: &Scope) -> bool {
        self.0.iter().flatten().any(|grantee| grantee.includes(scope))
    }

    pub(crate) fn to_column(&self) -> Option<String> {
        self.to_texts().map(|texts| serde_json::Value::from(texts).to_string())
    }
    pub(crate) fn from_column(column: Option<String>) -> Result<Self, ParseError> {
        let Some(text) = column else { return Ok(Self(None)) };
        let texts: Vec<String> =
            serde_json::from_str(&text).map_err(|_| ParseError::new(&text, "a JSON list of texts"))?;
        Self::parse(Some(&texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rights;

    #[test]
    fn includes_by_team_and_workspace_only() {
        let [workspace, user, team, other] = [1, 2, 3, 4].map(Uuid::from_u128);
        let scope = Scope { workspace, user, teams: vec![team], rights: Rights::Read, key: None };
        for (list, expected) in [
            (None, false),
            (Some(vec![]), false),
            (Some(vec![format!("team/{team}")]), true),
            (Some(vec![format!("team/{other}")]), false),
            (Some(vec![format!("customer/{workspace}")]), true),
            (Some(vec![format!("customer/{other}"), format!("team/{team}")]), true),
            (Some(vec![format!("customer/{team}")]), false),
        ] {
            let access = Access::parse(list.as_deref()).unwrap();
            assert_eq!(access.includes(&scope), expected, "{list:?}");
            assert_eq!(access.to_texts(), list);
            assert_eq!(Access::from_column(access.to_column()).unwrap(), access);
        }
        for bad in ["team", "team/", "team/1", "user/00000000-0000-0000-0000-000000000001", ""] {
            assert!(Grantee::parse(bad).is_err(), "{bad}");
        }
    }
}
