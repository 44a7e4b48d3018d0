//! How an execution goes on: the one function that decides, and what each event does.

mod clean_up;
mod command;
mod decide;
mod drill_expiry;
mod holds;
mod job_progress;
mod launch;
mod launch_refusal;
mod launch_selection;
mod locks;
mod notifications;
mod progress;
mod queue;
mod reconcile;
mod retry;
mod save_refused;
mod take_over;
mod unknown_names;
mod working;

pub use decide::decide;
