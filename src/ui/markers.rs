//! The marks that the framework leaves between the nodes of a page.

use memchr::memmem;

/// The framework's marker between nodes, which only islands need. No text looks like it: `<` is escaped everywhere.
const MARKER: &str = "<!>";
const ISLAND: &str = "<leptos-island";
const ISLAND_END: &str = "</leptos-island>";

/// The markup without the framework's markers outside of islands.
pub(super) fn without_markers(html: &str) -> String {
    let mut clean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = memmem::find(rest.as_bytes(), ISLAND.as_bytes()) {
        let length = memmem::find(&rest.as_bytes()[start..], ISLAND_END.as_bytes())
            .map_or(rest.len() - start, |end| end + ISLAND_END.len());
        let (before, after) = rest.split_at(start);
        let (island, after) = after.split_at(length);
        push_without_markers(&mut clean, before);
        clean.push_str(island);
        rest = after;
    }
    push_without_markers(&mut clean, rest);
    clean
}

fn push_without_markers(clean: &mut String, html: &str) {
    let mut end = 0;
    for start in memmem::find_iter(html.as_bytes(), MARKER) {
        clean.push_str(&html[end..start]);
        end = start + MARKER.len();
    }
    clean.push_str(&html[end..]);
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;

    #[test]
    fn only_islands_keep_their_markers() {
        let html = "<p>a<!>b<!></p><leptos-island data-component=\"x\"><i>c<!></i></leptos-island><!><p>d</p><!>";
        let clean =
            "<p>ab</p><leptos-island data-component=\"x\"><i>c<!></i></leptos-island><p>d</p>";
        assert_eq!(without_markers(html), clean);
    }

    #[test]
    fn what_people_write_is_never_taken_for_a_marker() {
        let html = view! { <p title="<!>">"<!>" {"<!>".to_owned()}</p> }.to_html();
        assert_eq!(
            without_markers(&html).matches("&lt;!&gt;").count(),
            3,
            "{html}"
        );
    }
}
