//! The plan for every state in which a deployment can find its environment.

use std::collections::BTreeMap;

use deployment::cloud::Listed;
use deployment::observation::{Observation, Stack};
use deployment::plan::{TablesLeft, plan};
use deployment::release::{Release, unbuilt};
use deployment::running_code::Served;
use tempfile::TempDir;

use crate::releases::{files, settings, whole};

/// A release whose files say their own names, except for those that `changed` names.
fn release(changed: &[&str]) -> Release {
    let folder = TempDir::new().unwrap();
    files(folder.path(), changed);
    Release::read(folder.path(), folder.path()).unwrap()
}

/// The world after the unchanged release has been deployed, with the stack in `status`.
fn deployed(status: &str) -> Observation {
    let release = release(&[]);
    Observation {
        bucket: Some(
            release
                .objects()
                .map(|object| (object.key.clone(), listed(object.size)))
                .collect(),
        ),
        stack: Some(Stack {
            status: status.to_owned(),
            template_sha256: release.master().sha256.clone(),
            parameters: settings().parameters(&release),
            outputs: BTreeMap::new(),
        }),
        ..Observation::default()
    }
}

fn listed(size: u64) -> Listed {
    Listed {
        size,
        tag: String::new(),
    }
}

/// The plan as text.
fn shown(changed: &[&str], observation: &Observation) -> String {
    plan(
        &release(changed),
        &settings(),
        observation,
        TablesLeft::Refuse,
    )
    .unwrap()
    .to_string()
}

#[test]
fn nothing_there() {
    insta::assert_snapshot!(shown(&[], &Observation::default()));
}

#[test]
fn nothing_changed() {
    insta::assert_snapshot!(shown(&[], &deployed("CREATE_COMPLETE")), @"stack drs-orchestration-test: nothing to do");
}

#[test]
fn one_artifact_changed() {
    insta::assert_snapshot!(shown(&["orchestration.zip"], &deployed("UPDATE_COMPLETE")));
}

#[test]
fn one_child_template_changed() {
    insta::assert_snapshot!(shown(&["api-stack.yaml"], &deployed("UPDATE_COMPLETE")));
}

#[test]
fn the_master_template_changed() {
    insta::assert_snapshot!(shown(
        &["master-template.yaml"],
        &deployed("UPDATE_COMPLETE")
    ));
}

#[test]
fn the_artifact_is_uploaded_although_the_stack_names_it() {
    let mut observation = deployed("CREATE_COMPLETE");
    observation
        .bucket
        .as_mut()
        .unwrap()
        .retain(|key, _| !key.contains("console"));
    insta::assert_snapshot!(shown(&[], &observation));
}

#[test]
fn an_update_that_was_rolled_back_is_tried_again() {
    insta::assert_snapshot!(shown(
        &["console.zip"],
        &deployed("UPDATE_ROLLBACK_COMPLETE")
    ));
}

#[test]
fn a_creation_that_failed_is_deleted_first() {
    for status in [
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "CREATE_FAILED",
        "DELETE_FAILED",
    ] {
        assert_eq!(
            shown(&[], &deployed(status)),
            format!(
                "stack drs-orchestration-test:\n  delete stack, which is {status}, then plan anew\n  \
                 create stack\n"
            )
        );
    }
}

#[test]
fn a_stack_in_review_is_created() {
    insta::assert_snapshot!(shown(&[], &deployed("REVIEW_IN_PROGRESS")));
}

#[test]
fn a_rollback_that_got_stuck_is_finished_first() {
    insta::assert_snapshot!(shown(&[], &deployed("UPDATE_ROLLBACK_FAILED")));
}

#[test]
fn a_stack_that_is_being_changed_is_waited_for() {
    for status in [
        "CREATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
    ] {
        assert_eq!(
            shown(&[], &deployed(status)),
            format!(
                "stack drs-orchestration-test:\n  wait for the operation that is {status}, then plan anew\n"
            )
        );
    }
}

#[test]
fn a_status_that_is_not_known_is_named() {
    let melted = deployed("MELTED");
    let refusal = plan(&release(&[]), &settings(), &melted, TablesLeft::Refuse).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the stack drs-orchestration-test is MELTED, which this version cannot repair: look at it in the console"
    );
}

#[test]
fn every_key_of_the_release_is_named_explicitly() {
    let parameters = settings().parameters(&release(&[]));
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn what_is_not_built_is_named_with_its_reason_and_the_stack_waits_for_it() {
    let folder = TempDir::new().unwrap();
    let before = whole(folder.path(), "c0ffee", &[]);
    let mut release = before.clone();
    let reason = "its sources, or how it was built, are not those of the one in the bucket";
    release.functions[1] = unbuilt("orchestration", "sources", reason);
    let mut observation = deployed("UPDATE_COMPLETE");
    let keys = before
        .objects()
        .map(|object| (object.key.clone(), listed(object.size)));
    observation.bucket = Some(keys.collect());
    insta::assert_snapshot!(plan(&release, &settings(), &observation, TablesLeft::Refuse).unwrap());
}

#[test]
fn a_plan_is_a_value_that_a_program_can_read() {
    let plan = plan(
        &release(&["orchestration.zip"]),
        &settings(),
        &deployed("UPDATE_COMPLETE"),
        TablesLeft::Refuse,
    );
    insta::assert_json_snapshot!(plan.unwrap());
}

#[test]
fn a_console_that_is_served_otherwise_is_published_again() {
    let mut observation = deployed("UPDATE_COMPLETE");
    observation.runs.console = Served::Otherwise;
    let text = shown(&[], &observation);
    assert!(text.contains("  publish artifacts/console-"), "{text}");
    // The update itself publishes another one.
    let text = shown(&["console.zip"], &observation);
    assert!(!text.contains("  publish "), "{text}");
}
