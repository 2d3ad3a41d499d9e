//! Render one scan without server or database.

fn main() {}
