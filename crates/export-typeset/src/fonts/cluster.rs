//! Which characters belong to the one before them, and which are not seen.

use unicode_properties::{EmojiStatus, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};

/// Characters that change how others are drawn, without a glyph of their own.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{AD}' | '\u{61C}' | '\u{34F}' | '\u{180B}'..='\u{180F}'
        | '\u{E0001}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Marks, joiners, selectors and skin tones are drawn with what they follow.
pub(crate) fn extends(character: char) -> bool {
    if character.is_ascii() {
        return false;
    }
    is_invisible(character)
        || matches!(character, '\u{1F3FB}'..='\u{1F3FF}')
        || character.general_category_group() == GeneralCategoryGroup::Mark
}

/// Characters that are pictures unless something says otherwise.
pub(crate) fn is_picture(character: char) -> bool {
    character as u32 > 0x2000
        && matches!(
            character.emoji_status(),
            EmojiStatus::EmojiPresentation
                | EmojiStatus::EmojiPresentationAndModifierBase
                | EmojiStatus::EmojiPresentationAndEmojiComponent
                | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
        )
}

/// Han, kana and hangul syllables: a line may end between any two.
pub(crate) fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{2FFF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{30FF}'
        | '\u{3100}'..='\u{312F}' | '\u{3190}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}')
}

/// Full stops and closing brackets that must not begin a line, nor follow a break.
pub(crate) fn closes(character: char) -> bool {
    matches!(
        character,
        '、' | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '！'
            | '？'
            | '」'
            | '』'
            | '】'
            | '）'
            | '〉'
            | '》'
            | '］'
            | '｝'
            | 'ー'
            | '々'
            | 'ゝ'
            | 'っ'
            | 'ッ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
    )
}

/// Opening brackets that must not end a line.
pub(crate) fn opens(character: char) -> bool {
    matches!(character, '「' | '『' | '【' | '（' | '〈' | '《' | '［' | '｛')
}
