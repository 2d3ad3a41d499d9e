//! A list whose items are turned into JSON one by one.

use serde::{Serialize, Serializer};

/// `items`, each as what `of` makes of it; nothing is collected.
pub(crate) struct Each<'r, T, J> {
    items: &'r [T],
    of: fn(&'r T) -> J,
}

impl<'r, T, J> Each<'r, T, J> {
    pub(crate) fn new(items: &'r [T], of: fn(&'r T) -> J) -> Self {
        Self { items, of }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T, J: Serialize> Serialize for Each<'_, T, J> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(self.of))
    }
}
