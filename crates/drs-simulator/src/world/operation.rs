//! What each operation checks and does.

mod elastic;
mod reading;
mod replicating;
mod templates;
mod writing;
