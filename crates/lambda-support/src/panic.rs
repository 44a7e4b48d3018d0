//! What is logged of a panic: where it was, once. Its message may carry a request's content.

use std::panic::PanicHookInfo;

use tracing::error;

/// Replaces the hook that prints a panic, with its message, to standard error.
pub fn log_place_only() {
    std::panic::set_hook(Box::new(report));
}

fn report(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    error!(
        panic.place = place,
        "this function has a defect: it panicked"
    );
}
