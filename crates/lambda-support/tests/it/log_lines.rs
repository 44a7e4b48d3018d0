//! What is logged, and what never is.

use std::io::Write;
use std::sync::{Arc, Mutex};

use lambda_support::telemetry::{level_named, subscriber};
use serde_json::Value;
use tracing::Level;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no test panics while it writes")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn read(&self) -> Vec<Value> {
        let bytes = self
            .0
            .lock()
            .expect("no test panics while it writes")
            .clone();
        let text = String::from_utf8(bytes).expect("JSON is UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
            .collect()
    }
}

fn logged(level: Level, write: impl FnOnce()) -> Vec<Value> {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = subscriber(level, move || writer.clone());
    tracing::subscriber::with_default(subscriber, write);
    lines.read()
}

#[test]
fn a_line_is_one_object_with_dotted_fields() {
    let lines = logged(Level::INFO, || {
        tracing::info!(target: "engine::advance", { execution.id = "e-1" }, "saved");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["execution.id"], "e-1");
    assert_eq!(lines[0]["message"], "saved");
    assert_eq!(lines[0]["level"], "INFO");
}

#[test]
fn libraries_are_heard_from_warn_upwards_whatever_the_level() {
    let lines = logged(Level::TRACE, || {
        tracing::debug!(target: "aws_smithy_runtime::client", "Authorization: secret");
        tracing::trace!(target: "hyper", "headers");
        tracing::warn!(target: "aws_config", "no region");
        tracing::debug!(target: "aws::dynamodb", "ours");
    });
    let messages: Vec<&Value> = lines.iter().map(|line| &line["message"]).collect();
    assert_eq!(messages, ["no region", "ours"]);
}

#[test]
fn below_the_level_nothing_of_ours_is_logged() {
    let lines = logged(Level::ERROR, || {
        tracing::info!(target: "engine", "quiet");
        tracing::warn!(target: "hyper", "quiet as well");
        tracing::error!(target: "engine", "heard");
    });
    assert_eq!(lines.len(), 1);
}

#[test]
fn an_unknown_level_is_info() {
    assert_eq!(level_named(None), Level::INFO);
    assert_eq!(level_named(Some("LOUD")), Level::INFO);
    assert_eq!(level_named(Some("debug")), Level::DEBUG);
    assert_eq!(level_named(Some("WARN")), Level::WARN);
}

#[test]
fn of_a_panic_the_place_is_logged_and_not_the_message() {
    lambda_support::panic::log_place_only();
    let lines = logged(Level::INFO, || {
        let outcome = std::panic::catch_unwind(|| panic!("a body with secrets"));
        assert!(outcome.is_err());
    });
    drop(std::panic::take_hook());
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0]["panic.place"]
            .as_str()
            .unwrap()
            .contains("log_lines.rs")
    );
    assert!(!lines[0].to_string().contains("secrets"));
}
