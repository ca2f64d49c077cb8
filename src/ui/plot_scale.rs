//! The scale of a chart.

/// How many lines are above the lowest one.
pub(crate) const LINES: i64 = 4;

/// The distance of two lines: 1, 2, 2.5 or 5 times a power of ten, so that the highest bar is not above the highest line.
pub(crate) fn step(highest: i64) -> i64 {
    let least = (highest + LINES - 1) / LINES;
    let mut power = 1;
    loop {
        for tenths in [10, 20, 25, 50] {
            let step = power * tenths / 10;
            // 2.5 is no number of requests.
            if step >= least && power * tenths % 10 == 0 {
                return step;
            }
        }
        power *= 10;
    }
}

/// A number on the scale, such as "750", "1.5k" or "20M".
pub(crate) fn short(number: i64) -> String {
    let (unit, letter) = match number {
        1_000_000.. => (1_000_000, "M"),
        1_000.. => (1_000, "k"),
        _ => return number.to_string(),
    };
    // Lines are a multiple of a quarter of a power of ten, so two places are exact.
    let (whole, hundredths) = (number / unit, number % unit * 100 / unit);
    let places = format!(".{hundredths:02}");
    let places = places.trim_end_matches('0').trim_end_matches('.');
    format!("{whole}{places}{letter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_round_numbers() {
        let scale = |highest| {
            let step = step(highest);
            [short(step), short(LINES * step)]
        };
        for (highest, lines) in [
            (0, ["1", "4"]),
            (3, ["1", "4"]),
            (5, ["2", "8"]),
            (9, ["5", "20"]),
            (88, ["25", "100"]),
            (400, ["100", "400"]),
            (401, ["200", "800"]),
            (17_262, ["5k", "20k"]),
            (5_000, ["2k", "8k"]),
            (9_999, ["2.5k", "10k"]),
            (7_000_000, ["2M", "8M"]),
        ] {
            assert_eq!(scale(highest), lines, "{highest}");
        }
        assert_eq!(short(1_250), "1.25k");
    }
}
