//! Headers before that of an entry: POSIX's pax, and GNU's long names.

use crate::paths;
use crate::refusal::Refusal;

/// The most such a header may have; the longest path that is taken has 4 KiB.
pub(super) const LONGEST: u64 = 64 << 10;

/// What changes nothing that is read here.
const HARMLESS: [&[u8]; 8] = [b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname", b"comment"];

/// What such a header says of the entry behind it.
pub(super) struct Name {
    pub(super) path: Option<String>,
}

/// Records of `length key=value\n`, each key once. A size that overrides that of the entry is among those that are refused:
/// readers have been led past files by it (CVE-2025-62518).
pub(super) fn pax(mut records: &[u8]) -> Result<Name, Refusal> {
    let (mut path, mut seen) = (None, Vec::new());
    while !records.is_empty() {
        let (key, value, rest) =
            record(records).ok_or_else(|| Refusal::ambiguous("a pax header is not well formed"))?;
        let told = String::from_utf8_lossy(key);
        if seen.contains(&key) {
            return Err(Refusal::ambiguous(format!("a pax header says {told:?} twice")));
        }
        if key == b"path" {
            path = Some(paths::text(value.to_vec())?);
        } else if !HARMLESS.contains(&key) {
            return Err(Refusal::ambiguous(format!(
                "a pax header says {told:?}, which not all readers know"
            )));
        }
        seen.push(key);
        records = rest;
    }
    Ok(Name { path })
}

/// Key, value and the records behind.
fn record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let digits = records.iter().position(|byte| *byte == b' ')?;
    let number = str::from_utf8(records.get(..digits)?).ok()?;
    if number.starts_with('0') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (record, rest) = records.split_at_checked(number.parse().ok()?)?;
    let record = record.get(digits + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some((record.get(..equals)?, record.get(equals + 1..)?, rest))
}

/// The path, and the NUL at its end.
pub(super) fn gnu(mut path: Vec<u8>) -> Result<Name, Refusal> {
    if path.pop() != Some(0) {
        return Err(Refusal::ambiguous("a long name has no end"));
    }
    Ok(Name { path: Some(paths::text(path)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_count_themselves() {
        let path = |records: &[u8]| pax(records).map(|name| name.path);
        assert_eq!(path(b""), Ok(None));
        assert_eq!(path(b"12 path=a/b\n"), Ok(Some("a/b".to_owned())));
        assert_eq!(path(b"20 mtime=1700000000\n10 path==\n"), Ok(Some("=".to_owned())));
        for wrong in [
            b"11 path=a/b\n".as_slice(),
            b"13 path=a/b\n",
            b"012 path=a/b\n",
            b"+12 path=a/b\n",
            b"12 path=a/b",
            b"12 path a/b\n",
            b"999999999999999999999 path=a/b\n",
            b"0 path=a/b\n",
            b"2 \n",
            b" ",
            b"12",
            b"10 path=a\n10 path=b\n",
            b"10 size=1\n",
            b"16 linkpath=a/b\n",
            b"23 GNU.sparse.major=1\n\n",
            b"10 path=\xff\n",
            b"12 path=a/b\n\0",
        ] {
            assert!(path(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn a_long_name_ends_with_nul() {
        assert_eq!(gnu(b"a/b\0".to_vec()).map(|name| name.path), Ok(Some("a/b".to_owned())));
        assert!(gnu(b"a/b".to_vec()).is_err() && gnu(vec![]).is_err());
    }
}
