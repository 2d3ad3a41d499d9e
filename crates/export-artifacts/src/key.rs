//! Which keys are safe, on a file system and in a bucket alike.

use export_core::error::{ErrorKind, PortError};
use object_store::path::Path;

/// The folder that unfinished files lie in. No key is in it, so nothing in it is ever read, headed or listed.
pub(crate) const STAGING: &str = ".staging";

/// S3's limit for a key, in bytes.
const MAX_KEY: usize = 1024;
/// The limit of common file systems for a name, in bytes.
const MAX_SEGMENT: usize = 255;

/// The path of `key`, if it is a safe relative path.
///
/// Percent signs mean nothing here: `%2e%2e` is a name of six characters and never decoded.
///
/// # Errors
/// `Invalid`, with the reason.
pub(crate) fn parse(operation: &'static str, key: &str) -> Result<Path, PortError> {
    let refuse = |reason: &str| {
        let message = format!("the key is not a safe relative path: {reason}");
        PortError::new(ErrorKind::Invalid, operation, message).at(key.escape_debug().to_string())
    };
    check(key).map_err(refuse)?;
    Path::parse(key).map_err(|error| refuse("it is not a path").because(error))
}

/// The path of `prefix`; the empty prefix is the whole store.
///
/// # Errors
/// `Invalid`, with the reason.
pub(crate) fn parse_prefix(operation: &'static str, prefix: &str) -> Result<Path, PortError> {
    if prefix.is_empty() { Ok(Path::ROOT) } else { parse(operation, prefix) }
}

/// Whether `path` lies in the staging folder.
pub(crate) fn is_staged(path: &Path) -> bool {
    path.parts().next().is_some_and(|first| first.as_ref() == STAGING)
}

fn check(key: &str) -> Result<(), &'static str> {
    if key.len() > MAX_KEY {
        return Err("it has more than 1,024 bytes");
    }
    if key.contains(is_unsafe) {
        return Err("it holds a control character, a direction mark, `\\` or `#`");
    }
    for (index, segment) in key.split('/').enumerate() {
        match segment {
            "" => return Err("it has an empty segment"),
            "." | ".." => return Err("it has a segment `.` or `..`"),
            STAGING if index == 0 => return Err("the folder is the store's own"),
            _ if segment.len() > MAX_SEGMENT => return Err("a segment has more than 255 bytes"),
            _ => {}
        }
    }
    Ok(())
}

/// `\` separates folders elsewhere, and `object_store` hides local files that end in `#` and digits.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\\' | '#' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_keys_are_refused() {
        let long_segment = "a".repeat(256);
        let long_key = vec!["a".repeat(204); 6].join("/");
        assert_eq!(long_key.len(), 1229);
        for key in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/./b",
            "a/../b",
            "../../etc/passwd",
            "..\\x",
            "C:\\x",
            "a\0b",
            "a\nb",
            "a\u{7f}",
            "a\u{202e}gpj.exe",
            "a#1",
            ".staging",
            ".staging/x",
            &long_segment,
            &long_key,
        ] {
            let error = parse("test", key).expect_err(key);
            assert_eq!(error.kind, ErrorKind::Invalid, "{key:?}");
        }
    }

    #[test]
    fn safe_keys_keep_every_byte() {
        let longest = format!("{}/{}/c", vec!["b".repeat(255); 3].join("/"), "b".repeat(254));
        assert_eq!(longest.len(), MAX_KEY);
        for key in [
            "a",
            "exports/acme/2026/11/exp-1/report.pdf",
            "%2e%2e/%2F",
            "a b",
            "é/日本",
            "a..b/...",
            ".a",
            &longest,
        ] {
            assert_eq!(parse("test", key).unwrap().as_ref(), key);
        }
        assert_eq!(parse_prefix("test", "").unwrap(), Path::ROOT);
    }
}
