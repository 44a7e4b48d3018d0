//! Claims about the console's custom resource.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, and in what serves tests alone, a panic is the report"
)]

mod answering;
mod archives;
mod events;
mod fakes;
mod over_http;
mod panicking;
mod publishing;
mod withdrawing;
