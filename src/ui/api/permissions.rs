//! Server functions for permissions: some switches at a time, or a whole form.
//!
//! Both say what is wanted and not what was seen, so they may be repeated, and administrators who work on one client at
//! the same time do not undo each other's changes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;

/// A client's permissions after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPermissions {
    /// The permissions, in the order they were granted.
    pub permissions: Vec<String>,
    /// The client's version with them: of two answers, the one with the higher version is the newer.
    pub version: i64,
}

/// The form of the permissions page, as it is posted without script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The permissions that were on when the form was shown, separated by commas.
    #[serde(default)]
    pub was: String,
    /// The switches that are on. What is neither here nor in `was` stays as it is.
    #[serde(default)]
    pub granted: Vec<String>,
    /// The value of a group's button: `grant:` or `remove:`, then names separated by commas. With it, the switches are
    /// ignored.
    #[serde(default)]
    pub group: Option<String>,
}

/// The permissions to grant and to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionChange {
    /// Those to grant.
    pub grant: Vec<String>,
    /// Those to remove.
    pub remove: Vec<String>,
}

/// Turns switches on or off. What is so already stays as it is.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) when the client cannot hold a permission;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when it is revoked. Then none is changed.
#[server(prefix = "/system/do", endpoint = "permissions/switch")]
pub async fn switch_permissions(
    id: String,
    permissions: Vec<String>,
    on: bool,
) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let (grant, remove) = if on {
        (permissions, Vec::new())
    } else {
        (Vec::new(), permissions)
    };
    let client = console
        .switch_permissions(&actor, &id, &grant, &remove)
        .await
        .map_err(crate::http::console::problem::refused)?;
    Ok(client.into())
}

/// Saves what was changed in the form, or grants or removes a group. Redirects to the permissions page.
///
/// # Errors
/// As [`switch_permissions`].
#[server(prefix = "/system/do", endpoint = "permissions/save")]
pub async fn save_permissions(form: PermissionsForm) -> Result<HeldPermissions, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &form.id);
    let change = form.read().map_err(refuse)?;
    let client = console
        .switch_permissions(&actor, &form.id, &change.grant, &change.remove)
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
    /// What its person changed: granted what was off, removed what was on.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `group`.
    pub fn read(&self) -> Result<PermissionChange, crate::domain::error::Error> {
        let names = |list: &str| {
            let names = list.split(',').filter(|name| !name.is_empty());
            names.map(ToOwned::to_owned).collect::<Vec<_>>()
        };
        let Some(group) = &self.group else {
            let was = names(&self.was);
            let without = |list: &[String], others: &[String]| {
                let rest = list.iter().filter(|name| !others.contains(name));
                rest.cloned().collect()
            };
            return Ok(PermissionChange {
                grant: without(&self.granted, &was),
                remove: without(&was, &self.granted),
            });
        };
        match group.split_once(':') {
            Some(("grant", list)) => Ok(PermissionChange {
                grant: names(list),
                remove: Vec::new(),
            }),
            Some(("remove", list)) => Ok(PermissionChange {
                grant: Vec::new(),
                remove: names(list),
            }),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn form(was: &str, granted: &[&str], group: Option<&str>) -> PermissionsForm {
        PermissionsForm {
            id: "dash".to_owned(),
            was: was.to_owned(),
            granted: granted.iter().map(ToString::to_string).collect(),
            group: group.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn a_form_changes_what_its_person_changed() {
        let change = form("a,b,c", &["b", "d"], None).read().unwrap();
        assert_eq!(change.grant, ["d"]);
        assert_eq!(change.remove, ["a", "c"]);

        assert_eq!(
            form("a,b", &["a", "b"], None).read(),
            Ok(PermissionChange::default())
        );
        assert_eq!(form("", &["a"], None).read().unwrap().grant, ["a"]);
        assert_eq!(form("a", &[], None).read().unwrap().remove, ["a"]);
    }

    #[test]
    fn a_group_is_changed_without_the_switches() {
        let change = form("a", &["b"], Some("grant:c,d")).read().unwrap();
        assert_eq!(change.grant, ["c", "d"]);
        assert!(change.remove.is_empty());
        let change = form("a", &["b"], Some("remove:a")).read().unwrap();
        assert_eq!(change.remove, ["a"]);
        assert!(form("", &[], Some("drop:a")).read().is_err());
    }
}
