//! A description of the endpoints for programs: what each is asked, and what it answers.

use leptos::prelude::*;

use super::icon::Logo;
use super::permission::PermissionName;

/// Operations that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiGroup {
    /// The heading.
    pub name: String,
    /// What they are for.
    pub text: String,
    /// The operations.
    pub operations: Vec<ApiOperation>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiOperation {
    /// An id for links to it.
    pub anchor: String,
    /// Its methods, such as `POST`.
    pub methods: Vec<String>,
    /// Its path.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What it does.
    pub text: String,
    /// What is sent: parameters of the address or the members of a body, with where they stand.
    pub sent: Vec<ApiMembers>,
    /// What is answered.
    pub answers: Vec<ApiAnswer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAnswer {
    /// Its status.
    pub status: String,
    /// When it is given.
    pub text: String,
    /// Its headers and the members of its body.
    pub members: Vec<ApiMembers>,
}

/// Members that stand in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiMembers {
    /// The place, such as `application/json` or `query`.
    pub place: String,
    /// The members.
    pub rows: Vec<ApiMember>,
}

/// A parameter, header or member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiMember {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Whether it has to be there.
    pub is_required: bool,
    /// What it means.
    pub text: String,
}

/// The description.
#[component]
pub fn ApiReference(
    /// What the endpoints are for.
    text: String,
    /// The operations.
    groups: Vec<ApiGroup>,
) -> impl IntoView {
    let contents = groups.clone();
    view! {
        <div class="api-reference">
            <header class="stack">
                <a class="brand" href="/system">
                    <Logo/>
                    <span>"Claviger"</span>
                </a>
                <h1>"API for programs"</h1>
                <p>{marked(&text)}</p>
                <p>
                    "The same for programs: "
                    <a class="link" href="/openapi.json">
                        "/openapi.json"
                    </a>
                    " (OpenAPI 3.1)."
                </p>
            </header>
            <nav aria-label="Endpoints">
                <ul>{contents.into_iter().flat_map(|group| group.operations).map(entry).collect_view()}</ul>
            </nav>
            <main class="stack loose" id="main" tabindex="-1">
                {groups.into_iter().map(section).collect_view()}
            </main>
        </div>
    }
}

fn entry(operation: ApiOperation) -> impl IntoView {
    let target = format!("#{}", operation.anchor);
    view! {
        <li>
            <a class="link" href=target>
                {operation.summary}
            </a>
        </li>
    }
}

fn section(group: ApiGroup) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>{group.name}</h2>
            <p>{group.text}</p>
            {group.operations.into_iter().map(operation).collect_view()}
        </section>
    }
}

fn operation(operation: ApiOperation) -> impl IntoView {
    let methods = match operation.methods.as_slice() {
        [one] => one.clone(),
        _ => "ANY".to_owned(),
    };
    view! {
        <article class="card" id=operation.anchor>
            <header class="row">
                <span class="badge">{methods}</span>
                <code>{operation.path}</code>
                <h3>{operation.summary}</h3>
            </header>
            <div class="pad">
                <p>{marked(&operation.text)}</p>
                {operation.sent.into_iter().map(members).collect_view()}
                <h4>"Answers"</h4>
                <dl>{operation.answers.into_iter().map(answer).collect_view()}</dl>
            </div>
        </article>
    }
}

fn answer(answer: ApiAnswer) -> impl IntoView {
    view! {
        <dt>
            <code>{answer.status}</code>
        </dt>
        <dd>
            <p>{marked(&answer.text)}</p>
            {answer.members.into_iter().map(members).collect_view()}
        </dd>
    }
}

fn members(members: ApiMembers) -> impl IntoView {
    let row = |member: ApiMember| {
        let kind = if member.is_required {
            member.kind
        } else {
            format!("{}, optional", member.kind)
        };
        view! {
            <tr>
                <th scope="row">
                    <PermissionName name=member.name/>
                </th>
                <td>{kind}</td>
                <td>{marked(&member.text)}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption>{members.place}</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"Meaning"</th>
                </tr>
            </thead>
            <tbody>{members.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// A text in which backquotes mark code, as in Markdown.
fn marked(text: &str) -> Vec<AnyView> {
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| {
            let part = part.to_owned();
            if index % 2 == 0 {
                part.into_any()
            } else {
                view! { <code>{part}</code> }.into_any()
            }
        })
        .collect()
}
