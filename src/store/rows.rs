//! Statements that write many rows at a time.

use std::sync::LazyLock;

/// How many rows a statement carries; what is left over takes the smaller sizes. A statement costs about as much as
/// twenty rows. With many more rows than these it costs more again, because SQLite finds the name of each parameter by
/// walking through the names of all.
const SIZES: [usize; 3] = [50, 5, 1];

/// The texts of a statement for each size.
pub(super) type Texts = LazyLock<[String; SIZES.len()]>;

/// The statement for each size. A column of `$` takes the next parameter of its row; one of `$1` takes the first one in
/// every row.
pub(super) fn texts<const N: usize>(
    head: &str,
    columns: [&str; N],
    tail: &str,
) -> [String; SIZES.len()] {
    SIZES.map(|size| {
        let mut next = if columns.contains(&"$1") { 2 } else { 1 };
        let mut column = |name: &&str| {
            if *name == "$1" {
                return "$1".to_owned();
            }
            next += 1;
            format!("${}", next - 1)
        };
        let mut row = |_| {
            format!(
                "({})",
                columns
                    .iter()
                    .map(&mut column)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        };
        let rows: Vec<String> = (0..size).map(&mut row).collect();
        format!("{head}{}{tail}", rows.join(", "))
    })
}

/// Cuts rows into as few statements as their sizes allow.
pub(super) fn statements<'a, R>(
    texts: &'static Texts,
    mut rows: &'a [R],
) -> impl Iterator<Item = (&'static str, &'a [R])> {
    std::iter::from_fn(move || {
        let place = SIZES.iter().position(|size| *size <= rows.len())?;
        let (now, later) = rows.split_at(SIZES[place]);
        rows = later;
        Some((texts[place].as_str(), now))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static NONE: Texts = LazyLock::new(|| texts("", ["$"], ""));

    #[test]
    fn rows_are_cut_into_few_statements() {
        let sizes = |count| -> Vec<usize> {
            let rows = vec![(); count];
            statements(&NONE, &rows)
                .map(|(_, rows)| rows.len())
                .collect()
        };
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(112), [50, 50, 5, 5, 1, 1]);
    }

    #[test]
    fn a_text_numbers_its_parameters() {
        let [_, _, one] = texts("head ", ["$1", "$", "$"], " tail");
        assert_eq!(one, "head ($1, $2, $3) tail");
        let [_, five, _] = texts("", ["$", "$"], "");
        assert_eq!(five, "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10)");
    }
}
