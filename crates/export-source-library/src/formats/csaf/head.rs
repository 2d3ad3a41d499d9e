//! What a document says for all its vulnerabilities.

use export_core::error::PortError;
use export_core::text::Text;
use export_core::time::Timestamp;

use super::products::Products;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::own;

members! {
    struct Described<'a> {
        publisher: Publisher<'a> = "publisher",
        tracking: Tracking<'a> = "tracking",
    }
    struct Publisher<'a> {
        name: Text<'a> = "name",
    }
    struct Tracking<'a> {
        id: Text<'a> = "id",
        current: Option<Timestamp> = "current_release_date",
        initial: Option<Timestamp> = "initial_release_date",
    }
}

/// Who says it, when, and in which document.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) author: Text<'static>,
    pub(super) id: Text<'static>,
    pub(super) timestamp: Option<Timestamp>,
}

/// Reads `document` and `product_tree`, wherever they stand.
pub(super) fn read(input: Input) -> Result<(Head, Products), PortError> {
    let (mut head, mut products) = (Head::default(), Products::default());
    let mut reader = JsonReader::new(input);
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "document" => {
                let Described { publisher, tracking } =
                    reader.value::<Option<Described<'_>>>()?.unwrap_or_default();
                head = Head {
                    author: own(publisher.name),
                    id: own(tracking.id),
                    timestamp: tracking.current.or(tracking.initial),
                };
            }
            "product_tree" => products.read(&mut reader)?,
            _ => reader.skip()?,
        }
    }
    Ok((head, products))
}
