//! Server functions for participants. An import is a post of its page, see `ui::pages::participants::import`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiRefusal;
use crate::domain::ids::{OrganizationId, ParticipantId};

/// The form for a new participant, without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewParticipantForm {
    /// The form's key; with one, the form makes one participant, however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The organization.
    #[serde(default)]
    pub organization_id: OrganizationId,
    /// The nickname.
    #[serde(default)]
    pub nickname: String,
    /// The email address.
    #[serde(default)]
    pub email: String,
    /// The name for people, or nothing.
    #[serde(default)]
    pub name: String,
}

/// The form for a participant's details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantForm {
    /// The participant.
    #[serde(default)]
    pub id: ParticipantId,
    /// The nickname.
    #[serde(default)]
    pub nickname: String,
    /// The email address.
    #[serde(default)]
    pub email: String,
    /// The name for people, or nothing.
    #[serde(default)]
    pub name: String,
}

/// Makes a participant, once for each key of the form. Redirects to the participant's page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `nickname`, `email`, `name` or `password`;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the organization is archived.
#[server(prefix = "/system/do", endpoint = "participants/create")]
pub async fn create_participant(
    form: NewParticipantForm,
    #[server(default)] password: String,
) -> Result<String, ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    // The digest that is kept of both gives no password away: the key, which is not kept, is in the form.
    let content = (&form, &password);
    let sent = crate::service::SentForm::new(&form.form_key, "participants/create", &content);
    let request = crate::domain::participant::ParticipantRequest {
        organization_id: form.organization_id,
        typed: crate::domain::participant::TypedParticipant {
            nickname: form.nickname.clone(),
            email: form.email.clone(),
            name: form.name.clone(),
        },
        password: crate::domain::secret::Secret::new(password),
    };
    let answer = console
        .create_participant_by_form(&actor, &sent, &request)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!("/system/participants/{}?created", answer.made));
    Ok(answer.made)
}

/// Changes a participant's nickname, address and name. Redirects to the participant's page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `nickname`, `email` or `name`;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the organization is archived.
#[server(prefix = "/system/do", endpoint = "participants/update")]
pub async fn update_participant(form: ParticipantForm) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()
        .map_err(|problem| ApiRefusal::of(problem, &form))?;
    let typed = crate::domain::participant::TypedParticipant {
        nickname: form.nickname.clone(),
        email: form.email.clone(),
        name: form.name.clone(),
    };
    console
        .update_participant(&actor, form.id, &typed)
        .await
        .map_err(|error| ApiRefusal::of(crate::http::console::problem::refused(error), &form))?;
    leptos_axum::redirect(&format!("/system/participants/{}?saved", form.id));
    Ok(())
}

/// Sets or replaces a participant's password. Redirects to the participant's page.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::error::Error::Invalid) in `password`;
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the organization is archived.
#[server(prefix = "/system/do", endpoint = "participants/set-password")]
pub async fn set_participant_password(
    #[server(default)] id: ParticipantId,
    #[server(default)] password: String,
) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    let password = crate::domain::secret::Secret::new(password);
    console
        .set_participant_password(&actor, id, &password)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/participants/{id}?password"));
    Ok(())
}

/// Blocks a participant: every token for the participant is dead. Redirects to the participant's page.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the participant was blocked before or the organization is archived.
#[server(prefix = "/system/do", endpoint = "participants/block")]
pub async fn block_participant(#[server(default)] id: ParticipantId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .block_participant(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/participants/{id}?blocked"));
    Ok(())
}

/// Unblocks a participant. Redirects to the participant's page.
///
/// # Errors
/// [`Error::Conflict`](crate::domain::error::Error::Conflict) when the participant is not blocked or the organization is archived.
#[server(prefix = "/system/do", endpoint = "participants/unblock")]
pub async fn unblock_participant(#[server(default)] id: ParticipantId) -> Result<(), ApiRefusal> {
    let (console, actor) = crate::http::console::session::signed_in()?;
    console
        .unblock_participant(&actor, id)
        .await
        .map_err(crate::http::console::problem::refused)?;
    leptos_axum::redirect(&format!("/system/participants/{id}?unblocked"));
    Ok(())
}
