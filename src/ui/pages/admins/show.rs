//! `/system/administrators/:id`: an administrator, with the forms that change them.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::contents::Contents;
use super::forms::Refusals;
use crate::domain::rights::Right;
use crate::ui::page::{AdminRequest, Page};

/// The page of an administrator. What is no number is no administrator's id.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let id = id.parse().unwrap_or_default();
    match request.console().show_admin(&request.actor, id).await {
        Ok(shown) => {
            let may_manage = request.may(Right::ManageAdmins);
            let is_viewer = request.actor.email() == shown.summary.admin.email;
            let was_saved = request.page.parameter("saved").is_some();
            let refusals = Refusals::of(&request);
            let page = Page::new(shown.summary.admin.email.clone(), move || {
                view! { <Contents shown refusals may_manage is_viewer was_saved/> }
            });
            request.answer(page).await
        }
        Err(error) => {
            let what = "The administrator could not be loaded";
            request.failed(what, error).await
        }
    }
}
