//! Log lines as JSON, in the level that `LOG_LEVEL` names.

use tracing_subscriber::EnvFilter;

/// Starts logging. The level is ours alone: below `warn`, the libraries that carry requests
/// write headers and addresses, signed ones among them.
pub(crate) fn start() {
    let filter = EnvFilter::new(format!("warn,frontend_builder={}", level()));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .init();
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one setting of this function, read once, here"
)]
fn level() -> String {
    let named = std::env::var("LOG_LEVEL").unwrap_or_default();
    let known = ["trace", "debug", "info", "warn", "error"];
    let level = named.to_ascii_lowercase();
    if known.contains(&level.as_str()) {
        level
    } else {
        "info".to_owned()
    }
}
