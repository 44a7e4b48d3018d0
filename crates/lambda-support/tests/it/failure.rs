//! The names of errors, as the state machine has them.

use std::collections::BTreeSet;
use std::path::Path;

use engine::EngineError;
use engine::ports::{DrsError, DrsErrorClass, StoreError};
use lambda_runtime::Diagnostic;
use lambda_support::{Failure, FailureKind};
use serde_json::Value;

#[test]
fn every_error_of_ours_that_the_state_machine_names_is_one_that_a_function_can_yield() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cfn/state-machine.asl.json");
    let text = std::fs::read_to_string(path).unwrap();
    let mut named = BTreeSet::new();
    collect(&serde_json::from_str(&text).unwrap(), &mut named);
    let ours: BTreeSet<String> = named
        .into_iter()
        .filter(|name| !name.contains('.'))
        .collect();
    let ours_known: BTreeSet<String> = FailureKind::ALL.map(|kind| kind.name().to_owned()).into();
    assert!(
        ours.is_subset(&ours_known),
        "{ours:?} beside {ours_known:?}"
    );
    assert!(ours.contains(FailureKind::Retryable.name()), "{ours:?}");
}

fn collect(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == "ErrorEquals" {
                    let errors = member.as_array().into_iter().flatten();
                    named.extend(
                        errors.map(|name| name.as_str().expect("a name is text").to_owned()),
                    );
                }
                collect(member, named);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_world_in_the_way_is_retryable_and_a_bug_is_not() {
    let kind = |error: EngineError| Failure::from(error).kind;
    let drs = |class| {
        EngineError::from(DrsError {
            class,
            text: "no".into(),
            resource: None,
        })
    };
    assert_eq!(
        kind(StoreError::Unavailable("busy".to_owned()).into()),
        FailureKind::Retryable
    );
    assert_eq!(kind(StoreError::Stale.into()), FailureKind::Retryable);
    assert_eq!(
        kind(StoreError::Corrupt("no schema".to_owned()).into()),
        FailureKind::Fatal
    );
    assert_eq!(kind(drs(DrsErrorClass::Transient)), FailureKind::Retryable);
    assert_eq!(kind(drs(DrsErrorClass::Denied)), FailureKind::Fatal);
    assert_eq!(
        kind(EngineError::not_found("execution", "x")),
        FailureKind::Fatal
    );
}

#[test]
fn the_kind_becomes_the_name_of_the_error() {
    let diagnostic = Diagnostic::from(Failure::fatal("the event is not one of ours"));
    assert_eq!(diagnostic.error_type, "Fatal");
    assert_eq!(diagnostic.error_message, "the event is not one of ours");
}
