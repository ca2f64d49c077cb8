//! The filter of permissions, the same on the server and in the browser.

/// A filter by whether permissions are granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GrantedFilter {
    /// All of them.
    #[default]
    All,
    /// Granted permissions.
    Granted,
    /// Permissions that are not granted.
    Off,
}

impl GrantedFilter {
    /// Every choice, with its label.
    pub const EVERY: [(Self, &'static str); 3] = [
        (Self::All, "All"),
        (Self::Granted, "Granted"),
        (Self::Off, "Not granted"),
    ];

    /// The value in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Granted => "granted",
            Self::Off => "off",
        }
    }

    /// Parses the value in an address; anything else means all.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "granted" => Self::Granted,
            "off" => Self::Off,
            _ => Self::All,
        }
    }
}

/// A filter of permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionFilter {
    /// Part of a label or a name, without spaces around it.
    pub text: String,
    /// By whether they are granted.
    pub show: GrantedFilter,
}

impl PermissionFilter {
    /// The filter of these values of the form.
    #[must_use]
    pub fn new(text: &str, show: &str) -> Self {
        Self {
            text: text.trim().to_owned(),
            show: GrantedFilter::parse(show),
        }
    }

    /// Whether any criterion is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.text.is_empty() || self.show != GrantedFilter::All
    }

    /// Whether a permission matches.
    #[must_use]
    pub fn lets_through(&self, name: &str, label: &str, is_granted: bool) -> bool {
        let by_state = match self.show {
            GrantedFilter::All => true,
            GrantedFilter::Granted => is_granted,
            GrantedFilter::Off => !is_granted,
        };
        if !by_state || self.text.is_empty() {
            return by_state;
        }
        let term = self.text.to_lowercase();
        name.contains(&term) || label.to_lowercase().contains(&term)
    }

    /// The heading when nothing matches.
    #[must_use]
    pub fn no_match(&self) -> String {
        match (self.text.as_str(), self.show) {
            ("", GrantedFilter::Granted) => "No permission is granted".to_owned(),
            ("", _) => "Every permission is granted".to_owned(),
            (text, _) => format!("No permission matches “{text}”"),
        }
    }

    /// The sentence below it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.show {
            GrantedFilter::All => "Check the spelling, or clear the filter.",
            GrantedFilter::Granted => "Only granted permissions are shown.",
            GrantedFilter::Off => "Only permissions that are not granted are shown.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_reads_labels_and_names() {
        for text in ["", "  ", "BLOGS.", "edit blog", "Write", " write "] {
            let filter = PermissionFilter::new(text, "");
            assert!(
                filter.lets_through("blogs.write", "Write and edit blog posts", false),
                "{text}"
            );
        }
        let filter = PermissionFilter::new("delete", "all");
        assert!(!filter.lets_through("blogs.write", "Write and edit blog posts", true));
    }

    #[test]
    fn a_filter_by_what_is_granted() {
        let shown = |show, is_granted| {
            PermissionFilter::new("", show).lets_through(
                "blogs.read",
                "Read blog posts",
                is_granted,
            )
        };
        assert_eq!(
            ["all", "granted", "off"].map(|show| shown(show, true)),
            [true, true, false]
        );
        assert_eq!(
            ["else", "granted", "off"].map(|show| shown(show, false)),
            [true, false, true]
        );
    }

    #[test]
    fn a_filter_without_a_match_says_which() {
        assert_eq!(
            PermissionFilter::new("x", "").no_match(),
            "No permission matches “x”"
        );
        assert_eq!(
            PermissionFilter::new("", "granted").no_match(),
            "No permission is granted"
        );
        assert_eq!(
            PermissionFilter::new(" ", "off").no_match(),
            "Every permission is granted"
        );
        for (show, _) in GrantedFilter::EVERY {
            assert_eq!(GrantedFilter::parse(show.as_str()), show);
        }
    }
}
