//! Drawing without a generator: the same number is the same client, whoever fills the database.

/// A number below a limit, the same for the same seed and use: what is filled should vary, not surprise.
pub(super) fn pick(seed: u64, used_for: u64, limit: i64) -> i64 {
    let limit = limit.max(1).unsigned_abs();
    i64::try_from(mixed(seed ^ mixed(used_for)) % limit).unwrap_or(0)
}

/// The same for a place in a list.
pub(super) fn place(seed: u64, used_for: u64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    usize::try_from(pick(seed, used_for, length)).unwrap_or(0)
}

/// A key to put texts in an order that varies.
pub(super) fn varied(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(mixed(seed), |key, byte| mixed(key ^ u64::from(byte)))
}

/// `SplitMix64`: near numbers come out far apart.
pub(super) fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
