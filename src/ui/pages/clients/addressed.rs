//! The client that the address names: how its pages load it, and what they show until then.

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

/// The client that the address names.
#[derive(Clone, Copy)]
pub struct AddressedClient {
    /// What its pages show. Loaded again after each change of its details.
    pub page: Resource<Result<ClientPage, ApiRefusal>>,
    /// Changes its details.
    pub update: ServerAction<UpdateClient>,
    views: StoredValue<u32>,
}

impl AddressedClient {
    /// Whether the page is put together for the first time. Later on it keeps its elements, and with them what was
    /// typed and switched; only the first time, that was done by somebody before the page was live.
    #[must_use]
    pub fn is_first_view(self) -> bool {
        self.views.get_value() <= 1
    }
}

/// The client that the address names.
#[must_use]
pub fn use_addressed_client() -> AddressedClient {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let update = form_action::<UpdateClient>();
    // A refused change leaves everything as it stands, the open dialog too.
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

/// Shows a client once it is there, or says why not.
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
