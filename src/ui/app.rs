//! The route table.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::components::frame::Frame;
use super::components::icon::IconSheet;
use super::pages::clients::list::ClientsPage;
use super::pages::clients::new::NewClientPage;
use super::pages::clients::permissions::ClientPermissionsPage;
use super::pages::clients::revoke::RevokeClientPage;
use super::pages::clients::show::ClientCredentialsPage;
use super::pages::not_found::NotFoundPage;
use super::pages::organizations::archived::ArchivedOrganizationsPage;
use super::pages::organizations::host::OrganizationHostPage;
use super::pages::organizations::list::OrganizationsPage;
use super::pages::organizations::new::NewOrganizationDialog;
use super::pages::setup::SetupPage;
use super::pages::sign_in::SignInPage;
use super::refused::RefusedFormContext;
use super::root::{follow_window, titled};
use crate::domain::view::RefusedForm;

/// The contents of the document's body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let refused_form = SharedValue::new(use_context::<RefusedForm>).into_inner();
    provide_context(RefusedFormContext(ArcStoredValue::new(refused_form)));
    let is_routing = RwSignal::new(false);
    view! {
        <Title formatter=titled/>
        <IconSheet/>
        <Router set_is_routing=is_routing.write_only()>
            {follow_window(is_routing.into())}
            <Routes fallback=NotFoundPage>
                <Route path=path!("/system/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/system/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/system") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/api-clients") view=ClientsPage ssr=SsrMode::Async/>
                    <Route path=path!("/api-clients/new") view=NewClientPage ssr=SsrMode::Async/>
                    <Route path=path!("/api-clients/:id") view=ClientCredentialsPage ssr=SsrMode::Async/>
                    <Route path=path!("/api-clients/:id/permissions") view=ClientPermissionsPage ssr=SsrMode::Async/>
                    <Route path=path!("/api-clients/:id/revoke") view=RevokeClientPage ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/organizations") view=OrganizationsPage ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("new") view=NewOrganizationDialog ssr=SsrMode::Async/>
                        <Route path=path!(":id/host") view=OrganizationHostPage ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("/organizations/archived") view=ArchivedOrganizationsPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
