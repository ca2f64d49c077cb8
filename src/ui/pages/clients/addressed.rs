//! The client of the address: its resource, and the fallback while it loads.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::domain::view::ClientPage;
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{UpdateClient, show_client};
use crate::ui::components::empty::Failed;
use crate::ui::pages::not_found::NotFoundBody;
use crate::ui::refused::form_action;
use crate::ui::viewer::watch_session;

/// The client of the address.
#[derive(Clone, Copy)]
pub struct AddressedClient {
    /// The data of its pages, reloaded after each change of its details.
    pub page: Resource<Result<ClientPage, ApiRefusal>>,
    /// The action that changes its details.
    pub update: ServerAction<UpdateClient>,
    views: StoredValue<u32>,
}

impl AddressedClient {
    /// Whether the page is rendered for the first time: only then can values have been typed or switched before hydration.
    /// Later renders keep the elements with their values.
    #[must_use]
    pub fn is_first_view(self) -> bool {
        self.views.get_value() <= 1
    }
}

/// The client of the address.
#[must_use]
pub fn use_addressed_client() -> AddressedClient {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let update = form_action::<UpdateClient>();
    // A refused change reloads nothing, so the dialog stays open.
    let saved = Memo::new(move |count: Option<&u32>| {
        let is_saved = update.value().with(|answer| matches!(answer, Some(Ok(()))));
        count.copied().unwrap_or_default() + u32::from(is_saved)
    });
    let page = Resource::new(move || (id.get(), saved.get()), |(id, _)| show_client(id));
    watch_session(move || page.get().and_then(Result::err));
    AddressedClient {
        page,
        update,
        views: StoredValue::new(0),
    }
}

/// Renders a client once it is loaded, or the error.
#[component]
pub fn WithClient<F, V>(
    /// The client.
    client: AddressedClient,
    /// Its page.
    view: F,
) -> impl IntoView
where
    F: Fn(ClientPage) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let contents = move || {
        let view = view.clone();
        Suspend::new(async move {
            match client.page.await {
                Ok(page) => {
                    client.views.update_value(|views| *views += 1);
                    view(page).into_any()
                }
                Err(refusal) if refusal.is_not_found() => view! { <NotFoundBody/> }.into_any(),
                Err(refusal) => view! {
                    <Title text="Client"/>
                    <div class="body narrow"><Failed what="The client could not be loaded" refusal/></div>
                }
                .into_any(),
            }
        })
    };
    view! { <Transition>{contents}</Transition> }
}
