//! What readers of formats share: texts, findings to start from, scores, and a word about what was read leniently.

mod blank;
mod code;
mod cvss;
mod doubts;
mod empty;
mod given;
mod ids;
pub(crate) mod rated;
mod sink;
mod texts;
mod weakness;

pub(crate) use export_core::scan::repository;

pub(crate) use self::blank::{blank, file_path};
pub(crate) use self::code::{line_place, location, place_id};
pub(crate) use self::cvss::{DIFFERS, GivenScore, rating};
pub(crate) use self::doubts::Doubts;
pub(crate) use self::empty::tell_empty;
pub(crate) use self::given::{GivenLine, GivenShare, GivenTime};
pub(crate) use self::ids::Ids;
pub(crate) use self::sink::Sink;
pub(crate) use self::texts::{joined, own, own_all, some};
pub(crate) use self::weakness::{aliases_of, cwe, cwes, is_vulnerability};
