//! How long this process takes to answer programs, as percentiles of the last hour.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::view::AnswerTime;

/// After so many measurements in ten minutes, only one of [`EVERY`] answers is measured: more would cost time and tell nothing
/// new.
const ENOUGH: u32 = 1_000;
const EVERY: u32 = 16;

/// An hour in parts: the oldest is forgotten as a whole.
const PARTS: usize = 6;
const PART: Duration = Duration::from_mins(10);

/// Four for each doubling of the time, up to over an hour.
const BUCKETS: usize = 128;

thread_local! {
    static ANSWERS: Cell<u32> = const { Cell::new(0) };
}

/// The times of the last hour.
#[derive(Debug)]
pub(in crate::service) struct AnswerTimes {
    /// Measurements of the present ten minutes.
    measured: AtomicU32,
    begun: Instant,
    parts: Mutex<[Part; PARTS]>,
}

/// An answer that is measured.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    began: Instant,
    /// How many answers it stands for.
    weight: u32,
}

/// A histogram of ten minutes.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Which ten minutes, counted from the start.
    number: u64,
    counts: [u32; BUCKETS],
}

impl AnswerTimes {
    pub(in crate::service) fn new() -> Self {
        let empty = Part {
            number: 0,
            counts: [0; BUCKETS],
        };
        Self {
            measured: AtomicU32::new(0),
            begun: Instant::now(),
            parts: Mutex::new([empty; PARTS]),
        }
    }

    /// Begins to measure the answer that is begun, where it is to be measured.
    pub(in crate::service) fn begin(&self) -> Option<Measurement> {
        let answers = ANSWERS.get().wrapping_add(1);
        ANSWERS.set(answers);
        let weight = match self.measured.load(Ordering::Relaxed) {
            0..ENOUGH => 1,
            _ if answers.is_multiple_of(EVERY) => EVERY,
            _ => return None,
        };
        Some(Measurement {
            began: Instant::now(),
            weight,
        })
    }

    /// Counts an answer that [`begin`](Self::begin) began to measure.
    pub(in crate::service) fn end(&self, measurement: Measurement) {
        let now = Instant::now();
        let Measurement { began, weight } = measurement;
        self.count(now - began, weight, self.part_at(now));
    }

    /// The times of the last hour; none when no answer was measured.
    pub(in crate::service) fn summary(&self) -> Option<AnswerTime> {
        self.summary_at(self.part_at(Instant::now()))
    }

    fn part_at(&self, now: Instant) -> u64 {
        (now - self.begun).as_secs() / PART.as_secs()
    }

    fn count(&self, time: Duration, weight: u32, number: u64) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let part = &mut parts[place(number)];
        if part.number != number {
            *part = Part {
                number,
                counts: [0; BUCKETS],
            };
            self.measured.store(0, Ordering::Relaxed);
        }
        let count = &mut part.counts[bucket(time)];
        *count = count.saturating_add(weight);
        self.measured.fetch_add(1, Ordering::Relaxed);
    }

    fn summary_at(&self, number: u64) -> Option<AnswerTime> {
        let parts = *self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have counted into later minutes since this number was asked for.
        let recent = parts
            .iter()
            .filter(|part| number.saturating_sub(part.number) < PARTS as u64);
        let mut counts = [0_u64; BUCKETS];
        for part in recent {
            for (sum, count) in counts.iter_mut().zip(part.counts) {
                *sum += u64::from(count);
            }
        }
        let total: u64 = counts.iter().sum();
        let percentile = |percent: u64| {
            let mut below = 0;
            let found = counts.iter().position(|count| {
                below += count;
                below * 100 >= total * percent
            });
            end_of(found.unwrap_or_default())
        };
        (total > 0).then(|| AnswerTime {
            p50: percentile(50),
            p99: percentile(99),
        })
    }
}

fn place(number: u64) -> usize {
    usize::try_from(number % PARTS as u64).expect("it is a place in an array")
}

/// The bucket of a time. Below four microseconds each microsecond has one.
fn bucket(time: Duration) -> usize {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    if micros < 4 {
        return usize::try_from(micros).expect("it is less than four");
    }
    let exponent = micros.ilog2();
    let quarter = (micros >> (exponent - 2)) & 3;
    let bucket = u64::from(exponent - 1) * 4 + quarter;
    usize::try_from(bucket).map_or(BUCKETS - 1, |bucket| bucket.min(BUCKETS - 1))
}

/// Where a bucket ends.
fn end_of(bucket: usize) -> Duration {
    let next = bucket as u64 + 1;
    let micros = match next {
        0..4 => next,
        _ => (4 + next % 4) << (next / 4 - 1),
    };
    Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    #[test]
    fn a_time_is_below_the_end_of_its_bucket_and_not_far() {
        for exact in (0..200).chain((200..5_000_000).step_by(997)) {
            let end = end_of(bucket(micros(exact)));
            assert!(micros(exact) < end, "{exact}");
            assert!(end <= micros(exact * 5 / 4 + 1), "{exact}: {end:?}");
        }
        assert_eq!(bucket(Duration::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_those_of_the_last_hour() {
        let times = AnswerTimes::new();
        assert_eq!(times.summary_at(0), None);
        for _ in 0..98 {
            times.count(micros(15), 1, 0);
        }
        for _ in 0..2 {
            times.count(micros(1_000), 1, 1);
        }
        let both = AnswerTime {
            p50: micros(16),
            p99: micros(1_024),
        };
        assert_eq!(times.summary_at(1), Some(both));
        assert_eq!(times.summary_at(5), Some(both));
        let slow = AnswerTime {
            p50: micros(1_024),
            p99: micros(1_024),
        };
        assert_eq!(times.summary_at(6), Some(slow));
        assert_eq!(times.summary_at(7), None);
        times.count(micros(15), 1, 6);
        assert_eq!(times.summary_at(7).map(|time| time.p99), Some(micros(16)));
    }

    #[test]
    fn what_is_counted_in_the_next_minutes_is_no_fault() {
        let times = AnswerTimes::new();
        times.count(micros(15), 1, 6);
        assert_eq!(times.summary_at(5).map(|time| time.p50), Some(micros(16)));
    }

    #[test]
    fn each_answer_is_measured_at_first_and_few_later_for_the_others() {
        let times = AnswerTimes::new();
        for _ in 0..ENOUGH {
            let measurement = times.begin().unwrap();
            assert_eq!(measurement.weight, 1);
            times.count(micros(1_000), measurement.weight, 0);
        }
        let measured: Vec<Measurement> = (0..160_000).filter_map(|_| times.begin()).collect();
        assert_eq!(measured.len(), 10_000);
        for measurement in measured {
            times.count(micros(15), measurement.weight, 0);
        }
        // The thousand slow ones are less than a hundredth of all.
        assert_eq!(times.summary_at(0).map(|time| time.p99), Some(micros(16)));
        times.count(micros(15), 1, 1);
        assert_eq!(times.begin().unwrap().weight, 1, "in the next ten minutes");
    }
}
