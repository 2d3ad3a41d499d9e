//! The CSV renderer: RFC 4180, safe to open in a spreadsheet.
