//! Forms: posting, fields with their errors, and the error summary.

use leptos::context::Provider;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::icon::Icon;
use super::notice::RefusalNotice;
use crate::domain::address::in_query;
use crate::domain::problem::FieldProblem;
use crate::ui::api::ApiRefusal;

/// The address of a form that posts to a server function: answered with a redirect, or with the page at `back` when the
/// form is refused.
#[must_use]
pub fn posts_to<F: ServerFn>(back: &str) -> String {
    format!("{}?back={}", F::PATH, in_query(back))
}

/// The key of a form that makes something: sent twice with the same key, the form makes one thing.
#[component]
pub fn FormKey(
    /// The key.
    key: String,
) -> impl IntoView {
    view! { <input type="hidden" name="form[form_key]" value=key/> }
}

/// The error of one field, if any.
#[must_use]
pub fn field_error(refusal: Option<&ApiRefusal>, field: &str) -> Option<String> {
    refusal.and_then(|refusal| refusal.field(field))
}

/// What an input needs of its enclosing [`Field`].
#[derive(Clone)]
struct FieldContext {
    id: &'static str,
    has_hint: bool,
    has_error: bool,
}

impl FieldContext {
    fn is_invalid(&self) -> Option<&'static str> {
        self.has_error.then_some("true")
    }

    fn described_by(&self) -> Option<String> {
        let id = self.id;
        match (self.has_error, self.has_hint) {
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
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// The input.
    children: Children,
) -> impl IntoView {
    let context = FieldContext {
        id,
        has_hint: hint.is_some(),
        has_error: error.is_some(),
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
    error: Option<String>,
) -> impl IntoView {
    error.map(|message| {
        view! {
            <p class="error" id=format!("{id}-error")>
                <Icon name="warn"/>
                <span>{message}</span>
            </p>
        }
    })
}

/// The input of a [`Field`]; the page spreads its attributes onto it, except id and ARIA state.
#[component]
pub fn Input() -> impl IntoView {
    let context = expect_context::<FieldContext>();
    view! {
        <input
            class="input"
            id=context.id
            aria-invalid=context.is_invalid()
            aria-describedby=context.described_by()
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
            aria-invalid=context.is_invalid()
            aria-describedby=context.described_by()
        >
            {children()}
        </select>
    }
}

/// The field for a long text of a [`Field`]; the page spreads its attributes onto it, except id and ARIA state.
#[component]
pub fn TextArea(
    /// The text.
    value: String,
) -> impl IntoView {
    let context = expect_context::<FieldContext>();
    let value = in_text_area(&value);
    view! {
        <textarea
            class="input"
            id=context.id
            aria-invalid=context.is_invalid()
            aria-describedby=context.described_by()
        >
            {value}
        </textarea>
    }
}

/// A text as the contents of a `textarea`, which the framework does not escape. A parser drops the first line end (HTML
/// Standard, 13.1.2.5), so there is one more.
#[must_use]
pub fn in_text_area(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// The search field of a list's filters.
#[component]
pub fn SearchField(
    /// What is searched.
    value: String,
    /// What can be typed.
    placeholder: &'static str,
    /// The label.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="find">
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                name="q"
                value=value
                placeholder=placeholder
                aria-label=label
                autocomplete="off"
            />
        </div>
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
/// focus.
#[component]
pub fn ErrorSummary(
    /// The failed act, such as "The client was not created".
    what: &'static str,
    /// The refusal.
    refusal: Option<ApiRefusal>,
    /// The fields of the form.
    entries: &'static [SummaryEntry],
) -> impl IntoView {
    refusal.map(|refusal| match refusal.problem().map(|problem| problem.errors.clone()) {
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

/// One error, as a link to its field when the form has that field.
fn line(entries: &'static [SummaryEntry], error: FieldProblem) -> AnyView {
    let Some(entry) = entries.iter().find(|entry| entry.field == error.field) else {
        return error.detail.into_any();
    };
    view! {
        <a class="link" href=format!("#{}", entry.id)>
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
