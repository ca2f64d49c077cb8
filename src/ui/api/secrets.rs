//! Server functions for the secrets of API clients.

use std::time::Duration;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::complaint::CredentialComplaint;
use crate::domain::error::Error;
use crate::domain::ids::SecretNumber;
use crate::domain::rotation::{OldSecrets, Rotation};

/// The older secrets go on until the new one is used.
pub const UNTIL_FIRST_USE: &str = "first-use";

/// The older secrets go on for a time from now.
pub const FROM_NOW: &str = "now";

/// The older secrets go on as they are.
pub const KEEP: &str = "keep";

/// The form for a new secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateForm {
    /// The form's key; with one, the form makes one secret, however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The client.
    #[serde(default)]
    pub id: String,
    /// What people call the secret, or nothing.
    #[serde(default)]
    pub label: String,
    /// What becomes of the older ones: [`UNTIL_FIRST_USE`], [`FROM_NOW`] or [`KEEP`].
    #[serde(default)]
    pub old: String,
    /// For how many seconds those go on.
    #[serde(default)]
    pub grace: String,
}

/// The form for the label of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelForm {
    /// The client.
    #[serde(default)]
    pub id: String,
    /// The secret.
    #[serde(default)]
    pub number: SecretNumber,
    /// The label, or nothing.
    #[serde(default)]
    pub label: String,
}

impl RotateForm {
    /// Parses the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `old`.
    pub fn read(&self) -> Result<Rotation, Error> {
        let grace = self.grace.parse().ok().map(Duration::from_secs);
        let old = match (self.old.as_str(), grace) {
            (KEEP, _) => Some(OldSecrets::Keep),
            (FROM_NOW, Some(time)) => Some(OldSecrets::KeepFor(time)),
            (UNTIL_FIRST_USE, Some(grace)) => Some(OldSecrets::UntilFirstUse(grace)),
            _ => None,
        };
        let unclear = || Error::invalid("old", CredentialComplaint::OldSecretsUnclear.into());
        Ok(Rotation {
            label: self.label.clone(),
            old: old.ok_or_else(unclear)?,
        })
    }
}

/// Gives a client a new secret, once for each key of the form. Redirects to the client's page, which shows it.
///
/// # Errors
/// [`Error::Invalid`] in `label`, `old`, `grace` or `keep_old`; [`Error::Conflict`] when the client is revoked, has too
/// many secrets, or another rotation is pending.
#[server(prefix = "/system/do", endpoint = "clients/rotate")]
pub async fn rotate_secret(form: RotateForm) -> Result<SecretNumber, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let refuse = |error| ApiRefusal::of(crate::http::console::problem::refused(error), &form);
    let rotation = form.read().map_err(refuse)?;
    let sent = crate::service::SentForm::new(&form.form_key, "clients/rotate", &form);
    let answer = console
        .rotate_secret_by_form(&actor, &sent, &form.id, &rotation)
        .await
        .map_err(refuse)?;
    if let Some(sealed) = &answer.sealed {
        crate::http::console::session::show_secret(sealed);
    }
    leptos_axum::redirect(&format!("/system/api-clients/{}?rotated", form.id));
    Ok(answer.made.parse().unwrap_or_default())
}

/// Ends a secret, with every token made with it. Redirects to the client's page.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when no other secret of the client works.
#[server(prefix = "/system/do", endpoint = "clients/end-secret")]
pub async fn end_secret(
    id: String,
    #[server(default)] number: SecretNumber,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .end_secret(&actor, &id, number)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/api-clients/{id}?ended"));
    Ok(())
}

/// Cancels a rotation: ends the secret that was not used yet. Redirects to the client's page.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when the secret was used meanwhile, or no other secret of the client works.
#[server(prefix = "/system/do", endpoint = "clients/cancel-rotation")]
pub async fn cancel_rotation(
    id: String,
    #[server(default)] number: SecretNumber,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .cancel_rotation(&actor, &id, number)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/api-clients/{id}?cancelled"));
    Ok(())
}

/// Sets what people call a secret. Redirects to the client's page.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] in `label`.
#[server(prefix = "/system/do", endpoint = "clients/label-secret")]
pub async fn label_secret(form: LabelForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    console
        .label_secret(&actor, &form.id, form.number, &form.label)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!("/system/api-clients/{}?labelled", form.id));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_the_older_secrets_is_chosen() {
        let read = |old: &str, grace: &str| {
            let form = RotateForm {
                old: old.to_owned(),
                grace: grace.to_owned(),
                ..RotateForm::default()
            };
            form.read().map(|rotation| rotation.old)
        };
        let hour = Duration::from_hours(1);
        assert_eq!(
            read("first-use", "3600"),
            Ok(OldSecrets::UntilFirstUse(hour))
        );
        assert_eq!(read("now", "3600"), Ok(OldSecrets::KeepFor(hour)));
        assert_eq!(read("keep", ""), Ok(OldSecrets::Keep));
        for (old, grace) in [
            ("", "3600"),
            ("now", ""),
            ("first-use", "-1"),
            ("later", "0"),
        ] {
            let wrong = read(old, grace).unwrap_err();
            assert!(wrong.field("old").is_some(), "{old} {grace}");
        }
    }
}
