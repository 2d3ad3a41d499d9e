//! Scripts beyond Latin: shaped, and read back as they were written.

use export_typeset::Run;

use crate::support::{FONTS, document, squeezed, text};

fn comes_back(written: &str) {
    let pdf = document(|flow| flow.paragraph(&[Run::new(written)]));
    assert!(pdf.missing.is_empty(), "{written}: {:?}", pdf.missing);
    let read = text(&pdf.bytes);
    assert!(squeezed(&read).contains(&squeezed(written)), "{written:?} was read as {read:?}");
}

#[test]
fn latin_greek_and_cyrillic() {
    comes_back("Überlauf, Żółć, naïve, Việt Nam, Ελληνικά, Уязвимость, ≥ → €");
    comes_back("decomposed: e\u{301}, n\u{303}");
}

#[test]
fn arabic_is_joined_and_runs_backwards() {
    comes_back("ثغرة في معالجة الشهادات تسمح بتجاوز الحماية");
}

#[test]
fn hebrew_runs_backwards() {
    comes_back("פגיעות באימות אישורים מאפשרת עקיפה");
}

#[test]
fn devanagari_forms_conjuncts() {
    comes_back("प्रमाणपत्र सत्यापन में सेवा से इनकार की भेद्यता, क्षत्रिय");
}

#[test]
fn thai_tamil_georgian_and_ethiopic() {
    comes_back("ช่องโหว่ในการตรวจสอบใบรับรอง");
    comes_back("சான்றிதழ்");
    comes_back("მოწყვლადობა ተጋላጭነት");
}

#[test]
fn chinese_japanese_and_korean() {
    comes_back("证书验证中的拒绝服务漏洞。");
    comes_back("証明書の検証におけるメモリ枯渇の脆弱性。");
    comes_back("인증서 검증의 취약점");
}

#[test]
fn emoji_with_tones_joiners_and_flags() {
    comes_back("🔥✅⚠️👩‍💻🇩🇪1️⃣👍🏽");
}

#[test]
fn what_no_font_has_is_told_and_shown_as_a_sign() {
    // A letter of Old Hungarian's neighbour block that has no character: no font can have it.
    let unknown = '\u{10D7F}';
    assert_eq!(
        FONTS.missing(&format!("abc {unknown} 漢字 \u{202E}\u{200D}")).into_iter().collect::<String>(),
        unknown.to_string()
    );
    let pdf = document(|flow| flow.paragraph(&[Run::new(format!("a{unknown}b"))]));
    assert_eq!(pdf.missing.into_iter().collect::<Vec<_>>(), [unknown]);
    assert!(text(&pdf.bytes).contains("a\u{FFFD}b"));
}
