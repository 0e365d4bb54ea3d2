//! Project tasks: `cargo xtask ci`, `test`, `tidy`, `rulebook`, `sim`.
fn main() {}
