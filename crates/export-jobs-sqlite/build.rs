//! Compiles again when a migration is added, which the macro that reads them cannot notice.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
