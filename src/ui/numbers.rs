//! Numbers in words: counts with separators, and durations.

use std::time::Duration;

use super::locale::Locale;
use crate::domain::count::Count;

/// A whole number with thousands separators.
#[must_use]
pub fn thousands(number: i64) -> String {
    let separator = Locale::current().separator();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A number of seconds in words, in the largest unit without remainder.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let (count, unit) = match seconds {
        _ if seconds % 86_400 == 0 => (seconds / 86_400, "day"),
        _ if seconds % 3_600 == 0 => (seconds / 3_600, "hour"),
        _ if seconds % 60 == 0 => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    let end = if count == 1 { "" } else { "s" };
    format!("{count}\u{a0}{unit}{end}")
}

/// How long an answer takes, such as "16 µs" or "3 ms".
#[must_use]
pub fn short_time(time: Duration) -> String {
    let (number, unit) = match time.as_micros() {
        micros @ 0..1_000 => (micros, "µs"),
        micros => (micros / 1_000, "ms"),
    };
    let number = thousands(i64::try_from(number).unwrap_or(i64::MAX));
    format!("{number}\u{a0}{unit}")
}

/// A number of rows, such as "47" or "500+".
#[must_use]
pub fn counted(count: Count) -> String {
    let more = if count.or_more { "+" } else { "" };
    thousands(count.number) + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_have_a_unit_of_their_size() {
        let words =
            [16, 999, 1_024, 1_310_720].map(|micros| short_time(Duration::from_micros(micros)));
        assert_eq!(
            words,
            ["16\u{a0}µs", "999\u{a0}µs", "1\u{a0}ms", "1,310\u{a0}ms"]
        );
    }

    #[test]
    fn numbers_carry_separators() {
        let words_of_numbers: Vec<String> = [0, 999, 1_000, 36_858, 1_234_567]
            .into_iter()
            .map(thousands)
            .collect();
        assert_eq!(
            words_of_numbers,
            ["0", "999", "1,000", "36,858", "1,234,567"]
        );
    }

    #[test]
    fn a_count_that_was_cut_off_says_so() {
        assert_eq!(counted(Count::exactly(1_000)), "1,000");
        assert_eq!(counted(Count::at_least(1_000)), "1,000+");
    }

    #[test]
    fn lifetimes_are_in_the_largest_even_unit() {
        let texts: Vec<String> = [7_200, 3_600, 5_400, 90, 86_400]
            .into_iter()
            .map(duration)
            .collect();
        assert_eq!(
            texts,
            [
                "2\u{a0}hours",
                "1\u{a0}hour",
                "90\u{a0}minutes",
                "90\u{a0}seconds",
                "1\u{a0}day"
            ]
        );
    }
}
