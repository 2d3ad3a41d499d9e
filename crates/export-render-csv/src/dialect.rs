//! How cells become bytes (RFC 4180).
//!
//! The `csv` crate quotes a field by its look. Here the kind of the cell decides, so that `"1.10"` stays a text and no
//! delimiter inside a text can be taken for one, whatever a program assumes the delimiter to be.

use std::io::Write as _;

use export_core::code::Code;
use export_core::ports::RenderError;
use export_core::request::{CsvOptions, FormulaEscape};
use export_render_kit::cell::Cell;
use export_render_kit::columns::Column;
use export_render_kit::{scan, spreadsheet};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const END_OF_ROW: &[u8] = b"\r\n";

/// What a request says about the file.
pub(crate) struct Dialect {
    delimiter: u8,
    byte_order_mark: bool,
    escape_formulas: bool,
}

impl Dialect {
    /// The dialect of `options`.
    pub(crate) fn of(options: CsvOptions) -> Result<Self, RenderError> {
        let delimiter = match options.delimiter {
            ',' | ';' | '\t' | '|' => u8::try_from(options.delimiter).expect("all four are ASCII"),
            other => {
                let message = format!("{other:?} cannot stand between fields");
                return Err(RenderError::new(Code::InvalidRequest, message));
            }
        };
        let escape_formulas = match options.formula_escape {
            FormulaEscape::On => true,
            FormulaEscape::Off => false,
        };
        Ok(Self { delimiter, byte_order_mark: options.bom, escape_formulas })
    }

    /// What stands before the first row.
    pub(crate) fn begin(&self, out: &mut Vec<u8>) {
        if self.byte_order_mark {
            out.extend_from_slice(BYTE_ORDER_MARK);
        }
    }

    /// The first row: the columns' names.
    pub(crate) fn head<A>(&self, columns: &[Column<A>], out: &mut Vec<u8>) {
        self.row(columns.iter().map(|column| Cell::text(Some(column.name))), out);
    }

    /// One row.
    pub(crate) fn row<'r>(&self, cells: impl Iterator<Item = Cell<'r>>, out: &mut Vec<u8>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                out.push(self.delimiter);
            }
            self.cell(&cell, out);
        }
        out.extend_from_slice(END_OF_ROW);
    }

    /// The rest of a row whose first cell is written.
    pub(crate) fn rest<'r>(&self, cells: impl Iterator<Item = Cell<'r>>, out: &mut Vec<u8>) {
        out.push(self.delimiter);
        self.row(cells, out);
    }

    fn cell(&self, cell: &Cell<'_>, out: &mut Vec<u8>) {
        let written = match cell {
            Cell::Empty => Ok(()),
            Cell::Text(text) => {
                self.text(text, out);
                Ok(())
            }
            Cell::Number(number) => write!(out, "{number}"),
            Cell::Date(at) => write!(out, "{at}"),
            Cell::Flag(flag) => out.write_all(if *flag { b"true" } else { b"false" }),
        };
        written.expect("a Vec takes all that it is given");
    }

    /// A quoted text with its quotes doubled (RFC 4180, 2.7).
    fn text(&self, text: &str, out: &mut Vec<u8>) {
        out.push(b'"');
        if self.escape_formulas && spreadsheet::needs_escape(text) {
            out.push(b'\'');
        }
        scan::copy(text.as_bytes(), out, |byte| byte == b'"', |_, out| out.extend_from_slice(b"\"\""));
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_core::finding::{Probability, Score};
    use export_core::time::Timestamp;

    fn row(options: CsvOptions) -> String {
        let mut out = Vec::new();
        let dialect = Dialect::of(options).unwrap();
        dialect.begin(&mut out);
        let cells = [
            Cell::text(Some("=1+1")),
            Cell::text(Some("say \"no\", \"\"\n")),
            Cell::text(Some("")),
            Cell::Empty,
            Cell::number(Score::new(10.0)),
            Cell::number(Probability::new(0.00043)),
            Cell::Date(Timestamp::from_millis(1_795_442_700_000)),
            Cell::Flag(true),
        ];
        dialect.row(cells.into_iter(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_is_exactly_this() {
        let plain =
            "\"'=1+1\",\"say \"\"no\"\", \"\"\"\"\n\",\"\",,10.0,0.00043,2026-11-23T14:05:00Z,true\r\n";
        assert_eq!(row(CsvOptions::default()), plain);
        let options = CsvOptions { delimiter: ';', bom: true, formula_escape: FormulaEscape::Off };
        let other = "\u{feff}\"=1+1\";\"say \"\"no\"\", \"\"\"\"\n\";\"\";;10.0;0.00043;2026-11-23T14:05:00Z;true\r\n";
        assert_eq!(row(options), other);
    }

    #[test]
    fn no_other_delimiter_is_taken() {
        for delimiter in ['"', '\n', 'a', '\'', '§'] {
            let options = CsvOptions { delimiter, ..CsvOptions::default() };
            assert_eq!(Dialect::of(options).map(drop).unwrap_err().code, Code::InvalidRequest);
        }
    }
}
