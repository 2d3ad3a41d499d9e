//! What readers of formats share: texts, findings to start from, scores, and a word about what was read leniently.

mod blank;
mod cvss;
mod doubts;
mod empty;
mod texts;

pub(crate) use self::blank::{blank, file_path, repository};
pub(crate) use self::cvss::{DIFFERS, GivenScore, rating};
pub(crate) use self::doubts::Doubts;
pub(crate) use self::empty::tell_empty;
pub(crate) use self::texts::{own, own_all, some};
