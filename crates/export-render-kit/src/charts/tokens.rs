//! The design tokens: every colour and type size of our reports, in one place.
//!
//! Charts read them here, and `export-templates` writes them into its style sheet, so that a bar and the
//! word beside it can't disagree.

/// Text, and the dark label on light marks.
pub const INK: &str = "#1F2937";
/// Text that explains, and axis labels.
pub const QUIET: &str = "#6B7280";
/// Rules between rows, and the empty part of a bar.
pub const RULE: &str = "#E5E7EB";
/// The ground of a page, and the light label on dark marks.
pub const PAPER: &str = "#FFFFFF";
/// The ground of commands to copy, a shade off the paper.
pub const GROUND: &str = "#F9FAFB";
/// What is good, and links, where the tenant has no colour of its own.
pub const ACCENT: &str = "#0F766E";

/// Critical severity.
pub const CRITICAL: &str = "#7A0C1E";
/// High severity.
pub const HIGH: &str = "#C2410C";
/// Medium severity; the one light fill, with ink on it.
pub const MEDIUM: &str = "#F2B705";
/// Low severity.
pub const LOW: &str = "#2563EB";
/// No severity known.
pub const UNKNOWN: &str = "#6B7280";

/// Running text, in points.
pub const BODY_PT: f32 = 9.5;
/// Tables and labels of charts, in points.
pub const TABLE_PT: f32 = 8.0;
/// Small print: headers, footers, notes under numbers, in points.
pub const SMALL_PT: f32 = 7.0;
/// Heads of the first, second and third level, in points.
pub const HEAD_PT: [f32; 3] = [20.0, 13.0, 10.5];

/// Text faces, from the first that is installed.
pub const TEXT_FACES: &str = "Inter, 'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans Arabic', 'Noto Sans Hebrew', \
     'Noto Sans Devanagari', 'Noto Sans Thai', 'Noto Color Emoji', 'Liberation Sans', sans-serif";
/// Faces of ids, paths and digests.
pub const MONO_FACES: &str = "'Noto Sans Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/// Width of the text on a page, in CSS pixels: A4 less 16 mm on both sides. Charts count in these, so
/// that a point in a chart is a point on paper.
pub const PAGE_WIDTH: f32 = 672.0;
