//! Bugs planted in the simulator: the conformance test that is named for each fails with it, and
//! passes without.

use drs_simulator::Defect;
use std::cell::Cell;
use std::panic::catch_unwind;

thread_local! {
    static PLANTED: Cell<Option<Defect>> = const { Cell::new(None) };
}

/// The bug that worlds of this thread are made with.
pub(crate) fn planted() -> Option<Defect> {
    PLANTED.get()
}

const FOUND_BY: [(Defect, &str, fn()); Defect::ALL.len()] = [
    (
        Defect::NoServerLock,
        "start_recovery::a_server_in_a_running_job_refuses_the_whole_request_without_being_named",
        crate::start_recovery::a_server_in_a_running_job_refuses_the_whole_request_without_being_named,
    ),
    (
        Defect::PartialAcceptance,
        "start_recovery::an_unknown_server_refuses_the_whole_request",
        crate::start_recovery::an_unknown_server_refuses_the_whole_request,
    ),
    (
        Defect::QuotaOffByOne,
        "limits::at_most_twenty_jobs_are_in_progress_and_ended_ones_do_not_count",
        crate::limits::at_most_twenty_jobs_are_in_progress_and_ended_ones_do_not_count,
    ),
    (
        Defect::RelaunchSparesInstance,
        "instances::a_relaunch_destroys_the_earlier_instance",
        crate::instances::a_relaunch_destroys_the_earlier_instance,
    ),
    (
        Defect::TerminateListKept,
        "terminate::a_terminate_job_ends_the_instances_and_empties_its_list",
        crate::terminate::a_terminate_job_ends_the_instances_and_empties_its_list,
    ),
    (
        Defect::Unpaged,
        "listing::a_page_is_never_longer_than_the_scenario_allows",
        crate::listing::a_page_is_never_longer_than_the_scenario_allows,
    ),
    (
        Defect::JobVisibleAtOnce,
        "consistency::a_new_job_is_invisible_for_its_time_while_its_servers_are_locked",
        crate::consistency::a_new_job_is_invisible_for_its_time_while_its_servers_are_locked,
    ),
    (
        Defect::IsDrillIgnored,
        "start_recovery::drills_and_recoveries_differ_in_who_initiated_them",
        crate::start_recovery::drills_and_recoveries_differ_in_who_initiated_them,
    ),
    (
        Defect::CompletedOnlyWhenAllLaunched,
        "job_life::a_job_completes_even_when_its_servers_fail",
        crate::job_life::a_job_completes_even_when_its_servers_fail,
    ),
    (
        Defect::TerminateFreesLockEarly,
        "terminate::a_running_terminate_job_locks_its_servers",
        crate::terminate::a_running_terminate_job_locks_its_servers,
    ),
];

#[test]
fn every_bug_that_can_be_planted_has_a_test_that_finds_it() {
    for defect in Defect::ALL {
        let tests = FOUND_BY.iter().filter(|(one, ..)| *one == defect).count();
        assert_eq!(tests, 1, "{defect:?}");
    }
}

#[test]
fn each_planted_bug_fails_its_test_which_passes_without_it() {
    for (defect, name, test) in FOUND_BY {
        PLANTED.set(None);
        assert!(catch_unwind(test).is_ok(), "{name} fails without a bug");
        PLANTED.set(Some(defect));
        let found = catch_unwind(test).is_err();
        PLANTED.set(None);
        assert!(found, "{name} does not find {defect:?}");
    }
}
