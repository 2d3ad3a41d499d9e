use super::*;

fn broken(text: &str, width: usize) -> Vec<String> {
    limited(text, width, usize::MAX).0
}

fn limited(text: &str, width: usize, limit: usize) -> (Vec<String>, bool) {
    let clusters: Vec<Cluster> =
        text.char_indices().map(|(at, first)| Cluster { at: at as u32, width: 1.0, first }).collect();
    let mut out = Vec::new();
    lines(&clusters, text.len() as u32, width as f32, limit, &mut out);
    let cut = out.last().is_some_and(|line| line.cut);
    (out.iter().map(|line| text[line.start as usize..line.end as usize].to_owned()).collect(), cut)
}

#[test]
fn lines_end_at_spaces_and_keep_them() {
    assert_eq!(broken("the quick brown fox", 10), ["the quick ", "brown fox"]);
    assert_eq!(broken("", 10), [""]);
    assert_eq!(broken("exactly-10 x", 10), ["exactly-10 ", "x"]);
}

#[test]
fn paths_break_behind_separators() {
    let path = "registry.example.com/team/application@sha256";
    assert_eq!(broken(path, 22), ["registry.example.com/", "team/application@", "sha256"]);
    assert_eq!(broken(&format!("see {path}"), 26), ["see registry.example.com/", "team/application@sha256"]);
}

#[test]
fn short_words_stay_whole_if_they_can() {
    assert_eq!(broken("on 2026-11-23", 11), ["on ", "2026-11-23"]);
    assert_eq!(broken("2026-11-23", 6), ["2026-", "11-23"]);
    assert_eq!(broken("libcrypto:4.17.0", 12), ["libcrypto:", "4.17.0"]);
}

#[test]
fn what_has_no_separator_breaks_anywhere() {
    assert_eq!(broken("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(broken("x abcdefghij", 4), ["x ", "abcd", "efgh", "ij"]);
    assert_eq!(broken("wide", 0), ["w", "i", "d", "e"], "a line holds at least one character");
}

#[test]
fn ideographs_break_between_each_other_but_not_before_a_full_stop() {
    assert_eq!(broken("日本語文。字", 4), ["日本語", "文。字"]);
}

#[test]
fn a_limit_tells_that_lines_are_dropped() {
    assert_eq!(limited("one two three", 4, 2), (vec!["one ".into(), "two ".into()], true));
    assert_eq!(limited("one two", 4, 2), (vec!["one ".into(), "two".into()], false));
    assert_eq!(limited("abcdefghij", 4, 1), (vec!["abcd".into()], true));
}
