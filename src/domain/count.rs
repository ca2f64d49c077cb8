//! Numbers of rows, counted up to a bound, so that a page does not wait until a million rows are counted.

use serde::{Deserialize, Serialize};

/// The bound up to which rows are counted.
pub const COUNT_BOUND: i64 = 500;

/// A number of rows: exact, or a lower bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many were counted.
    pub number: i64,
    /// Whether there may be more.
    pub or_more: bool,
}

impl Count {
    /// An exact number.
    #[must_use]
    pub fn exactly(number: i64) -> Self {
        Self {
            number,
            or_more: false,
        }
    }

    /// A lower bound.
    #[must_use]
    pub fn at_least(number: i64) -> Self {
        Self {
            number,
            or_more: true,
        }
    }

    /// The result of counting up to one row beyond [`COUNT_BOUND`].
    #[must_use]
    pub fn bounded(counted: i64) -> Self {
        if counted > COUNT_BOUND {
            Self::at_least(COUNT_BOUND)
        } else {
            Self::exactly(counted)
        }
    }

    /// The sum of two numbers.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            number: self.number + other.number,
            or_more: self.or_more || other.or_more,
        }
    }

    /// True when there is certainly none.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::exactly(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_bound_there_are_at_least_as_many() {
        assert_eq!(Count::bounded(499), Count::exactly(499));
        assert_eq!(Count::bounded(500), Count::exactly(500));
        assert_eq!(Count::bounded(501), Count::at_least(500));
    }

    #[test]
    fn none_is_known_only_when_counted_to_the_end() {
        assert!(Count::exactly(0).is_none());
        assert!(!Count::at_least(0).is_none());
        assert!(!Count::exactly(1).is_none());
    }
}
