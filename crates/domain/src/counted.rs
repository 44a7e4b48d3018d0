//! A number with its noun, as a sentence needs it.

use std::fmt::Display;

/// `1 server`, `2 servers`: the number, and the noun for one or for any other number. What goes
/// with the noun, such as a verb, can stand behind it.
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    many: &str,
) -> String {
    let noun = if count == N::from(1) { one } else { many };
    format!("{count} {noun}")
}
