//! Forms: posting, fields with their errors, and the error summary.

use leptos::context::Provider;
use leptos::form::FromFormData;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;
use web_sys::{FormData, SubmitEvent};

use super::icon::Icon;
use super::notice::RefusalNotice;
use super::toast::{Toast, use_toasts};
use crate::domain::address::in_query;
use crate::domain::problem::FieldProblem;
use crate::ui::api::ApiRefusal;
use crate::ui::browser::{focus_id, is_offline};
use crate::ui::viewer::watch_session;

/// A form that posts to a server function. Without script the response is a redirect, or the page at `back` when the
/// form was refused; hydrated, the action is called and the page stays.
#[component]
pub fn PostForm<F, O>(
    /// The action that the form calls.
    action: ServerAction<F>,
    /// The address of the page that can show the form again.
    #[prop(into)]
    back: Signal<String>,
    /// Classes of the form.
    #[prop(optional)]
    class: &'static str,
    /// The form element, for components that read or reset it.
    #[prop(optional)]
    node_ref: NodeRef<html::Form>,
    /// The contents.
    children: Children,
) -> impl IntoView
where
    F: DeserializeOwned
        + ServerFn<Protocol = Http<PostUrl, O>, Error = ApiRefusal>
        + Clone
        + Send
        + Sync
        + 'static,
    <<F::Client as Client<ApiRefusal>>::Request as ClientReq<ApiRefusal>>::FormData: From<FormData>,
    F::Output: Clone + Send + Sync + 'static,
    F::Client: Client<ApiRefusal>,
{
    let toasts = use_toasts();
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        if is_offline() {
            toasts.show(Toast::failure("Not sent").with_text(
                "You are offline. Nothing was changed; try again when the connection returns.",
            ));
            return;
        }
        match F::from_event(&event) {
            Ok(input) => {
                action.dispatch(input);
            }
            Err(error) => {
                let refusal = ApiRefusal::from_server_fn_error(ServerFnErrorErr::Serialization(
                    error.to_string(),
                ));
                action.value().set(Some(Err(refusal)));
            }
        }
    };
    watch_session(move || {
        action.value().with(|answer| {
            answer
                .as_ref()
                .and_then(|answer| answer.as_ref().err().cloned())
        })
    });

    let address = move || format!("{}?back={}", F::url(), in_query(&back.get()));
    view! {
        <form class=class method="post" action=address node_ref=node_ref on:submit=submit>
            {children()}
        </form>
    }
}

/// The refusal of an action's last call, if any.
pub fn refusal_of<F>(action: ServerAction<F>) -> Signal<Option<ApiRefusal>>
where
    F: ServerFn<Error = ApiRefusal> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    Signal::derive(move || {
        action.value().with(|answer| {
            answer
                .as_ref()
                .and_then(|answer| answer.as_ref().err().cloned())
        })
    })
}

/// The error of one field, if any.
pub fn field_error(
    refusal: Signal<Option<ApiRefusal>>,
    field: &'static str,
) -> Signal<Option<String>> {
    Signal::derive(move || {
        refusal.with(|refusal| refusal.as_ref().and_then(|refusal| refusal.field(field)))
    })
}

/// What an input needs of its enclosing [`Field`].
#[derive(Clone, Copy)]
struct FieldContext {
    id: &'static str,
    has_hint: bool,
    error: Signal<Option<String>>,
}

impl FieldContext {
    fn is_invalid(self) -> Option<&'static str> {
        self.error.with(Option::is_some).then_some("true")
    }

    fn described_by(self) -> Option<String> {
        let Self {
            id,
            has_hint,
            error,
        } = self;
        match (error.with(Option::is_some), has_hint) {
            (true, true) => Some(format!("{id}-error {id}-hint")),
            (true, false) => Some(format!("{id}-error")),
            (false, true) => Some(format!("{id}-hint")),
            (false, false) => None,
        }
    }
}

/// A label, an [`Input`] or a [`Select`], its error, and a hint.
#[component]
pub fn Field(
    /// The id of the input.
    id: &'static str,
    /// The label; none when the page has one elsewhere.
    #[prop(optional, into)]
    label: Option<ViewFn>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<ViewFn>,
    /// Contents below the hint.
    #[prop(optional, into)]
    example: Option<ViewFn>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The input.
    children: Children,
) -> impl IntoView {
    let context = FieldContext {
        id,
        has_hint: hint.is_some(),
        error,
    };
    view! {
        <Provider value=context>
            <div class="field">
                {label.map(|label| view! { <label for=id>{label.run()}</label> })}
                {children()}
                <FieldMessage id error/>
                {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint.run()}</p> })}
                {example.map(|example| example.run())}
            </div>
        </Provider>
    }
}

/// The error below a field; its id is the field's with the suffix `-error`.
#[component]
pub fn FieldMessage(
    /// The id of the field.
    id: &'static str,
    /// The error.
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        error.get().map(|message| {
            view! {
                <p class="error" id=format!("{id}-error")>
                    <Icon name="warn"/>
                    <span>{message}</span>
                </p>
            }
        })
    }
}

/// The input of a [`Field`]; the page spreads its attributes onto it, except id and ARIA state.
#[component]
pub fn Input() -> impl IntoView {
    let context = expect_context::<FieldContext>();
    view! {
        <input
            class="input"
            id=context.id
            aria-invalid=move || context.is_invalid()
            aria-describedby=move || context.described_by()
        />
    }
}

/// The select element of a [`Field`]; the page spreads its attributes onto it, except id and ARIA state.
#[component]
pub fn Select(
    /// The options.
    children: Children,
) -> impl IntoView {
    let context = expect_context::<FieldContext>();
    view! {
        <select
            class="input"
            id=context.id
            aria-invalid=move || context.is_invalid()
            aria-describedby=move || context.described_by()
        >
            {children()}
        </select>
    }
}

/// One line of an [`ErrorSummary`].
#[derive(Clone, Copy, Debug)]
pub struct SummaryEntry {
    /// The field's name in a [`FieldProblem`].
    pub field: &'static str,
    /// The field's label.
    pub label: &'static str,
    /// The id of the element to focus.
    pub id: &'static str,
}

/// The errors above a refused form: links to the fields, or the one sentence that belongs to no field. It takes the
/// focus when the form is refused.
#[component]
pub fn ErrorSummary(
    /// The failed act, such as "The client was not created".
    what: &'static str,
    /// The refusal.
    refusal: Signal<Option<ApiRefusal>>,
    /// The fields of the form.
    entries: &'static [SummaryEntry],
) -> impl IntoView {
    Effect::new(move || {
        if refusal.with(Option::is_some) {
            focus_id("errors");
        }
    });
    move || {
        refusal.get().map(|refusal| match refusal.problem().map(|problem| problem.errors.clone()) {
            Some(wrong) if !wrong.is_empty() => view! {
                <div class="notice" data-tone="danger" role="alert" tabindex="-1" id="errors" autofocus>
                    <Icon name="warn"/>
                    <div>
                        <h2>{headline(what, wrong.len())}</h2>
                        <ul>
                            {wrong.into_iter().map(|error| view! { <li>{line(entries, error)}</li> }).collect_view()}
                        </ul>
                    </div>
                </div>
            }
            .into_any(),
            _ => view! {
                <div tabindex="-1" id="errors" autofocus>
                    <RefusalNotice what refusal/>
                </div>
            }
            .into_any(),
        })
    }
}

/// One error, as a link to its field when the form has that field.
fn line(entries: &'static [SummaryEntry], error: FieldProblem) -> AnyView {
    let Some(entry) = entries.iter().find(|entry| entry.field == error.field) else {
        return error.detail.into_any();
    };
    view! {
        <a class="link" href=format!("#{}", entry.id) on:click=move |event| {
            event.prevent_default();
            focus_id(entry.id);
        }>
            {entry.label} ": " {error.detail}
        </a>
    }
    .into_any()
}

fn headline(what: &str, wrong: usize) -> String {
    match wrong {
        1 => format!("{what}: one answer needs attention"),
        _ => format!("{what}: {wrong} answers need attention"),
    }
}
