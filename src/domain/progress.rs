//! How far a reading of numbered rows is, from the newest one down.

/// The rows that were read, and where the reading is among the numbers. Nothing is counted in advance: the numbers say how much is
/// left, whatever a filter leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many rows were read.
    pub rows: i64,
    /// The number of the newest row; 0 while it is not known.
    newest: i64,
    /// The number that was reached.
    reached: i64,
}

impl Progress {
    /// The beginning, at the newest row where its number is known.
    #[must_use]
    pub fn from_newest(newest: i64) -> Self {
        Self {
            rows: 0,
            newest,
            reached: newest,
        }
    }

    /// Some more rows were read, down to a number.
    pub fn advance(&mut self, rows: usize, reached: i64) {
        self.rows += i64::try_from(rows).unwrap_or_default();
        self.newest = self.newest.max(reached);
        self.reached = reached;
    }

    /// The part that is done, in thousandths.
    #[must_use]
    pub fn thousandths(&self) -> i64 {
        let done = self.newest - self.reached;
        done.saturating_mul(1_000) / self.newest.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_how_much_is_left() {
        let mut progress = Progress::from_newest(2_000);
        assert_eq!(progress.thousandths(), 0);
        progress.advance(3, 1_500);
        assert_eq!((progress.rows, progress.thousandths()), (3, 250));
        progress.advance(0, 1);
        assert_eq!((progress.rows, progress.thousandths()), (3, 999));
    }

    #[test]
    fn the_first_row_may_be_the_newest() {
        let mut progress = Progress::from_newest(0);
        assert_eq!(progress.thousandths(), 0);
        progress.advance(1, 900);
        assert_eq!(progress.thousandths(), 0);
        progress.advance(1, 450);
        assert_eq!(progress.thousandths(), 500);
    }
}
