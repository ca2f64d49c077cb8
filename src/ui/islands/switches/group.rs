//! The button of a group of permissions, the same on the server and in the browser.

/// A permission of a group that the filter shows. `T` names it: by its name on the server, by its position in the browser.
#[derive(Clone, Copy, Debug)]
pub struct Member<T> {
    /// Which one.
    pub permission: T,
    /// Whether it is granted.
    pub is_granted: bool,
    /// Whether it is of high risk.
    pub is_risky: bool,
}

/// What the button of a group does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupAction<T> {
    /// Nothing: the filter hides the group.
    Nothing,
    /// Removes all that are shown, which are granted.
    Remove(Vec<T>),
    /// Grants those that are not granted. Those of high risk only after a question, so never without script.
    Grant {
        /// Those of no high risk.
        harmless: Vec<T>,
        /// Those of high risk.
        risky: Vec<T>,
    },
}

/// A grant that is in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The heading of the group.
    pub heading: String,
    /// The labels of what is of high risk.
    pub labels: Vec<String>,
    /// The permissions that are not of high risk, by their position.
    pub harmless: Vec<usize>,
    /// Those that are.
    pub risky: Vec<usize>,
}

impl<T> GroupAction<T> {
    /// The action for a group.
    pub fn of(members: impl IntoIterator<Item = Member<T>>) -> Self {
        let (mut granted, mut harmless, mut risky) = (Vec::new(), Vec::new(), Vec::new());
        for member in members {
            let list = match (member.is_granted, member.is_risky) {
                (true, _) => &mut granted,
                (false, false) => &mut harmless,
                (false, true) => &mut risky,
            };
            list.push(member.permission);
        }
        match (granted.is_empty(), harmless.is_empty() && risky.is_empty()) {
            (true, true) => Self::Nothing,
            (false, true) => Self::Remove(granted),
            (_, false) => Self::Grant { harmless, risky },
        }
    }

    /// Whether the button does nothing without a question.
    #[must_use]
    pub fn needs_question(&self) -> bool {
        matches!(self, Self::Grant { harmless, .. } if harmless.is_empty())
    }

    /// The label of the button.
    #[must_use]
    pub fn label(&self, can_ask: bool, is_filtered: bool) -> &'static str {
        let asks = can_ask || self.needs_question();
        match (self, is_filtered) {
            (Self::Nothing, _) => "",
            (Self::Remove(_), false) => "Remove all",
            (Self::Remove(_), true) => "Remove all shown",
            (Self::Grant { risky, .. }, false) if risky.is_empty() => "Grant all",
            (Self::Grant { risky, .. }, true) if risky.is_empty() => "Grant all shown",
            (Self::Grant { .. }, false) if asks => "Grant all…",
            (Self::Grant { .. }, true) if asks => "Grant all shown…",
            (Self::Grant { .. }, false) => "Grant all but high risk",
            (Self::Grant { .. }, true) => "Grant all shown but high risk",
        }
    }
}

impl GroupAction<&str> {
    /// The button's value in the form; empty when there is nothing to do. Without script nothing is asked, so nothing of
    /// high risk is granted.
    #[must_use]
    pub fn form_value(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Remove(names) => format!("remove:{}", names.join(",")),
            Self::Grant { harmless, .. } => format!("grant:{}", harmless.join(",")),
        }
    }
}

/// The labels, joined as a list in a sentence.
#[must_use]
pub fn listed<L: AsRef<str>>(labels: &[L]) -> String {
    let mut text = String::new();
    for (position, label) in labels.iter().enumerate() {
        text.push_str(match position {
            0 => "“",
            _ if position + 1 == labels.len() => " and “",
            _ => ", “",
        });
        text.push_str(label.as_ref());
        text.push('”');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(permission: &str, is_granted: bool, is_risky: bool) -> Member<&str> {
        Member {
            permission,
            is_granted,
            is_risky,
        }
    }

    #[test]
    fn without_script_nothing_risky_is_granted() {
        let action = GroupAction::of([
            member("read", true, false),
            member("write", false, false),
            member("delete", false, true),
        ]);
        let expected = GroupAction::Grant {
            harmless: vec!["write"],
            risky: vec!["delete"],
        };
        assert_eq!(action, expected);
        assert_eq!(action.form_value(), "grant:write");
        assert_eq!(action.label(false, false), "Grant all but high risk");
        assert_eq!(action.label(true, false), "Grant all…");

        let action = GroupAction::of([member("delete", false, true)]);
        assert!(action.needs_question());
        assert_eq!(action.label(false, true), "Grant all shown…");
    }

    #[test]
    fn what_is_granted_as_a_whole_can_be_removed() {
        let action = GroupAction::of([member("read", true, false), member("delete", true, true)]);
        assert_eq!(action, GroupAction::Remove(vec!["read", "delete"]));
        assert_eq!(action.form_value(), "remove:read,delete");
        assert_eq!(GroupAction::<&str>::of([]), GroupAction::Nothing);
    }

    #[test]
    fn labels_read_like_a_sentence() {
        assert_eq!(listed(&["A"]), "“A”");
        assert_eq!(listed(&["A", "B"]), "“A” and “B”");
        assert_eq!(listed(&["A", "B", "C"]), "“A”, “B” and “C”");
    }
}
