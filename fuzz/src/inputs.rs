//! Every parser of the library, one at a time: `EXPORT_FUZZ_FORMAT` says which, `recognise` for all of them by content.
//!
//! A panic, more than 512 MiB of memory or 10 seconds for one input end the run (scripts/fuzz.sh).

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

static FORMAT: OnceLock<String> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let format = FORMAT.get_or_init(|| std::env::var("EXPORT_FUZZ_FORMAT").expect("EXPORT_FUZZ_FORMAT"));
    if format == "recognise" {
        let _ = export_source_library::inspect_bytes(data); // either is fine; a panic is not
        return;
    }
    let read = export_source_library::read_as(format, data).expect("a format that there is");
    if let Some(refused) = read.refused {
        assert!(refused.place.is_some(), "refused without a place: {}", refused.message);
    }
});
