//! Server functions for permissions: some switches, or the whole form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::ids::Version;
use crate::domain::permission::PermissionSwitch;
use crate::domain::view::CopiedRest;

/// A client's permissions after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPermissions {
    /// The permissions, in the order they were granted.
    pub permissions: Vec<String>,
    /// The client's version: of two answers, the one with the higher version is the newer.
    pub version: Version,
}

/// The form of the permissions page, as it is posted without script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The switches that were on when the form was rendered.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The switches that are on.
    #[serde(default)]
    pub granted: Vec<String>,
    /// The value of a group's button: `grant:` or `remove:`, then names separated by commas. With it, the switches are
    /// ignored.
    #[serde(default)]
    pub group: Option<String>,
}

/// Switches permissions on and off. One that is so already stays as it is.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) when the client cannot hold one of them;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client is revoked.
#[server(prefix = "/system/do", endpoint = "permissions/set")]
pub async fn set_permissions(
    id: String,
    switches: Vec<PermissionSwitch>,
) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let client = console
        .set_permissions(&actor, &id, &switches)
        .await
        .map_err(crate::http::console::problem::refused)?;
    Ok(client.into())
}

/// Saves what was changed in the form, or grants or removes a group. Redirects to the permissions page.
///
/// # Errors
/// As [`set_permissions`].
#[server(prefix = "/system/do", endpoint = "permissions/save")]
pub async fn save_permissions(form: PermissionsForm) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &form.id);
    let switches = form.read().map_err(refuse)?;
    let client = console
        .set_permissions(&actor, &form.id, &switches)
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

/// The form that copies the permissions of another client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The client's version when the comparison was shown.
    #[serde(default)]
    pub version: Version,
    /// The client that is copied from.
    #[serde(default)]
    pub from: String,
    /// Its version when the comparison was shown.
    #[serde(default)]
    pub from_version: Version,
    /// What becomes of what the other client does not have.
    #[serde(default)]
    pub rest: CopiedRest,
}

/// Grants what another client has and, if that is chosen, removes what it has not. Redirects to the comparison.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `from`;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the client is revoked, or one of the two has changed
/// since the form's versions.
#[server(prefix = "/system/do", endpoint = "permissions/copy")]
pub async fn copy_permissions(form: CopyForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let copy = crate::service::PermissionCopy {
        from: form.from.clone(),
        seen_from: form.from_version,
        seen: form.version,
        rest: form.rest,
    };
    console
        .copy_permissions(&actor, &form.id, &copy)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    let page = crate::ui::addresses::compared_permissions(&form.id, &form.from);
    leptos_axum::redirect(&format!("{page}&saved"));
    Ok(())
}

impl PermissionsForm {
    /// The switches that differ from what was shown: a change that another person made meanwhile is not undone.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `group`.
    pub fn read(&self) -> Result<Vec<PermissionSwitch>, crate::domain::error::Error> {
        let Some(group) = &self.group else {
            let mut switches = PermissionSwitch::each(&without(&self.granted, &self.shown), true);
            let removed = without(&self.shown, &self.granted);
            switches.extend(PermissionSwitch::each(&removed, false));
            return Ok(switches);
        };
        let names = |list: &str| list.split(',').map(ToOwned::to_owned).collect::<Vec<_>>();
        match group.split_once(':') {
            Some(("grant", list)) => Ok(PermissionSwitch::each(&names(list), true)),
            Some(("remove", list)) => Ok(PermissionSwitch::each(&names(list), false)),
            _ => Err(crate::domain::error::Error::invalid(
                "group",
                crate::domain::complaint::Complaint::ButtonUnknown,
            )),
        }
    }
}

/// The names that are not among the others.
fn without(names: &[String], others: &[String]) -> Vec<String> {
    let left = names.iter().filter(|name| !others.contains(name));
    left.cloned().collect()
}

impl From<crate::domain::client::Client> for HeldPermissions {
    fn from(client: crate::domain::client::Client) -> Self {
        Self {
            permissions: client.permissions.iter().map(ToString::to_string).collect(),
            version: client.version,
        }
    }
}
