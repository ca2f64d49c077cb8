//! Browsers, as far as a person tells their own sessions apart by them.

/// Browsers by what their `User-Agent` has in it; the first that fits, because most name others too.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// Operating systems in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("BSD", "BSD"),
];

/// A browser and the system that it runs on, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The browser.
    pub browser: Option<&'static str>,
    /// The system.
    pub system: Option<&'static str>,
}

impl Device {
    /// The device that a `User-Agent` (RFC 9110 §10.1.5) tells of. What it says besides is not kept.
    #[must_use]
    pub fn of_user_agent(text: &str) -> Self {
        let find = |names: &[(&str, &'static str)]| {
            let mut names = names.iter();
            names.find_map(|(part, name)| text.contains(part).then_some(*name))
        };
        Self {
            browser: find(&BROWSERS),
            system: find(&SYSTEMS),
        }
    }

    /// The device as it is stored, such as `Firefox/Linux`.
    #[must_use]
    pub fn stored(&self) -> String {
        let (browser, system) = (self.browser, self.system);
        format!(
            "{}/{}",
            browser.unwrap_or_default(),
            system.unwrap_or_default()
        )
    }

    /// Reads a device that was stored. Names that this version does not know are left out.
    #[must_use]
    pub fn parse(stored: &str) -> Self {
        let (browser, system) = stored.split_once('/').unwrap_or_default();
        let find = |names: &[(&str, &'static str)], name: &str| {
            let mut names = names.iter();
            names.find_map(|(_, known)| (*known == name).then_some(*known))
        };
        Self {
            browser: find(&BROWSERS, browser),
            system: find(&SYSTEMS, system),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_most_special_name() {
        for (text, stored) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox/Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
                "Edge/Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
                "Chrome/Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari/iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
                "Safari/macOS",
            ),
            ("curl/8.14.1", "curl/"),
            ("<script>", "/"),
            ("", "/"),
        ] {
            let device = Device::of_user_agent(text);
            assert_eq!(device.stored(), stored, "{text}");
            assert_eq!(Device::parse(stored), device, "{text}");
        }
    }

    #[test]
    fn a_stored_text_brings_nothing_new() {
        for stored in ["", "x", "Netscape/OS2", "/", "<b>/<i>"] {
            assert_eq!(Device::parse(stored), Device::default(), "{stored}");
        }
    }
}
