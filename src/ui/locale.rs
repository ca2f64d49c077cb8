//! How numbers and dates are written for whoever reads a page.
//!
//! Sentences are English, whoever reads them; the groups of digits and the order of a date are those of the reader's first
//! known language (`Accept-Language`, RFC 9110 §12.5.4). The server writes them, so nothing moves when the page comes alive, and
//! says on the root element which it used. A month is always a word or in the order of ISO 8601, so no date can be misread.

use std::cell::Cell;

use chrono::Datelike;

use crate::domain::Time;

/// The conventions of a language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// `1,234` and `12 Mar 2026`.
    #[default]
    International,
    /// `1,234` and `Mar 12, 2026`.
    American,
    /// `1.234` and `12 Mar 2026`.
    Continental,
    /// `1 234`, with a narrow space, and `12 Mar 2026`.
    Spaced,
    /// `1’234` and `12 Mar 2026`.
    Swiss,
    /// `1,234` and `2026-03-12`.
    YearFirst,
}

/// Languages and what they write like; those of a country before the language itself.
const LANGUAGES: [(Locale, &str); 6] = [
    (Locale::American, "en-us en-ca en-ph"),
    (Locale::International, "en es-mx"),
    (Locale::Swiss, "de-ch de-li it-ch"),
    (
        Locale::Spaced,
        "bg cs et fi fr lv nb nn no pl pt-pt ru sk sv uk",
    ),
    (
        Locale::Continental,
        "ca da de el es gl hr id it nl pt ro sl sr tr vi",
    ),
    (Locale::YearFirst, "ja ko zh"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

thread_local! {
    /// The conventions of the page that is being written.
    static CURRENT: Cell<Locale> = const { Cell::new(Locale::International) };
}

/// A day, as people count: months and days from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The year.
    pub year: i32,
    /// The month.
    pub month: u32,
    /// The day of the month.
    pub day: u32,
}

impl Locale {
    const EVERY: [Self; 6] = [
        Self::International,
        Self::American,
        Self::Continental,
        Self::Spaced,
        Self::Swiss,
        Self::YearFirst,
    ];

    /// The conventions of the page that is being written.
    #[must_use]
    pub fn current() -> Self {
        CURRENT.get()
    }

    /// Uses the conventions for what is written from now on, on this thread.
    pub fn set_current(self) {
        CURRENT.set(self);
    }

    /// Writes something with these conventions.
    pub fn during<T>(self, write: impl FnOnce() -> T) -> T {
        /// Sets back what was before, whatever happens.
        struct Before(Locale);
        impl Drop for Before {
            fn drop(&mut self) {
                self.0.set_current();
            }
        }
        let _before = Before(CURRENT.replace(self));
        write()
    }

    /// The conventions of the language that is wanted most among those that are known. The value of `Accept-Language`.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut wanted: Vec<(u16, Self)> = header.split(',').filter_map(read_range).collect();
        // Stable: of equal ones the first.
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted
            .first()
            .map(|(_, locale)| *locale)
            .unwrap_or_default()
    }

    /// The name on the root element of a page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::American => "american",
            Self::Continental => "continental",
            Self::Spaced => "spaced",
            Self::Swiss => "swiss",
            Self::YearFirst => "year-first",
        }
    }

    /// The conventions of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|each| each.as_str() == name)
    }

    /// What stands between groups of three digits.
    #[must_use]
    pub fn separator(self) -> char {
        match self {
            Self::International | Self::American | Self::YearFirst => ',',
            Self::Continental => '.',
            Self::Spaced => '\u{202f}',
            Self::Swiss => '’',
        }
    }

    /// A date, such as "12 Mar 2026".
    #[must_use]
    pub fn date(self, day: Day) -> String {
        self.with_month(day, &month_name(day)[..3])
    }

    /// The same with the whole name of the month.
    #[must_use]
    pub fn long_date(self, day: Day) -> String {
        self.with_month(day, month_name(day))
    }

    /// A date of a year that is known, such as "12 Mar".
    #[must_use]
    pub fn day_and_month(self, day: Day) -> String {
        self.without_year(day, &month_name(day)[..3])
    }

    /// The same with the whole name of the month.
    #[must_use]
    pub fn long_day_and_month(self, day: Day) -> String {
        self.without_year(day, month_name(day))
    }

    fn without_year(self, day: Day, name: &str) -> String {
        match self {
            Self::American => format!("{name} {}", day.day),
            Self::YearFirst => format!("{:02}-{:02}", day.month, day.day),
            _ => format!("{} {name}", day.day),
        }
    }

    fn with_month(self, day: Day, name: &str) -> String {
        let Day { year, month, day } = day;
        match self {
            Self::American => format!("{name} {day}, {year}"),
            Self::YearFirst => format!("{year}-{month:02}-{day:02}"),
            _ => format!("{day} {name} {year}"),
        }
    }
}

impl Day {
    /// The day of a moment in RFC 3339.
    #[must_use]
    pub fn of(moment: &str) -> Option<Self> {
        let day = Self {
            year: moment.get(..4)?.parse().ok()?,
            month: moment.get(5..7)?.parse().ok()?,
            day: moment.get(8..10)?.parse().ok()?,
        };
        (1..=12).contains(&day.month).then_some(day)
    }
}

impl From<Time> for Day {
    fn from(at: Time) -> Self {
        Self {
            year: at.year(),
            month: at.month(),
            day: at.day(),
        }
    }
}

fn month_name(day: Day) -> &'static str {
    let index = usize::try_from(day.month.saturating_sub(1)).unwrap_or_default();
    MONTHS.get(index).copied().unwrap_or(MONTHS[0])
}

/// One language of the header with its weight in thousandths; none for one that is not known or not wanted.
fn read_range(range: &str) -> Option<(u16, Locale)> {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next()?.to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    let weight = match weight {
        Some(text) => thousandths(text)?,
        None => 1_000,
    };
    let locale = of_tag(&tag)?;
    (weight > 0).then_some((weight, locale))
}

/// A weight between 0 and 1, in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 3 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let rest: u16 = format!("{rest:0<3}").parse().ok()?;
    match whole {
        "1" => Some(1_000),
        "0" => Some(rest),
        _ => None,
    }
}

fn of_tag(tag: &str) -> Option<Locale> {
    let (language, _) = tag.split_once('-').unwrap_or((tag, ""));
    [tag, language].into_iter().find_map(|wanted| {
        let found = LANGUAGES
            .iter()
            .find(|(_, tags)| tags.split(' ').any(|known| known == wanted))?;
        Some(found.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_wanted_most_counts() {
        for (header, locale) in [
            ("", Locale::International),
            ("*", Locale::International),
            ("en", Locale::International),
            ("en-GB,en;q=0.9", Locale::International),
            ("en-US,en;q=0.9", Locale::American),
            ("de-DE,de;q=0.9,en;q=0.8", Locale::Continental),
            ("de-CH, en;q=0.8", Locale::Swiss),
            ("pt-BR", Locale::Continental),
            ("pt-PT", Locale::Spaced),
            ("FR", Locale::Spaced),
            ("zh-Hant-TW", Locale::YearFirst),
            ("tlh, nl;q=0.2", Locale::Continental),
            ("en-US;q=0.3, fr;q=0.700", Locale::Spaced),
            ("de;q=0, en-US;q=0.001", Locale::American),
            ("de;q=2, fr;q=x, it;q=0.12345", Locale::International),
            (";;;,,,q=1", Locale::International),
        ] {
            assert_eq!(Locale::accepted(header), locale, "{header}");
        }
    }

    #[test]
    fn each_writes_numbers_and_dates_its_way() {
        let day = Day {
            year: 2026,
            month: 3,
            day: 2,
        };
        let written: Vec<String> = Locale::EVERY
            .into_iter()
            .map(|locale| {
                let parts = [
                    locale.date(day),
                    locale.long_date(day),
                    locale.day_and_month(day),
                    locale.separator().to_string(),
                ];
                parts.join("|")
            })
            .collect();
        assert_eq!(
            written,
            [
                "2 Mar 2026|2 March 2026|2 Mar|,",
                "Mar 2, 2026|March 2, 2026|Mar 2|,",
                "2 Mar 2026|2 March 2026|2 Mar|.",
                "2 Mar 2026|2 March 2026|2 Mar|\u{202f}",
                "2 Mar 2026|2 March 2026|2 Mar|’",
                "2026-03-02|2026-03-02|03-02|,",
            ]
        );
        for locale in Locale::EVERY {
            assert_eq!(Locale::parse(locale.as_str()), Some(locale));
        }
    }

    #[test]
    fn conventions_hold_for_one_page() {
        let inside = Locale::Swiss.during(Locale::current);
        assert_eq!(inside, Locale::Swiss);
        assert_eq!(Locale::current(), Locale::International);
        let failed = std::panic::catch_unwind(|| Locale::Swiss.during(|| panic!("in a page")));
        assert!(failed.is_err());
        assert_eq!(Locale::current(), Locale::International);
    }
}
