//! The document around a page.

use leptos::prelude::*;

use super::components::icon::IconSheet;
use super::locale::Locale;
use crate::domain::view::PageFiles;

/// The theme of the cookie, `light` or `dark`; none follows the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme(pub Option<String>);

/// The HTML document.
#[component]
pub fn Document(
    /// The title of the page.
    title: String,
    /// The theme.
    theme: Theme,
    /// How its numbers and dates are written.
    locale: Locale,
    /// The page's own address, when it answers a form that was refused.
    address: Option<String>,
    /// When it was rendered, in seconds since 1970; relative times are counted on from there.
    rendered: i64,
    /// The nonce of the content security policy.
    nonce: String,
    /// The addresses of script, module and style.
    files: PageFiles,
    /// The page.
    children: Children,
) -> impl IntoView {
    let PageFiles {
        script,
        module,
        style,
    } = files;
    let loader = loader(&script, &module);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.0 data-address=address data-rendered=rendered data-locale=locale.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{format!("{title} · Claviger")}</title>
                <link rel="icon" href="/favicon.svg"/>
                <link rel="stylesheet" href=style/>
                <link rel="modulepreload" href=script/>
                <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script type="module" nonce=nonce inner_html=loader></script>
            </head>
            <body>
                <IconSheet/>
                {children()}
            </body>
        </html>
    }
}

/// Starts the bundle, then each island by itself, so that one that fails leaves the others alive. Islands are empty; what
/// another program has put into one goes. Where the bundle cannot start, the page stays as it is: forms and links.
///
/// Each step is a task of its own, so that what a person does meanwhile need not wait for all of them.
fn loader(script: &str, module: &str) -> String {
    format!(
        "import init, * as bundle from '{script}';\
         const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((wake) => setTimeout(wake));\
         try {{\
         await init({{ module_or_path: '{module}' }});\
         await pause();\
         bundle.hydrate();\
         for (const island of document.querySelectorAll('leptos-island')) {{\
         await pause();\
         island.replaceChildren(document.createComment(''));\
         try {{ bundle[island.dataset.component](island); }} catch (error) {{ console.error(error); }}\
         }}\
         await pause();\
         bundle.live();\
         }} catch (error) {{ console.warn(error); }}"
    )
}
