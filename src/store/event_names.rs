//! The names of what entries of the audit log mention.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use crate::domain::ids::{OrganizationId, ParticipantId};

use super::{Result, Tx, on};

impl Tx {
    /// The names of clients, by id.
    pub async fn find_client_names(&mut self, ids: &[String]) -> Result<HashMap<String, String>> {
        let rows: Vec<(String, String)> = match statement("api_clients", "name", ids.len()) {
            None => Vec::new(),
            Some(text) => on!(self, conn => {
                let mut query = sqlx::query_as(AssertSqlSafe(text)).persistent(false);
                for id in ids {
                    query = query.bind(id);
                }
                query.fetch_all(conn).await?
            }),
        };
        Ok(rows.into_iter().collect())
    }

    /// The names of organizations, archived or not, by id.
    pub async fn find_organization_names(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, String>> {
        let rows: Vec<(OrganizationId, String)> =
            match statement("organizations", "name", ids.len()) {
                None => Vec::new(),
                Some(text) => on!(self, conn => {
                    let mut query = sqlx::query_as(AssertSqlSafe(text)).persistent(false);
                    for id in ids {
                        query = query.bind(*id);
                    }
                    query.fetch_all(conn).await?
                }),
            };
        Ok(rows.into_iter().collect())
    }

    /// The nicknames of participants, by id.
    pub async fn find_nicknames(
        &mut self,
        ids: &[ParticipantId],
    ) -> Result<HashMap<ParticipantId, String>> {
        let rows: Vec<(ParticipantId, String)> =
            match statement("participants", "nickname", ids.len()) {
                None => Vec::new(),
                Some(text) => on!(self, conn => {
                    let mut query = sqlx::query_as(AssertSqlSafe(text)).persistent(false);
                    for id in ids {
                        query = query.bind(*id);
                    }
                    query.fetch_all(conn).await?
                }),
            };
        Ok(rows.into_iter().collect())
    }

    /// The email addresses of administrators, in order, at most so many.
    pub async fn list_admin_emails(&mut self, limit: i64) -> Result<Vec<String>> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT email FROM admins ORDER BY email LIMIT $1")
                .bind(limit)
                .fetch_all(conn)
                .await?
        ))
    }
}

/// The statement that reads a column of so many rows by their ids; none for no row.
fn statement(table: &str, column: &str, count: usize) -> Option<String> {
    let values: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
    (count > 0).then(|| {
        format!(
            "SELECT id, {column} FROM {table} WHERE id IN ({})",
            values.join(", ")
        )
    })
}
