//! The command lines that two programs read: xtask, so that a mistake is told before anything is
//! built, and the program that xtask hands over to.

pub mod deploy;
pub mod local;
