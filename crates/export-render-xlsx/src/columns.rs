//! How each column of a data sheet looks.

use export_render_kit::columns::{Column, ColumnKind};
use rust_xlsxwriter::{Format, FormatAlign};

use crate::look;

/// The column whose addresses become links.
const LINKED: &str = "primary_url";
/// The column that has colours.
const COLOURED: &str = "severity";
/// What the filter's arrow takes of a head, in characters.
const ARROW: u16 = 4;

/// The look of one column.
pub(crate) struct Look {
    /// Characters of the standard font.
    pub(crate) width: u16,
    /// What cells have that have no format of their own.
    pub(crate) format: Format,
    /// The same for texts that a spreadsheet would act on when somebody edits the cell.
    pub(crate) quoted: Format,
    /// Whether addresses become links.
    pub(crate) linked: bool,
    /// Whether the words of severities have their colours.
    pub(crate) coloured: bool,
}

impl Look {
    /// The look of `column`. A column that is not known here gets what fits its kind.
    pub(crate) fn of<A>(column: &Column<A>) -> Self {
        let format = format(column);
        Self {
            width: width(column),
            quoted: format.clone().set_quote_prefix(),
            format,
            linked: column.name == LINKED,
            coloured: column.name == COLOURED,
        }
    }
}

fn format<A>(column: &Column<A>) -> Format {
    match (column.kind, column.name) {
        (ColumnKind::Date, _) => Format::new().set_num_format(look::DATE).set_align(FormatAlign::Left),
        (ColumnKind::Number, "cvss_score") => number(look::SCORE),
        (ColumnKind::Number, "epss" | "epss_percentile") => number(look::PROBABILITY),
        (ColumnKind::Number, name) if name.ends_with("_change") => number(look::CHANGE),
        (ColumnKind::Number, _) => number(look::COUNT),
        // Rows are one line high: wrapped, a long text ends at its column instead of running over the screen.
        (ColumnKind::Text, "description") => Format::new().set_text_wrap().set_align(FormatAlign::Top),
        (ColumnKind::Text | ColumnKind::Flag, _) => Format::new(),
    }
}

/// On the right, a little apart from the texts of the next column.
fn number(format: &str) -> Format {
    Format::new().set_num_format(format).set_align(FormatAlign::Right).set_indent(1)
}

fn width<A>(column: &Column<A>) -> u16 {
    let values = match column.name {
        "severity" | "verdict" => 10,
        "change" => 29,
        "lines" => 14,
        "kev_added" | "kev_due" => 13,
        "kind" | "scan_id" | "previous_scan_id" | "tool" | "vulnerability" | "ecosystem" | "fix_state"
        | "vex_status" | "status" | "cwes" => 18,
        "rule_id" | "installed_version" | "fixed_version" | "upgrade_to" | "image_digest" | "waiver_by" => 22,
        "target" | "package" | "aliases" => 28,
        "id" => 33,
        "image" | "vex_justification" | "vex_detail" | "waiver_reason" | "suppressed_reason" => 38,
        "cvss_vector" | "policies" | "components" | "fixes" | "affected_images" | "ended_ids"
        | "remaining_ids" => 46,
        "title" | "path" | "purl" | "purls" | "primary_url" | "references" => 50,
        "description" => 90,
        _ => match column.kind {
            ColumnKind::Text => 20,
            ColumnKind::Date => 22,
            ColumnKind::Number | ColumnKind::Flag => 8,
        },
    };
    let head = u16::try_from(column.name.len()).expect("names of columns are short");
    values.max(head + ARROW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_render_kit::columns::{FINDINGS, IMAGES, SCANS, TREND, UPGRADES, VULNERABILITIES};

    #[test]
    fn heads_fit_with_their_arrows_and_special_columns_exist() {
        fn special<A>(columns: &[Column<A>]) -> [usize; 2] {
            let looks: Vec<Look> = columns.iter().map(Look::of).collect();
            for (column, look) in columns.iter().zip(&looks) {
                let shown = column.name.len() + usize::from(ARROW);
                assert!(usize::from(look.width) >= shown && look.width <= 255, "{}", column.name);
            }
            let count = |is: fn(&Look) -> bool| looks.iter().filter(|look| is(look)).count();
            [count(|it| it.linked), count(|it| it.coloured)]
        }
        assert_eq!([special(FINDINGS), special(VULNERABILITIES)], [[1, 1], [1, 1]]);
        assert_eq!([special(UPGRADES), special(SCANS)], [[0, 1], [0, 0]]);
        assert_eq!([special(IMAGES), special(TREND)], [[0, 0], [0, 0]]);
    }
}
