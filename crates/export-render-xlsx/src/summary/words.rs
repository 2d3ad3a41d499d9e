//! Words that agree with their numbers.

/// `1 finding`, `1,204 findings`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// `1,204`.
pub(super) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let head = digits.len() % 3;
    let (head, rest) = digits.split_at(head);
    let groups = rest.as_bytes().chunks(3).map(|group| std::str::from_utf8(group).expect("digits are ASCII"));
    let groups: Vec<&str> = Some(head).into_iter().filter(|head| !head.is_empty()).chain(groups).collect();
    groups.join(",")
}

/// `under_investigation`, then `Under investigation`.
pub(super) fn words(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut characters = spaced.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The first `most` of `items`, and how many more there are.
pub(super) fn listed<'i>(items: impl Iterator<Item = &'i str>, most: usize) -> String {
    let items: Vec<&str> = items.collect();
    let shown = items.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {} more", thousands(more as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_read_well() {
        assert_eq!([0, 12, 123, 1_234, 1_234_567].map(thousands), ["0", "12", "123", "1,234", "1,234,567"]);
        assert_eq!(counted(1, "scan", "scans"), "1 scan");
        assert_eq!(words("not_affected"), "Not affected");
        assert_eq!(listed(["a", "b", "c"].into_iter(), 2), "a, b and 1 more");
        assert_eq!(listed(["a", "b"].into_iter(), 2), "a, b");
    }
}
