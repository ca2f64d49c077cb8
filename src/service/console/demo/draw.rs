//! Deterministic choices: the same number gives the same client in every demo.

/// A number below a limit, the same for the same seed and use.
pub(super) fn pick(seed: u64, used_for: u64, limit: i64) -> i64 {
    let limit = limit.max(1).unsigned_abs();
    i64::try_from(mixed(seed ^ mixed(used_for)) % limit).unwrap_or(0)
}

/// A position in a list, the same for the same seed and use.
pub(super) fn position(seed: u64, used_for: u64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    usize::try_from(pick(seed, used_for, length)).unwrap_or(0)
}

/// A sort key that gives texts a varied order.
pub(super) fn varied(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(mixed(seed), |key, byte| mixed(key ^ u64::from(byte)))
}

/// `SplitMix64`: similar inputs give unrelated outputs.
pub(super) fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
