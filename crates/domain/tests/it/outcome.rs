//! How waves and executions end: the table of the contract, told as stories.

use domain::Kind;
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::outcome::{judge_wave, need_is_met};
use domain::execution::{Execution, ServerState, Status, WaveOutcome};
use domain::recovery_plan::Need;

use crate::fake_drs::Fate;
use crate::world::{World, cancel, parse_need, resume, skip, word};

/// What happens to the servers 1 to 3 of the first wave.
#[derive(Debug, Clone, Copy)]
enum Story {
    AllLaunch,
    OneFails,
    AllFail,
    OneTimesOut,
}

fn run(policy: &str, need: &str, story: Story) -> World {
    let plan = format!("db 1-3 | need {need} | {policy} | limit 30\napp 4");
    let mut world = World::drill(&plan);
    let fates = match story {
        Story::AllLaunch => [Fate::Launches; 3],
        Story::OneFails => [Fate::Launches, Fate::Launches, Fate::Fails],
        Story::AllFail => [Fate::Fails; 3],
        Story::OneTimesOut => [Fate::Launches, Fate::Launches, Fate::Sticks],
    };
    for (number, fate) in (1..).zip(fates) {
        world.drs.fate(number, fate);
    }
    world.run_until(|execution| execution.has_ended() || !open_holds(execution).is_empty());
    world
}

/// The outcome for each need: all, two, half.
fn check(policy: &str, story: Story, expected: [&str; 3]) {
    for (need, expected) in ["all", "2", "50%"].into_iter().zip(expected) {
        let world = run(policy, need, story);
        assert_eq!(world.summary(), expected, "{policy} {need} {story:?}");
    }
}

#[test]
fn when_all_launch_no_policy_matters() {
    for policy in ["stop", "pause", "continue"] {
        check(
            policy,
            Story::AllLaunch,
            ["COMPLETED: COMPLETED COMPLETED"; 3],
        );
    }
}

#[test]
fn when_one_fails_its_policy_counts_only_where_too_few_are_left() {
    let met = "PARTIAL: PARTIAL COMPLETED";
    check(
        "stop",
        Story::OneFails,
        ["FAILED: FAILED CANCELLED", met, met],
    );
    check(
        "pause",
        Story::OneFails,
        ["PAUSED: FAILED PENDING", met, met],
    );
    check(
        "continue",
        Story::OneFails,
        ["PARTIAL: FAILED COMPLETED", met, met],
    );
}

#[test]
fn when_all_fail_no_need_is_met() {
    check("stop", Story::AllFail, ["FAILED: FAILED CANCELLED"; 3]);
    check("pause", Story::AllFail, ["PAUSED: FAILED PENDING"; 3]);
    check("continue", Story::AllFail, ["PARTIAL: FAILED COMPLETED"; 3]);
}

#[test]
fn when_the_limit_comes_first_the_wave_is_timed_out_and_its_policy_counts_where_needed() {
    let met = "PARTIAL: TIMED_OUT COMPLETED";
    check(
        "stop",
        Story::OneTimesOut,
        ["TIMED_OUT: TIMED_OUT CANCELLED", met, met],
    );
    check(
        "pause",
        Story::OneTimesOut,
        ["RUNNING: TIMED_OUT PENDING", met, met],
    );
    check("continue", Story::OneTimesOut, [met; 3]);
}

#[test]
fn a_wave_without_a_policy_stops_a_drill_and_holds_a_recovery() {
    let summary = |kind: Kind| {
        let mut world = World::of(crate::world::execution(kind, "db 1\napp 2"));
        world.drs.fate(1, Fate::Fails);
        world.run_until(|execution| execution.has_ended() || !open_holds(execution).is_empty());
        world.summary()
    };
    assert_eq!(summary(Kind::Drill), "FAILED: FAILED CANCELLED");
    assert_eq!(summary(Kind::Recovery), "PAUSED: FAILED PENDING");
}

/// Two branches: `a` fails while `b` is being launched, and `c` comes after `b`.
fn branches(policy: &str) -> World {
    let plan = format!("a 1 | after nothing | {policy}\nb 2 | after nothing\nc 3 | after b");
    let mut world = World::drill(&plan);
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_until(|execution| execution.waves[0].end().is_some());
    world
}

#[test]
fn a_stop_follows_the_branch_that_launches_and_starts_nothing_more() {
    let mut world = branches("stop");
    assert_eq!(world.summary(), "STOPPING: FAILED LAUNCHING CANCELLED");
    world.run_for(300);
    assert_eq!(world.status(), Status::Stopping);
    world.drs.fate(2, Fate::Launches);
    world.run_to_end();
    assert_eq!(world.summary(), "FAILED: FAILED COMPLETED CANCELLED");
    assert_eq!(world.state(3), ServerState::Cancelled);
    assert_eq!(world.drs.launches_of(3), 0);
    let ending = world.execution.head.ending.as_ref().unwrap();
    assert!(
        ending.reason.contains("wave `a` failed"),
        "{}",
        ending.reason
    );
}

#[test]
fn a_pause_in_one_branch_lets_the_other_go_on() {
    let mut world = branches("pause");
    assert_eq!(world.summary(), "RUNNING: FAILED LAUNCHING PENDING");
    let hold = open_holds(&world.execution)[0].id.clone();
    world.drs.fate(2, Fate::Launches);
    world.run_to_status(Status::Paused);
    assert_eq!(world.summary(), "PAUSED: FAILED COMPLETED COMPLETED");
    world
        .command(resume(&[&hold], Some("it is not needed")))
        .unwrap();
    assert_eq!(world.summary(), "PARTIAL: FAILED COMPLETED COMPLETED");
}

#[test]
fn a_failure_with_continue_in_one_branch_leaves_the_other_alone() {
    let mut world = branches("continue");
    world.drs.fate(2, Fate::Launches);
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: FAILED COMPLETED COMPLETED");
}

#[test]
fn a_cancel_that_came_before_the_failure_wins() {
    let mut world = World::drill("db 1-2 | stop\napp 3");
    world.drs.fate(2, Fate::Fails);
    world.run_to_launch_of(1);
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.summary(), "CANCELLING: LAUNCHING CANCELLED");
    world.run_to_end();
    assert_eq!(world.summary(), "CANCELLED: FAILED CANCELLED");
}

#[test]
fn a_failure_that_came_before_the_cancel_wins() {
    let mut world = branches("stop");
    world.command(cancel(&[2])).unwrap();
    assert_eq!(world.summary(), "FAILED: FAILED FAILED CANCELLED");
}

#[test]
fn an_execution_with_a_skipped_wave_is_partial_at_best() {
    let mut world = World::drill("db 1\napp 2");
    world.command(skip("app")).unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: COMPLETED SKIPPED");
}

#[test]
fn a_wave_that_was_skipped_keeps_the_execution_partial_though_its_servers_come_up_late() {
    let mut world = World::drill("db 1 | pause | limit 30\napp 2 | gate");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_hold();
    world.command(skip("db")).unwrap();
    world.drs.fate(1, Fate::Launches);
    let gate = world.run_to_hold();
    world.run_for(60);
    assert_eq!(world.state(1), ServerState::Launched);
    world.command(resume(&[&gate.id], None)).unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: SKIPPED COMPLETED");
}

#[test]
fn when_nothing_launched_at_all_it_failed_whatever_the_policies() {
    let mut world = World::drill("db 1 | continue\napp 2 | continue");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Fails);
    world.run_to_end();
    assert_eq!(world.summary(), "FAILED: FAILED FAILED");
    let mut world = World::drill("db 1\napp 2");
    world.command(skip("db")).unwrap();
    world.command(skip("app")).unwrap();
    assert_eq!(world.summary(), "FAILED: SKIPPED SKIPPED");
}

#[test]
fn every_ending_has_a_time_and_a_reason() {
    for story in [
        Story::AllLaunch,
        Story::OneFails,
        Story::AllFail,
        Story::OneTimesOut,
    ] {
        let world = run("stop", "all", story);
        let ending = world.execution.head.ending.clone().unwrap();
        assert_eq!(ending.at, world.now);
        assert!(ending.reason.contains("launched"), "{}", ending.reason);
        assert_eq!(word(ending.outcome), word(world.status()));
    }
}

fn check_wave(need: &str, states: &[(ServerState, usize)], expected: WaveOutcome) {
    let states: Vec<ServerState> = states
        .iter()
        .flat_map(|&(state, count)| std::iter::repeat_n(state, count))
        .collect();
    assert_eq!(
        judge_wave(parse_need(need), &states),
        expected,
        "{need} {states:?}"
    );
}

#[test]
fn a_wave_is_judged_by_its_servers_alone() {
    use ServerState::{Cancelled, Failed, Launched, Skipped, Terminated, Unknown};
    check_wave("all", &[(Launched, 4)], WaveOutcome::Completed);
    check_wave("all", &[(Launched, 3), (Failed, 1)], WaveOutcome::Failed);
    check_wave("all", &[(Launched, 3), (Unknown, 1)], WaveOutcome::Failed);
    check_wave(
        "all",
        &[(Launched, 3), (Terminated, 1)],
        WaveOutcome::Failed,
    );
    check_wave("75%", &[(Launched, 3), (Unknown, 1)], WaveOutcome::Partial);
    check_wave("75%", &[(Launched, 2), (Failed, 2)], WaveOutcome::Failed);
    check_wave("1", &[(Launched, 1), (Cancelled, 3)], WaveOutcome::Partial);
    check_wave("2", &[(Launched, 1), (Cancelled, 3)], WaveOutcome::Failed);
    check_wave("1", &[(Cancelled, 4)], WaveOutcome::Cancelled);
    check_wave("1", &[(Cancelled, 3), (Skipped, 1)], WaveOutcome::Failed);
    assert!(need_is_met(parse_need("50%"), 1, 2));
    assert!(!need_is_met(parse_need("51%"), 1, 2));
}

#[test]
fn a_diamond_runs_its_branches_at_the_same_time_and_joins_them() {
    let mut world = World::drill("a 1\nb 2 | after a\nc 3 | after a\nd 4 | after b c");
    let both = |execution: &Execution| {
        let in_flight = |wave: usize| execution.waves[wave].is_in_flight();
        in_flight(1) && in_flight(2)
    };
    world.run_until(both);
    assert_eq!(
        world.summary(),
        "RUNNING: COMPLETED LAUNCHING LAUNCHING PENDING"
    );
    world.run_to_end();
    assert_eq!(
        world.summary(),
        "COMPLETED: COMPLETED COMPLETED COMPLETED COMPLETED"
    );
    let (b, c, d) = (&world.drs.jobs[1], &world.drs.jobs[2], &world.drs.jobs[3]);
    assert_eq!(b.at, c.at);
    assert!(d.at.duration_since(c.at).as_secs() >= 70);
}

#[test]
fn more_than_all_servers_of_a_wave_are_never_needed() {
    let two = Need::Count { count: 2 };
    assert!(need_is_met(two, 1, 1));
    assert!(!need_is_met(two, 0, 1));
    assert_eq!(
        judge_wave(two, &[ServerState::Launched]),
        WaveOutcome::Completed
    );
    assert_eq!(judge_wave(two, &[ServerState::Failed]), WaveOutcome::Failed);
}

#[test]
fn a_wave_that_was_stopped_before_it_began_says_who_stopped_it() {
    let mut world = World::drill("a 1 | stop\nb 2 | after nothing | gate");
    world.drs.fate(1, Fate::Fails);
    world.run_to_end();
    let end = world.execution.waves[1].end().unwrap();
    assert_eq!(end.outcome, WaveOutcome::Cancelled);
    let reason = end.reason.as_deref().unwrap();
    assert!(reason.contains("wave `a` stopped"), "{reason}");
}
