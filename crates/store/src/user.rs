//! Workspaces, users and teams.

use isobar_model::{ParseError, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::dialect::Row;
use crate::{Error, Rights, Scope, Store, row};

/// A person of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its mail address; never empty.
    pub email: String,
    /// What isobar shows when it assumes a role that this user linked.
    pub external_id: Uuid,
    /// Currency and the like; never null.
    pub settings: Map<String, Value>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// When it last used a key.
    pub accessed: Timestamp,
}

/// A group of users with whom things are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// A user in a team.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The membership's id.
    pub id: Uuid,
    /// The user.
    pub user: Uuid,
    /// `owner` or `member`.
    pub role: String,
    /// The user's name.
    pub name: String,
    /// The user's mail address.
    pub email: String,
}

impl Store {
    /// The scope of the operator: the first workspace and its first user, made on the first start.
    pub async fn operator(&self, now: Timestamp) -> Result<Scope, Error> {
        let first = sqlx::query(
            "SELECT id, workspace_id FROM \"user\" WHERE workspace_id = \
             (SELECT id FROM workspace ORDER BY created_at, id LIMIT 1) ORDER BY created_at, id LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(Error::query("find the operator"))?;
        if let Some(row) = first {
            let (workspace, user) = (row::id(&row, "workspace_id")?, row::id(&row, "id")?);
            let teams = self.teams_of(workspace, user).await?;
            return Ok(Scope { workspace, user, teams, rights: Rights::ReadWrite, key: None });
        }
        self.workspace_create("isobar", "Operator", "operator@isobar.invalid", now).await
    }

    /// Makes a workspace with its first user, and that user's scope.
    pub async fn workspace_create(
        &self,
        name: &str,
        user_name: &str,
        email: &str,
        now: Timestamp,
    ) -> Result<Scope, Error> {
        let workspace = Uuid::new_v4();
        sqlx::query("INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(workspace.to_string())
            .bind(name)
            .bind(now.to_string())
            .execute(&self.pool)
            .await
            .map_err(Error::query("make a workspace"))?;
        let mut scope =
            Scope { workspace, user: Uuid::nil(), teams: vec![], rights: Rights::ReadWrite, key: None };
        scope.user = self.user_create(&scope, user_name, email, now).await?.id;
        Ok(scope)
    }

    /// Makes a user, with an external id of its own.
    pub async fn user_create(
        &self,
        scope: &Scope,
        name: &str,
        email: &str,
        now: Timestamp,
    ) -> Result<User, Error> {
        scope.may_write()?;
        let mut settings = Map::new();
        settings.insert("currency".into(), "USD".into());
        settings.insert("firstTime".into(), false.into());
        let user = User {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            email: email.to_owned(),
            external_id: Uuid::new_v4(),
            settings,
            created: now,
            updated: now,
            accessed: now,
        };
        sqlx::query(
            "INSERT INTO \"user\" (id, workspace_id, name, email, external_id, settings, created_at, \
             updated_at, accessed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(user.id.to_string())
        .bind(scope.workspace.to_string())
        .bind(&user.name)
        .bind(&user.email)
        .bind(user.external_id.to_string())
        .bind(Value::from(user.settings.clone()).to_string())
        .bind(now.to_string())
        .bind(now.to_string())
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("make a user"))?;
        Ok(user)
    }

    /// The scope's user.
    pub async fn user(&self, scope: &Scope) -> Result<Option<User>, Error> {
        let row = sqlx::query("SELECT * FROM \"user\" WHERE workspace_id = $1 AND id = $2")
            .bind(scope.workspace.to_string())
            .bind(scope.user.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(Error::query("read a user"))?;
        row.as_ref().map(read_user).transpose()
    }

    /// Removes a user and its keys. Accounts it linked stay, with its external id.
    pub async fn user_remove(&self, scope: &Scope, user: Uuid) -> Result<bool, Error> {
        scope.may_write()?;
        let done = sqlx::query("DELETE FROM \"user\" WHERE workspace_id = $1 AND id = $2")
            .bind(scope.workspace.to_string())
            .bind(user.to_string())
            .execute(&self.pool)
            .await
            .map_err(Error::query("remove a user"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Makes a team with the scope's user as its owner.
    pub async fn team_create(&self, scope: &Scope, name: &str, now: Timestamp) -> Result<Uuid, Error> {
        scope.may_write()?;
        let id = Uuid::new_v4();
        sqlx::query(
            "INSERT INTO team (id, workspace_id, name, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.to_string())
        .bind(scope.workspace.to_string())
        .bind(name)
        .bind(now.to_string())
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("make a team"))?;
        self.team_add(scope, id, scope.user, "owner").await?;
        Ok(id)
    }

    /// Puts a user of the same workspace into a team of it. False when either is not of it.
    pub async fn team_add(&self, scope: &Scope, team: Uuid, user: Uuid, role: &str) -> Result<bool, Error> {
        scope.may_write()?;
        let done = sqlx::query(
            "INSERT INTO team_member (team_id, user_id, workspace_id, id, role) \
             SELECT t.id, u.id, t.workspace_id, $4, $5 FROM team t JOIN \"user\" u \
             ON u.workspace_id = t.workspace_id WHERE t.workspace_id = $1 AND t.id = $2 AND u.id = $3 \
             ON CONFLICT (team_id, user_id) DO NOTHING",
        )
        .bind(scope.workspace.to_string())
        .bind(team.to_string())
        .bind(user.to_string())
        .bind(Uuid::new_v4().to_string())
        .bind(role)
        .execute(&self.pool)
        .await
        .map_err(Error::query("add a team member"))?;
        Ok(done.rows_affected() > 0)
    }

    /// The teams the scope's user is in, with their members.
    pub async fn teams(&self, scope: &Scope) -> Result<Vec<Team>, Error> {
        let mut teams = Vec::new();
        let rows = sqlx::query("SELECT * FROM team WHERE workspace_id = $1 ORDER BY created_at, id")
            .bind(scope.workspace.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(Error::query("list teams"))?;
        for row in &rows {
            let id = row::id(row, "id")?;
            if !scope.teams.contains(&id) {
                continue;
            }
            teams.push(Team {
                id,
                name: row::text(row, "name")?,
                created: row::time(row, "created_at")?,
                updated: row::time(row, "updated_at")?,
                members: self.members(scope, id).await?,
            });
        }
        Ok(teams)
    }

    async fn members(&self, scope: &Scope, team: Uuid) -> Result<Vec<Member>, Error> {
        let rows = sqlx::query(
            "SELECT m.id AS id, m.user_id AS user_id, m.role AS role, u.name AS name, u.email AS email \
             FROM team_member m JOIN \"user\" u ON u.id = m.user_id \
             WHERE m.workspace_id = $1 AND m.team_id = $2 ORDER BY u.created_at, u.id",
        )
        .bind(scope.workspace.to_string())
        .bind(team.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(Error::query("list team members"))?;
        rows.iter()
            .map(|row| {
                Ok(Member {
                    id: row::id(row, "id")?,
                    user: row::id(row, "user_id")?,
                    role: row::text(row, "role")?,
                    name: row::text(row, "name")?,
                    email: row::text(row, "email")?,
                })
            })
            .collect()
    }

    /// The ids of a user's teams; part of making a scope.
    pub(crate) async fn teams_of(&self, workspace: Uuid, user: Uuid) -> Result<Vec<Uuid>, Error> {
        let rows = sqlx::query(
            "SELECT team_id FROM team_member WHERE workspace_id = $1 AND user_id = $2 ORDER BY team_id",
        )
        .bind(workspace.to_string())
        .bind(user.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(Error::query("list a user's teams"))?;
        rows.iter().map(|row| row::id(row, "team_id")).collect()
    }
}

fn read_user(row: &Row) -> Result<User, Error> {
    let settings = row::text(row, "settings")?;
    let settings = serde_json::from_str(&settings)
        .map_err(|_| Error::corrupt("settings")(ParseError::new(&settings, "a JSON object")))?;
    Ok(User {
        id: row::id(row, "id")?,
        name: row::text(row, "name")?,
        email: row::text(row, "email")?,
        external_id: row::id(row, "external_id")?,
        settings,
        created: row::time(row, "created_at")?,
        updated: row::time(row, "updated_at")?,
        accessed: row::time(row, "accessed_at")?,
    })
}
