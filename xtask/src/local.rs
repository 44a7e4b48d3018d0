//! `cargo xtask local`: builds what runs, then hands over to the local stack's own program.

use anyhow::{Result, bail};

/// Hands the command line to the local stack.
pub fn run(_arguments: &[String]) -> Result<()> {
    bail!("the local stack is not a part of this tree")
}
