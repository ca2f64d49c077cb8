//! Server functions for permissions: one at a time, or a whole form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;

/// A client's permissions after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPermissions {
    /// The permissions, in the order they were granted.
    pub permissions: Vec<String>,
    /// The client's new version.
    pub version: i64,
}

/// The form of the permissions page, as it is posted without script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The version of the client that the form was rendered from.
    #[serde(default)]
    pub version: i64,
    /// The switches of the form: those not in `granted` are removed; permissions that are not here stay.
    #[serde(default)]
    pub offered: Vec<String>,
    /// The switches that are on.
    #[serde(default)]
    pub granted: Vec<String>,
    /// The value of a group's button: `grant:` or `remove:`, then names separated by commas. With it, the switches are
    /// ignored.
    #[serde(default)]
    pub group: Option<String>,
}

/// Grants or removes one permission.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client has changed since `version`;
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) when the client cannot hold the permission.
#[server(prefix = "/system/do", endpoint = "permissions/toggle")]
pub async fn toggle_permission(
    id: String,
    permission: String,
    granted: bool,
    version: i64,
) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let client = console
        .toggle_permission(&actor, &id, version, &permission, granted)
        .await
        .map_err(crate::http::console::problem::refused)?;
    Ok(client.into())
}

/// Saves the whole form, or grants or removes a group. Redirects to the permissions page.
///
/// # Errors
/// As [`toggle_permission`].
#[server(prefix = "/system/do", endpoint = "permissions/save")]
pub async fn save_permissions(form: PermissionsForm) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &form.id);
    let (grant, remove) = form.read().map_err(refuse)?;
    let client = console
        .change_permissions_at(&actor, &form.id, form.version, &grant, &remove)
        .await
        .map_err(refuse)?;
    if crate::http::console::session::is_plain_form() {
        leptos_axum::redirect(&format!(
            "/system/api-clients/{}/permissions?saved",
            form.id
        ));
    }
    Ok(client.into())
}

impl PermissionsForm {
    /// The permissions to grant and to remove.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `group`.
    pub fn read(&self) -> Result<(Vec<String>, Vec<String>), crate::domain::error::Error> {
        let Some(group) = &self.group else {
            let removed = self
                .offered
                .iter()
                .filter(|name| !self.granted.contains(name))
                .cloned()
                .collect();
            return Ok((self.granted.clone(), removed));
        };
        let names = |list: &str| list.split(',').map(ToOwned::to_owned).collect();
        match group.split_once(':') {
            Some(("grant", list)) => Ok((names(list), Vec::new())),
            Some(("remove", list)) => Ok((Vec::new(), names(list))),
            _ => Err(crate::domain::error::Error::invalid(
                "group",
                crate::domain::complaint::Complaint::ButtonUnknown,
            )),
        }
    }
}

impl From<crate::domain::client::Client> for HeldPermissions {
    fn from(client: crate::domain::client::Client) -> Self {
        Self {
            permissions: client.permissions.iter().map(ToString::to_string).collect(),
            version: client.version,
        }
    }
}
