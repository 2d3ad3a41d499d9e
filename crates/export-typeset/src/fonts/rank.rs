//! In which order faces are asked for a character that the text face lacks.

use super::sfnt::Entry;

/// What the text around a character says about the face it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Want {
    /// Nothing special: Han in its simplified Chinese shapes.
    Any,
    /// Japanese stands beside it.
    Japanese,
    /// Korean stands beside it.
    Korean,
    /// A picture, in colour.
    Emoji,
}

/// The place of a face in the order, or `None` if it never serves as a fallback: bold and italic faces
/// would stand out, and a system's last resort has a box for everything.
pub(crate) fn rank(entry: &Entry, want: Want) -> Option<u8> {
    let family = entry.family.as_str();
    let regular = (350..=450).contains(&entry.weight) || entry.variable;
    if entry.italic || !regular || family.contains("Last") && family.contains("Resort") {
        return None;
    }
    Some(match family {
        "Noto Color Emoji" => {
            if want == Want::Emoji {
                0
            } else {
                60
            }
        }
        "Inter" | "Noto Sans" => 1,
        "Noto Sans CJK JP" if want == Want::Japanese => 2,
        "Noto Sans CJK KR" if want == Want::Korean => 2,
        "Noto Sans CJK SC" => 20,
        "Noto Sans Symbols" | "Noto Sans Symbols2" | "Noto Sans Symbols 2" | "Noto Sans Math" => 30,
        name if name.starts_with("Noto Sans CJK") => 22,
        name if name.starts_with("Noto Sans Mono") => 40,
        // The variants for user interfaces are squeezed to fit their lines.
        name if name.starts_with("Noto ") && name.ends_with(" UI") => 45,
        name if name.starts_with("Noto Sans") => 10,
        name if name.starts_with("Noto Serif CJK") => 55,
        name if name.starts_with("Noto") => 35,
        "DejaVu Sans" | "Liberation Sans" => 50,
        _ => 70,
    })
}
