//! Tables as CSV (RFC 4180) that a spreadsheet takes for texts, whoever wrote them.

/// Lines of a table.
#[derive(Clone, Debug, Default)]
pub struct CsvLines(String);

impl CsvLines {
    /// Adds a line.
    pub fn push<T: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = T>) {
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.push_field(field.as_ref());
        }
        self.0.push_str("\r\n");
    }

    /// The lines so far.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }

    fn push_field(&mut self, field: &str) {
        // Spreadsheets calculate a field that begins like this, and a formula can call programs or send data away (OWASP,
        // "CSV Injection"). With an apostrophe it is a text.
        let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let is_quoted = is_formula
            || field.contains(['"', ',', '\r', '\n'])
            || field.starts_with(' ')
            || field.ends_with(' ');
        if is_quoted {
            self.0.push('"');
        }
        if is_formula {
            self.0.push('\'');
        }
        if is_quoted {
            self.0.push_str(&field.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(field);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fields: &[&str]) -> String {
        let mut lines = CsvLines::default();
        lines.push(fields);
        lines.into_text()
    }

    #[test]
    fn plain_fields_stand_as_they_are() {
        assert_eq!(line(&["1", "Žofie", "", "a-b=c"]), "1,Žofie,,a-b=c\r\n");
        assert_eq!(line(&[]), "\r\n");
    }

    #[test]
    fn what_would_end_a_field_is_quoted() {
        assert_eq!(
            line(&["a,b", "say \"x\"", "two\nlines", " x", "x "]),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" x\",\"x \"\r\n"
        );
    }

    #[test]
    fn no_field_is_a_formula() {
        for (field, written) in [
            ("=1+1", "\"'=1+1\"\r\n"),
            ("+1", "\"'+1\"\r\n"),
            ("-1", "\"'-1\"\r\n"),
            ("@SUM(A1)", "\"'@SUM(A1)\"\r\n"),
            ("\t=1", "\"'\t=1\"\r\n"),
            ("\r=1", "\"'\r=1\"\r\n"),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n",
            ),
        ] {
            assert_eq!(line(&[field]), written);
        }
    }
}
