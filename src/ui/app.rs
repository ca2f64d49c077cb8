//! The route table.

use axum::Router;
use axum::routing::{MethodRouter, get};

use super::addresses::{CHANGE_CLIENTS, CLIENTS};
use super::pages::{
    account, admins, api_reference, audit, catalog, clients, confirm, find, organizations,
    overview, participants, setup, sign_in,
};
use crate::http::console::ConsoleState;

/// A path and what answers it.
type Route = (&'static str, MethodRouter<ConsoleState>);

/// The pages.
#[must_use]
pub fn pages() -> Vec<Route> {
    [
        before_sign_in(),
        of_server(),
        of_clients(),
        of_organizations(),
        of_participants(),
    ]
    .concat()
}

/// Pages before sign-in, or beside it.
fn before_sign_in() -> Vec<Route> {
    vec![
        ("/docs/api", get(api_reference::page)),
        ("/system/setup", get(setup::page)),
        ("/system/sign-in", get(sign_in::page)),
        ("/system/invitation", get(admins::invitation::page)),
        ("/system/confirm", get(confirm::page)),
    ]
}

/// Pages of clients.
fn of_clients() -> Vec<Route> {
    vec![
        (
            CLIENTS,
            get(clients::list::page).post(clients::export::send),
        ),
        (CHANGE_CLIENTS, get(clients::bulk::page)),
        ("/system/api-clients/new", get(clients::new::page)),
        ("/system/api-clients/{id}", get(clients::show::page)),
        (
            "/system/api-clients/{id}/permissions",
            get(clients::permissions::page),
        ),
        (
            "/system/api-clients/{id}/tokens",
            get(clients::tokens::page).post(clients::tokens::examine),
        ),
        (
            "/system/api-clients/{id}/tokens/revoke",
            get(clients::tokens::revoke_all::page),
        ),
        (
            "/system/api-clients/{id}/activity",
            get(clients::activity::page),
        ),
        (
            "/system/api-clients/{id}/revoke",
            get(clients::revoke::page),
        ),
        (
            "/system/api-clients/{id}/rotate",
            get(clients::rotate::page),
        ),
        (
            "/system/api-clients/{id}/secrets/{number}",
            get(clients::secret::page),
        ),
    ]
}

/// Pages of organizations.
fn of_organizations() -> Vec<Route> {
    vec![
        ("/system/organizations", get(organizations::list::page)),
        ("/system/organizations/new", get(organizations::new::page)),
        (
            "/system/organizations/archived",
            get(organizations::archived::page),
        ),
        ("/system/organizations/{id}", get(organizations::show::page)),
        (
            "/system/organizations/{id}/rename",
            get(organizations::rename::page),
        ),
        (
            "/system/organizations/{id}/archive",
            get(organizations::archive::page),
        ),
        (
            "/system/organizations/{id}/restore",
            get(organizations::restore::page),
        ),
        (
            "/system/organizations/{id}/host",
            get(organizations::host::page),
        ),
    ]
}

/// Pages of participants.
fn of_participants() -> Vec<Route> {
    vec![
        ("/system/participants", get(participants::list::page)),
        ("/system/participants/new", get(participants::new::page)),
        (
            "/system/participants/import",
            get(participants::import::page).post(participants::import::send),
        ),
        ("/system/participants/{id}", get(participants::show::page)),
        (
            "/system/participants/{id}/block",
            get(participants::block::page),
        ),
    ]
}

/// Pages of the whole server, and of whoever is signed in.
fn of_server() -> Vec<Route> {
    vec![
        ("/system", get(overview::page)),
        ("/system/find", get(find::page)),
        ("/system/catalogue", get(catalog::page)),
        ("/system/audit", get(audit::list::page)),
        (
            "/system/audit/export",
            get(audit::export::page).post(audit::export::send),
        ),
        ("/system/administrators", get(admins::list::page)),
        ("/system/administrators/invite", get(admins::invite::page)),
        ("/system/administrators/{id}", get(admins::show::page)),
        ("/system/account", get(account::page)),
    ]
}

/// The router of the pages.
pub fn router() -> Router<ConsoleState> {
    pages()
        .into_iter()
        .fold(Router::new(), |router, (path, page)| {
            router.route(path, page)
        })
}
