//! Log lines: one JSON object each, with dotted fields, on standard output.

use std::io;

use tracing::Level;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our crates, as their targets begin. The level of `LOG_LEVEL` is theirs alone: below `warn`,
/// the libraries that carry requests write headers and addresses.
const OURS: [&str; 8] = [
    "api_handler",
    "aws",
    "domain",
    "engine",
    "execution_finder",
    "execution_poller",
    "lambda_support",
    "orchestration",
];

/// Starts logging at the level that `LOG_LEVEL` names; `INFO` where it names none.
pub fn start(level: Option<&str>) {
    subscriber(level_named(level), io::stdout).init();
}

/// The same subscriber, writing elsewhere.
pub fn subscriber<W>(level: Level, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer)
        .with_filter(
            filter_fn(move |metadata| is_wanted(level, metadata))
                .with_max_level_hint(LevelFilter::from_level(level.max(Level::WARN))),
        );
    tracing_subscriber::registry().with(lines)
}

/// The level of this name; `INFO` where there is none of the name.
pub fn level_named(name: Option<&str>) -> Level {
    name.and_then(|name| name.trim().parse().ok())
        .unwrap_or(Level::INFO)
}

fn is_wanted(level: Level, metadata: &Metadata<'_>) -> bool {
    let beginning = metadata.target().split("::").next().unwrap_or_default();
    let limit = if OURS.contains(&beginning) {
        level
    } else {
        level.min(Level::WARN)
    };
    *metadata.level() <= limit
}
