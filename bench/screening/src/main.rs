//! Measures how fast the screening is.

fn main() {}
