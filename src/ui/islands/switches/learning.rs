//! What others granted and removed meanwhile. Only for the browser.

use web_sys::{Document, HtmlInputElement};

use super::live::Live;
use super::sheet::FORM;
use crate::ui::islands::browser::find_all;

impl Live {
    /// Takes what the client holds from a page that was loaded later.
    pub fn learn(self, page: &Document) {
        let Some(form) = page.query_selector(FORM).ok().flatten() else {
            return;
        };
        let version = form.get_attribute("data-version");
        let Some(version) = version.and_then(|version| version.parse().ok()) else {
            return;
        };
        let switches: Vec<HtmlInputElement> = find_all(&form, "input.switch");
        let held = switches.iter().filter(|input| input.default_checked());
        let held: Vec<String> = held.map(HtmlInputElement::value).collect();
        self.with(|page| page.wishes.learned(&held, version));
        self.send();
    }
}
