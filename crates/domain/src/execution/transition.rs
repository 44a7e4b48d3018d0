//! How an execution goes on: the one function that decides, and what each event does.

mod clean_up;
mod command;
mod decide;
mod drill_expiry;
mod holds;
mod launch;
mod launch_refusal;
mod locks;
mod look;
mod named;
mod notifications;
mod observe;
mod progress;
mod queue;
mod reconcile;
mod retry;
mod take_over;
mod unsaved;
mod working;

pub use decide::decide;
