//! What is not known about DRS: each switch both ways, and what the two profiles make of it.

use crate::support::{
    ACCOUNT, REGION, advance, drill, events_of, instance_ids, instances, job, launch, log,
    recovery, start, statuses, terminate, until_completed, world,
};
use drs_simulator::wire::job::{InitiatedBy, JobStatus, LaunchStatus};
use drs_simulator::{Caller, ErrorName, Reply, World};
use serde_json::json;

/// What each way of a switch must show. The profiles come first, then the switch set against each.
fn both_ways(switch: &str, observed: bool, strict: bool, shows: impl Fn(&str) -> bool) {
    assert_eq!(shows("profile: observed\n"), observed, "{switch}: observed");
    assert_eq!(
        shows("profile: strict-model\n"),
        strict,
        "{switch}: strict-model"
    );
    for profile in ["observed", "strict-model"] {
        for on in [true, false] {
            let text = format!("profile: {profile}\nswitches: {{ {switch}: {on} }}\n");
            assert_eq!(shows(&text), on, "{switch}: {on} with {profile}");
        }
    }
}

#[test]
fn the_log_says_launch_end_or_not() {
    both_ways("launch_end_event", true, false, |text| {
        let mut world = world(text);
        let id = launch(&mut world, &drill([1])).job_id;
        events_of(&mut world, &id, 1).contains(&"LAUNCH_END")
    });
}

/// A launched instance of `web-01` and its ended terminate job.
fn terminated(world: &mut World) -> (String, String) {
    let launched = launch(world, &drill([1]));
    let id = terminate(world, &instance_ids(&launched)).unwrap();
    assert!(world.advance_until(&until_completed(&id)));
    (launched.job_id, id)
}

#[test]
fn a_completed_terminate_job_is_empty_or_keeps_its_list() {
    both_ways("empty_terminate_jobs", true, false, |text| {
        let mut world = world(text);
        let (_, id) = terminated(&mut world);
        statuses(&job(&mut world, &id).unwrap()).is_empty()
    });
}

#[test]
fn an_old_entry_reads_terminated_or_launched() {
    both_ways("old_entries_read_terminated", true, false, |text| {
        let mut world = world(text);
        let (id, _) = terminated(&mut world);
        statuses(&job(&mut world, &id).unwrap()) == [LaunchStatus::Terminated]
    });
}

#[test]
fn an_error_outside_the_model_is_answered_or_becomes_a_conflict() {
    both_ways("unmodelled_errors", true, false, |text| {
        let error = start(&mut world(text), &drill([999])).unwrap_err();
        assert!([ErrorName::ResourceNotFound, ErrorName::Conflict].contains(&error.name));
        error.name == ErrorName::ResourceNotFound
    });
}

#[test]
fn a_relaunch_destroys_the_instance_of_a_recovery_or_spares_it() {
    both_ways("relaunch_destroys_recoveries", true, true, |text| {
        let mut world = world(text);
        launch(&mut world, &recovery([1]));
        launch(&mut world, &drill([1]));
        instances(&mut world).len() == 1
    });
}

#[test]
fn the_code_of_an_error_is_its_name_or_misleads() {
    both_ways("misleading_code", false, false, |text| {
        let caller = Caller::new(ACCOUNT, REGION);
        let request = json!({ "sourceServerID": "s-fffffffffffffffff" });
        let Reply::Answered(answer) = world(text).call(&caller, "GetLaunchConfiguration", &request)
        else {
            panic!("no answer")
        };
        answer.body.unwrap()["code"] != "ResourceNotFoundException"
    });
}

#[test]
fn a_job_completes_before_or_after_the_actions_of_its_launches() {
    both_ways("completed_waits_for_actions", false, true, |text| {
        let rule = "{ when: { phase: launch }, do: { launch_actions: [ { name: check, status: SUCCEEDED, after: PT1H } ] } }";
        let mut world = world(&format!("{text}rules: [ {rule} ]\n"));
        let id = start(&mut world, &drill([1])).unwrap();
        advance(&mut world, 1800);
        let job = job(&mut world, &id).unwrap();
        assert_eq!(statuses(&job), [LaunchStatus::Launched]);
        job.status != Some(JobStatus::Completed)
    });
}

#[test]
fn a_denied_registration_leaves_an_ec2_instance_or_none() {
    both_ways("orphan_after_denied_registration", true, false, |text| {
        let rule = "{ when: { deny: [\"drs:CreateRecoveryInstanceForDrs\"] } }";
        let mut world = world(&format!("{text}rules: [ {rule} ]\n"));
        launch(&mut world, &drill([1]));
        assert!(instances(&mut world).is_empty());
        let state = world.state();
        let machines = &state["accounts"][ACCOUNT][REGION]["ec2Instances"];
        machines.as_array().unwrap().len() == 1
    });
}

#[test]
fn a_drill_says_that_it_is_one_or_looks_like_a_recovery() {
    both_ways("drills_say_start_drill", true, true, |text| {
        let mut world = world(text);
        let id = start(&mut world, &drill([1])).unwrap();
        job(&mut world, &id).unwrap().initiated_by == Some(InitiatedBy::StartDrill)
    });
}

#[test]
fn terminate_jobs_count_against_the_quota_or_not() {
    both_ways("terminate_jobs_count", true, true, |text| {
        let mut world = world(&format!("{text}limits: {{ concurrent_jobs: 1 }}\n"));
        let launched = launch(&mut world, &drill([1]));
        terminate(&mut world, &instance_ids(&launched)).unwrap();
        start(&mut world, &drill([2])).is_err()
    });
}

#[test]
fn the_newest_item_of_a_log_is_its_first_or_its_last() {
    both_ways("newest_log_first", false, false, |text| {
        let mut world = world(text);
        let id = launch(&mut world, &drill([1])).job_id;
        log(&mut world, &id)[0].event.unwrap().as_str() == "JOB_END"
    });
}

#[test]
fn a_clean_up_is_in_the_log_or_not() {
    both_ways("cleanup_events", true, true, |text| {
        let mut world = world(text);
        launch(&mut world, &drill([1]));
        let id = launch(&mut world, &drill([1])).job_id;
        events_of(&mut world, &id, 1).contains(&"CLEANUP_START")
    });
}
