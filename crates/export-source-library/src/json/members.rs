//! Structs that are read from JSON objects as tools write them.

/// Declares structs that are read leniently from JSON objects: members come in any order, unknown ones are skipped, `null`
/// is the same as absent (Go writes empty lists so), and of a member that occurs twice the last one counts.
///
/// A member of the wrong type stays an error. Serde's derive can do neither of the last two without an attribute and a
/// function for each field.
macro_rules! members {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident<$life:lifetime> {
        $($fvis:vis $field:ident: $type:ty = $member:literal $(| $alias:literal)*,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Default)]
        $vis struct $name<$life> { $($fvis $field: $type,)* }

        impl<$life> serde::Deserialize<$life> for $name<$life> {
            fn deserialize<D: serde::Deserializer<$life>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<$life> serde::de::Visitor<$life> for Members {
                    type Value = $name<$life>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<$life>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut read = $name::default();
                        while let Some(member) = map.next_key::<export_core::text::Text<$life>>()? {
                            match member.as_str() {
                                $($member $(| $alias)* => {
                                    read.$field = map.next_value::<Option<$type>>()?.unwrap_or_default();
                                })*
                                _ => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(read)
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    )*};
}

pub(crate) use members;

#[cfg(test)]
mod tests {
    use export_core::text::Text;

    members! {
        /// A sample.
        struct Sample<'a> {
            name: Text<'a> = "Name" | "name",
            list: Vec<Text<'a>> = "List",
        }
    }

    #[test]
    fn reads_what_tools_write() {
        let json = r#"{"x":{"y":[1]},"List":null,"Name":"a","name":"b"}"#;
        let sample: Sample<'_> = serde_json::from_str(json).unwrap();
        assert_eq!((sample.name.as_str(), sample.list.len()), ("b", 0));
        for wrong in ["[]", r#"{"Name":1}"#, r#"{"List":{}}"#, "null", r#"{"x":}"#] {
            assert!(serde_json::from_str::<Sample<'_>>(wrong).is_err(), "{wrong}");
        }
    }
}
