//! Texts that outlive the window they were read from.

use export_core::text::Text;

/// The same text, borrowing nothing.
pub(crate) fn own(text: Text<'_>) -> Text<'static> {
    text.into_string().into()
}

/// The same texts, borrowing nothing.
pub(crate) fn own_all(texts: Vec<Text<'_>>) -> Vec<Text<'static>> {
    texts.into_iter().map(own).collect()
}

/// The text, if there is any.
pub(crate) fn some(text: Text<'_>) -> Option<Text<'static>> {
    (!text.is_empty()).then(|| own(text))
}

/// The texts behind one another, with commas between.
pub(crate) fn joined(texts: &[Text<'_>]) -> Text<'static> {
    texts.iter().map(Text::as_str).collect::<Vec<_>>().join(", ").into()
}
