//! `/system/participants/:id`: a participant, with the forms that change it.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::contents::Contents;
use super::done::ParticipantChange;
use super::forms::Refusals;
use super::shown::{Shown, failed};
use crate::ui::page::{AdminRequest, Page};

/// The page of a participant.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    match Shown::read(&request, &id).await {
        Ok(shown) => {
            let change = ParticipantChange::in_query(request.page.query(), &shown.participant);
            let refusals = Refusals::of(&request);
            let page = Page::new(shown.participant.name.clone(), move || {
                view! { <Contents shown change refusals/> }
            });
            request.answer(page).await
        }
        Err(error) => failed(request, error).await,
    }
}
