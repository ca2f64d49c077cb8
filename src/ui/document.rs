//! The document around the app.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::app::App;
use super::root::Theme;
use crate::domain::view::RefusedForm;

/// The HTML document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = use_context::<Theme>().and_then(|Theme(name)| name);
    let address = use_context::<RefusedForm>().map(|form| form.page);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-address=address>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg"/>
                <link rel="stylesheet" href="/pkg/claviger.css"/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
