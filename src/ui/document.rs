//! The document around the app.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::app::App;
use super::root::Theme;
use crate::domain::view::{PageFiles, RefusedForm};

/// The HTML document.
pub fn shell(files: PageFiles) -> impl IntoView {
    let PageFiles {
        script,
        module,
        style,
    } = files;
    let start = format!(
        "import init, {{ hydrate }} from '{script}'; init({{ module_or_path: '{module}' }}).then(hydrate);"
    );
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
                <link rel="stylesheet" href=style/>
                <link rel="modulepreload" href=script/>
                <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <script type="module" nonce=use_nonce()>{start}</script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
