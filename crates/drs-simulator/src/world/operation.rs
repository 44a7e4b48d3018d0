//! What each operation checks and does.

mod reading;
mod writing;
