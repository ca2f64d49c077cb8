//! Keyset pages of a long list: fast, and stable while rows are added and removed.

use serde::{Deserialize, Serialize};

/// How many clients a page has.
pub const PAGE_SIZE: i64 = 25;

/// How many organizations a page has.
pub const ORGANIZATION_PAGE_SIZE: i64 = 50;

/// How many participants a page has.
pub const PARTICIPANT_PAGE_SIZE: i64 = 50;

/// How many administrators a page has.
pub const ADMIN_PAGE_SIZE: i64 = 50;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// The key of its first row, when there is a page before it.
    pub before: Option<i64>,
    /// The key of its last row, when there is a page after it.
    pub after: Option<i64>,
}

/// Which page: the first, the one after a key, or the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    /// The first page.
    #[default]
    First,
    /// The rows that follow this key.
    After(i64),
    /// The rows that come just before this key.
    Before(i64),
}

impl<T> Page<T> {
    /// Makes a page of up to `size` rows from up to one more, read in the direction of the cursor.
    ///
    /// # Panics
    /// Never: page sizes are small constants.
    pub fn from_rows(mut rows: Vec<T>, size: i64, cursor: Cursor, key: impl Fn(&T) -> i64) -> Self {
        let size = usize::try_from(size).expect("page sizes are small");
        let more = rows.len() > size;
        rows.truncate(size);
        let backwards = matches!(cursor, Cursor::Before(_));
        if backwards {
            rows.reverse();
        }
        let first = rows.first().map(&key);
        let last = rows.last().map(&key);
        let (before, after) = match cursor {
            Cursor::First => (None, last.filter(|_| more)),
            Cursor::After(_) => (first, last.filter(|_| more)),
            Cursor::Before(_) => (first.filter(|_| more), last),
        };
        Self {
            items: rows,
            before,
            after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(from: i64, count: i64) -> Vec<i64> {
        (0..count).map(|step| from - step).collect()
    }

    #[test]
    fn a_first_page_has_no_way_back() {
        let page = Page::from_rows(keys(100, 26), 25, Cursor::First, |key| *key);
        assert_eq!((page.before, page.after), (None, Some(76)));
    }

    #[test]
    fn a_page_read_backwards_comes_out_in_order() {
        let mut rows = keys(100, 25);
        rows.reverse();
        let page = Page::from_rows(rows, 25, Cursor::Before(75), |key| *key);
        assert_eq!(page.items.first(), Some(&100));
        assert_eq!((page.before, page.after), (None, Some(76)));
    }

    #[test]
    fn a_last_page_has_no_way_on() {
        let page = Page::from_rows(keys(10, 3), 25, Cursor::After(11), |key| *key);
        assert_eq!((page.before, page.after), (Some(10), None));
    }
}
