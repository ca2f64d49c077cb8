//! Writing CSV (RFC 4180) that a spreadsheet shows as it is written.
//!
//! Spreadsheets run a cell that begins like a formula, and what people name things may begin like one. So such a cell gets
//! an apostrophe in front, which spreadsheets take as "this is text" (OWASP, CSV Injection). Who reads the file by a
//! program removes one apostrophe from a cell that has one of [`FORMULA_STARTS`] after it.

/// What a cell begins with that spreadsheets may take for a formula.
pub const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Appends a line with these cells.
pub fn push_line<'a>(to: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (position, cell) in cells.into_iter().enumerate() {
        if position > 0 {
            to.push(',');
        }
        push_cell(to, cell);
    }
    to.push_str("\r\n");
}

fn push_cell(to: &mut String, cell: &str) {
    let is_quoted = cell.contains([',', '"', '\r', '\n']);
    if is_quoted {
        to.push('"');
    }
    if cell.starts_with(FORMULA_STARTS) {
        to.push('\'');
    }
    let mut parts = cell.split('"');
    to.push_str(parts.next().unwrap_or_default());
    for part in parts {
        to.push_str("\"\"");
        to.push_str(part);
    }
    if is_quoted {
        to.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::push_line;

    fn line(cells: &[&str]) -> String {
        let mut text = String::new();
        push_line(&mut text, cells.iter().copied());
        text
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        for (cells, written) in [
            (&["a", "", "b c"][..], "a,,b c\r\n"),
            (&["a,b", "say \"yes\""], "\"a,b\",\"say \"\"yes\"\"\"\r\n"),
            (&["one\ntwo", "a\rb"], "\"one\ntwo\",\"a\rb\"\r\n"),
            (&["\"", "é"], "\"\"\"\",é\r\n"),
        ] {
            assert_eq!(line(cells), written);
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("=1+1", "'=1+1\r\n"),
            ("+1", "'+1\r\n"),
            ("-id", "'-id\r\n"),
            ("@SUM(A1)", "'@SUM(A1)\r\n"),
            ("\t=1", "'\t=1\r\n"),
            ("\r=1", "\"'\r=1\"\r\n"),
            ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n"),
            ("1-1", "1-1\r\n"),
            (" =1", " =1\r\n"),
        ] {
            assert_eq!(line(&[cell]), written, "{cell:?}");
        }
    }
}
