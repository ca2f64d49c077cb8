//! Whether anything was committed to an SQLite file since its directory version was read, told without a query.
//!
//! The WAL index (the `-shm` file, <https://www.sqlite.org/walformat.html#the_wal_index_file_format>) begins with two
//! copies of a header. Every commit of every process changes it before the commit returns: the second copy first, then
//! the first one (`walIndexWriteHdr`). What is rolled back or not committed yet leaves it as it is, unless it begins
//! the log anew. So a version is current for as long as the header is what it was *before* the query of that version
//! began:
//!
//! ```text
//!            header read: H        header read again: H
//!  time ─────────●────┬─────────┬───────────●─────────▶
//!                     │ query   │           └ the version of the query is current
//!                     └─────────┘
//!                       all commits whose header is H or earlier
//! ```
//!
//! Let a commit have returned before the header is read again. By then both copies have its header, or a later one.
//!
//! 1. What is read alike in both copies is a whole header, which was in the index during the reading: the copies are
//!    read in the order opposite to that of writing, so if the first has anything of a header, the second has nothing
//!    older. A mixture of two headers is therefore unlike, or equal to one of them.
//! 2. No header comes twice. A commit raises the change counter, and adds frames to the log under the same salts, or
//!    under new ones after a restart of the log. A recovery begins the counter anew, and keeps frames and salts. Only an
//!    index that is truncated or deleted can come to an earlier header, with an empty log; SQLite does that while no
//!    connection has the index open, and the version probe has one from the first reading to the second.
//! 3. So the header of that commit is H or an earlier one, and H was in the index before the query began. A query sees
//!    every commit whose header is in the index. The version has the commit.
//!
//! A wrong equality would take 2³² commits between two readings that leave the count and checksum of the frames and both
//! salts as they were.

use crate::domain::ids::Version;

/// The length of one copy.
const LENGTH: usize = 48;

/// The length of both copies.
pub(super) const COPIES_LENGTH: usize = 2 * LENGTH;

/// Where a copy says whether the index is initialised.
const IS_INITIALISED: usize = 12;

/// The header of a WAL index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header([u8; LENGTH]);

impl Header {
    /// The header of which these are the copies; none if they are unlike or not initialised.
    pub(super) fn of(copies: &[u8; COPIES_LENGTH]) -> Option<Self> {
        let (first, second) = copies.split_first_chunk()?;
        (first == second && first[IS_INITIALISED] == 1).then_some(Self(*first))
    }
}

/// A version, and the header with which it is current.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldVersion {
    header: Header,
    version: Version,
}

impl HeldVersion {
    /// Queries the version; with it comes what [`HeldVersion::while_unchanged`] needs, if the header can be read.
    pub(super) fn query<E>(
        header: impl FnOnce() -> Option<Header>,
        query: impl FnOnce() -> Result<Version, E>,
    ) -> Result<(Version, Option<Self>), E> {
        let before = header();
        let version = query()?;
        Ok((version, before.map(|header| Self { header, version })))
    }

    /// The version, if this is still the header.
    pub(super) fn while_unchanged(&self, header: Option<Header>) -> Option<Version> {
        (header? == self.header).then_some(self.version)
    }
}

#[cfg(test)]
mod tests {
    //! All interleavings of a process that commits with one that answers two requests.

    use std::cell::RefCell;
    use std::convert::Infallible;

    use super::*;

    /// How many steps the writer makes before each step of the reader. Counts through all possibilities.
    #[derive(Default)]
    struct Schedule {
        /// What was chosen, and the largest possible choice.
        choices: Vec<(usize, usize)>,
        next: usize,
    }

    impl Schedule {
        fn choose(&mut self, largest: usize) -> usize {
            if self.next == self.choices.len() {
                self.choices.push((0, largest));
            }
            self.next += 1;
            self.choices[self.next - 1].0
        }

        /// Goes to the next possibility; false after the last one.
        fn advance(&mut self) -> bool {
            self.next = 0;
            while let Some((chosen, largest)) = self.choices.pop() {
                if chosen < largest {
                    self.choices.push((chosen + 1, largest));
                    return true;
                }
            }
            false
        }
    }

    /// Version 0 is committed, and the writer commits so many more.
    const COMMITS: usize = 2;

    /// A header has two words, which only together say which commit it is of: the digits of its version in base two.
    const WORDS: usize = 2;

    /// The words of both copies in the order in which a commit writes them.
    const WRITTEN: [usize; 2 * WORDS] = [2, 3, 0, 1];

    /// The order in which they are read.
    const READ: [usize; 2 * WORDS] = [0, 1, 2, 3];

    /// Where a word is within a copy of 48 bytes: the change counter, and the number of frames.
    const PLACES: [usize; WORDS] = [8, 16];

    /// An index in memory that two processes share, and the writer's place in its program.
    struct Index {
        schedule: Schedule,
        words: [u8; 2 * WORDS],
        written: usize,
    }

    impl Index {
        /// How many commits have returned.
        fn returned(&self) -> usize {
            self.written / WRITTEN.len()
        }

        fn write_word(&mut self) {
            let version = self.returned() + 1;
            let word = WRITTEN[self.written % WRITTEN.len()];
            let digit = version >> (WORDS - 1 - word % WORDS) & 1;
            self.words[word] = u8::try_from(digit).unwrap();
            self.written += 1;
        }

        fn let_write(&mut self) {
            let left = COMMITS * WRITTEN.len() - self.written;
            for _ in 0..self.schedule.choose(left) {
                self.write_word();
            }
        }

        fn read_copies(&mut self, order: [usize; 2 * WORDS]) -> [u8; COPIES_LENGTH] {
            let mut copies = [0; COPIES_LENGTH];
            for word in order {
                self.let_write();
                let copy = word / WORDS * LENGTH;
                copies[copy + IS_INITIALISED] = 1;
                copies[copy + PLACES[word % WORDS]] = self.words[word];
            }
            copies
        }

        /// SQLite's snapshot: while the copies are unlike, it waits for the writer.
        fn query(&mut self) -> Version {
            self.let_write();
            while self.words[..WORDS] != self.words[WORDS..] {
                self.write_word();
            }
            Version(i64::from(self.words[0] * 2 + self.words[1]))
        }
    }

    type Query =
        fn(&dyn Fn() -> Option<Header>, &dyn Fn() -> Version) -> (Version, Option<HeldVersion>);

    /// How a reader goes about it.
    struct Reader {
        order: [usize; 2 * WORDS],
        header: fn(&[u8; COPIES_LENGTH]) -> Option<Header>,
        query: Query,
    }

    /// The reader that is in use.
    const RIGHT: Reader = Reader {
        order: READ,
        header: Header::of,
        query: |header, query| HeldVersion::query(header, || Ok::<_, Infallible>(query())).unwrap(),
    };

    impl Reader {
        fn answer(&self, index: &RefCell<Index>, held: &mut Option<HeldVersion>) -> Answer {
            let header = || (self.header)(&index.borrow_mut().read_copies(self.order));
            if let Some(version) = held.and_then(|held| held.while_unchanged(header())) {
                return Answer {
                    version,
                    is_queried: false,
                };
            }
            let (version, now_held) = (self.query)(&header, &|| index.borrow_mut().query());
            *held = now_held;
            Answer {
                version,
                is_queried: true,
            }
        }
    }

    struct Answer {
        version: Version,
        is_queried: bool,
    }

    /// How often a second request was answered, without a query, and with less than had returned before it came.
    #[derive(Debug, Default)]
    struct Counts {
        answered: u64,
        unqueried: u64,
        stale: u64,
    }

    fn count(reader: &Reader) -> Counts {
        let mut counts = Counts::default();
        let mut schedule = Schedule::default();
        loop {
            let index = RefCell::new(Index {
                schedule,
                words: [0; 2 * WORDS],
                written: 0,
            });
            let mut held = None;
            reader.answer(&index, &mut held);
            index.borrow_mut().let_write();
            let returned = i64::try_from(index.borrow().returned()).unwrap();
            let answer = reader.answer(&index, &mut held);
            counts.answered += 1;
            counts.unqueried += u64::from(!answer.is_queried);
            counts.stale += u64::from(answer.version.0 < returned);
            schedule = index.into_inner().schedule;
            if !schedule.advance() {
                return counts;
            }
        }
    }

    #[test]
    fn no_interleaving_gives_an_old_version() {
        let counts = count(&RIGHT);
        assert_eq!(counts.stale, 0, "{counts:?}");
        assert!(counts.unqueried > 500, "{counts:?}");
        assert!(counts.answered > 100_000, "{counts:?}");
    }

    #[test]
    fn a_header_read_after_the_query_gives_old_versions() {
        let counts = count(&Reader {
            query: |header, query| {
                let version = query();
                let held = header().map(|header| HeldVersion { header, version });
                (version, held)
            },
            ..RIGHT
        });
        assert!(counts.stale > 0, "{counts:?}");
    }

    #[test]
    fn one_copy_of_the_header_gives_old_versions() {
        let first = |copies: &[u8; COPIES_LENGTH]| copies.first_chunk().copied().map(Header);
        let second = |copies: &[u8; COPIES_LENGTH]| copies.last_chunk().copied().map(Header);
        for header in [first, second] as [fn(&_) -> _; 2] {
            let counts = count(&Reader { header, ..RIGHT });
            assert!(counts.stale > 0, "{counts:?}");
        }
    }

    #[test]
    fn copies_read_in_the_order_of_writing_give_old_versions() {
        let order = WRITTEN;
        let counts = count(&Reader { order, ..RIGHT });
        assert!(counts.stale > 0, "{counts:?}");
    }

    #[test]
    fn copies_that_are_unlike_or_not_initialised_are_no_header() {
        let mut copies = [7; COPIES_LENGTH];
        assert_eq!(Header::of(&copies), None);
        for copy in [0, LENGTH] {
            copies[copy + IS_INITIALISED] = 1;
        }
        assert!(Header::of(&copies).is_some());
        for place in 0..COPIES_LENGTH {
            let mut unlike = copies;
            unlike[place] ^= 1;
            assert_eq!(Header::of(&unlike), None, "{place}");
        }
    }
}
