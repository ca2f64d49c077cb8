//! The rows, groups and sections of the page, as the server sent them: what is read of them and written into them.
//!
//! Other programs may change the markup, too: what is missing is passed over. Every text that changes is the only one
//! in its element and is set as a whole, because translators replace text nodes. Only for the browser.

use std::ops::Range;

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::filter::PermissionFilter;
use super::group::{GroupAction, Member};
use super::row::Row;
use super::wishes::Wishes;
use crate::ui::islands::browser::{find, find_all};

/// The form of the switches.
pub const FORM: &str = "#permissions";

/// The markup.
pub struct Sheet {
    /// The form.
    pub form: Element,
    /// Every permission.
    pub rows: Vec<Row>,
    groups: Vec<Group>,
    sections: Vec<Section>,
    /// The count in the tab of the page.
    granted: Count,
}

/// A group of permissions.
struct Group {
    element: HtmlElement,
    rows: Range<usize>,
    count: Count,
    button: Option<HtmlElement>,
}

/// A section, and its entry in the table of contents.
struct Section {
    element: HtmlElement,
    rows: Range<usize>,
    count: Count,
    entry: Count,
}

/// An element with a count, and the number in it.
struct Count {
    element: Option<Element>,
    number: Option<usize>,
}

impl Count {
    fn new(element: Option<Element>) -> Self {
        Self {
            element,
            number: None,
        }
    }

    fn write(&mut self, number: usize, text: impl FnOnce() -> String) {
        if let Some(element) = &self.element
            && self.number.replace(number) != Some(number)
        {
            element.set_text_content(Some(&text()));
        }
    }
}

impl Sheet {
    /// Reads the markup; none on a page without the form.
    #[must_use]
    pub fn read() -> Option<Self> {
        let form: Element = find(FORM)?;
        let entries: Vec<Element> = find("#contents")
            .map(|contents| find_all(&contents, "a"))
            .unwrap_or_default();
        let mut sheet = Self {
            form,
            rows: Vec::new(),
            groups: Vec::new(),
            sections: Vec::new(),
            granted: Count::new(find("#granted-count")),
        };
        for section in find_all(&sheet.form, ".scope") {
            sheet.read_section(section, &entries);
        }
        Some(sheet)
    }

    fn read_section(&mut self, element: HtmlElement, entries: &[Element]) {
        let first = self.rows.len();
        let groups: Vec<HtmlElement> = find_all(&element, ".group");
        for group in &groups {
            // The only group of a section has its button beside the heading of the section.
            let around = if groups.len() == 1 { &element } else { group };
            let start = self.rows.len();
            let inputs: Vec<HtmlInputElement> = find_all(group, "input.switch");
            self.rows.extend(inputs.into_iter().filter_map(Row::read));
            self.groups.push(Group {
                element: group.clone(),
                rows: start..self.rows.len(),
                count: Count::new(within(group, "header .count")),
                button: within(around, "[name=\"form[group]\"]"),
            });
        }
        let id = element.id();
        let is_its = |entry: &&Element| {
            let href = entry.get_attribute("href").unwrap_or_default();
            href.strip_prefix('#') == Some(&id)
        };
        let entry = entries.iter().find(is_its);
        self.sections.push(Section {
            rows: first..self.rows.len(),
            count: Count::new(within(&element, "header .count")),
            entry: Count::new(entry.and_then(|entry| within(entry, ".count"))),
            element,
        });
    }

    /// Writes the counts of what the server has.
    pub fn paint_counts(&mut self, wishes: &Wishes) {
        let held = |rows: &Range<usize>| {
            rows.clone()
                .filter(|&position| wishes.is_held(position))
                .count()
        };
        for group in &mut self.groups {
            let (number, total) = (held(&group.rows), group.rows.len());
            group.count.write(number, || format!("{number} of {total}"));
        }
        for section in &mut self.sections {
            let (number, total) = (held(&section.rows), section.rows.len());
            section
                .count
                .write(number, || format!("{number} of {total} granted"));
            section.entry.write(number, || format!("{number}/{total}"));
        }
        // What the catalogue no longer has does not count.
        let current = || (0..self.rows.len()).filter(|&position| !self.rows[position].is_retired);
        let (number, total) = (
            current()
                .filter(|&position| wishes.is_held(position))
                .count(),
            current().count(),
        );
        self.granted.write(number, || format!("{number}/{total}"));
    }

    /// Writes what the buttons of groups do.
    pub fn paint_buttons(&self, wishes: &Wishes, filter: &PermissionFilter) {
        for group in &self.groups {
            let Some(button) = &group.button else {
                continue;
            };
            let action = self.action(group, wishes);
            let label = action.label(true, filter.is_set());
            button.set_hidden(action == GroupAction::Nothing);
            let _ = button.remove_attribute("disabled");
            if let Some(element) = within::<Element>(button, "[data-label]")
                && button.get_attribute("data-shown").as_deref() != Some(label)
            {
                element.set_text_content(Some(label));
                let _ = button.set_attribute("data-shown", label);
            }
        }
    }

    /// What a group's button does, and the name of the group.
    #[must_use]
    pub fn action_of(
        &self,
        button: &HtmlElement,
        wishes: &Wishes,
    ) -> Option<(GroupAction<usize>, String)> {
        let is_its = |group: &&Group| group.button.as_ref() == Some(button);
        let group = self.groups.iter().find(is_its)?;
        let heading = button.get_attribute("data-heading").unwrap_or_default();
        Some((self.action(group, wishes), heading))
    }

    fn action(&self, group: &Group, wishes: &Wishes) -> GroupAction<usize> {
        let shown = group
            .rows
            .clone()
            .filter(|&position| self.rows[position].is_shown());
        GroupAction::of(shown.map(|permission| Member {
            permission,
            is_granted: wishes.is_held(permission),
            is_risky: self.rows[permission].is_risky,
        }))
    }

    /// Takes the positions of the switches as what is granted, for the filter: a row does not disappear when its switch
    /// is moved later.
    pub fn note_positions(&mut self) {
        for row in &mut self.rows {
            row.was_on = row.input.checked();
        }
    }

    /// Shows what the filter lets through. Returns the number of permissions.
    pub fn apply(&self, filter: &PermissionFilter) -> usize {
        for row in &self.rows {
            row.element
                .set_hidden(!filter.lets_through(&row.name, &row.label, row.was_on));
        }
        let shown = |rows: &Range<usize>| {
            let rows = self.rows[rows.clone()].iter();
            rows.filter(|row| row.is_shown()).count()
        };
        for group in &self.groups {
            group.element.set_hidden(shown(&group.rows) == 0);
        }
        let is_set = filter.is_set();
        for section in &self.sections {
            section
                .element
                .set_hidden(is_set && shown(&section.rows) == 0);
        }
        shown(&(0..self.rows.len()))
    }
}

/// The first element below another that matches a selector.
fn within<E: JsCast>(element: &Element, selector: &str) -> Option<E> {
    let found = element.query_selector(selector).ok().flatten()?;
    found.dyn_into().ok()
}
