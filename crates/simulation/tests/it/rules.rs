//! Rules of the engine, each with the shortest story in which they matter.

use domain::Kind;
use domain::execution::Status;
use domain::recovery_plan::Gating;
use domain::recovery_plan::draft::WaveDraft;
use jiff::{SignedDuration, Timestamp};
use simulation::run::Report;
use simulation::story::{Deed, Fault, FaultKind, Happening, Reasons, TableFaults};
use simulation::{Story, run, run_with_trace};

fn fault(kind: FaultKind, times: u32) -> Fault {
    Fault {
        kind,
        server: String::new(),
        times,
        seconds: 60,
    }
}

fn check(story: &Story, expected: &[Status]) -> Report {
    let report = run(story);
    assert_eq!(report.broken, [], "{story:#?}");
    assert_eq!(report.outcomes, expected, "{:?}", report.seen);
    report
}

#[test]
fn a_drill_is_launched_as_a_drill() {
    let report = check(&Story::plain(Kind::Drill, &[3]), &[Status::Completed]);
    assert_eq!(report.drill_flags, [Some(true)]);
}

#[test]
fn a_recovery_is_launched_as_a_recovery() {
    let report = check(&Story::plain(Kind::Recovery, &[3]), &[Status::Completed]);
    assert_eq!(report.drill_flags, [Some(false)]);
}

#[test]
fn a_job_whose_answer_was_lost_is_adopted() {
    for kind in [FaultKind::LostAnswer, FaultKind::ErrorAfterCommit] {
        let mut story = Story::plain(Kind::Drill, &[3]);
        story.faults = vec![fault(kind, 1)];
        let report = check(&story, &[Status::Completed]);
        assert_eq!(report.launches, 1, "{kind:?}");
    }
}

#[test]
fn a_job_of_another_attempt_is_never_adopted() {
    // Two plans at once; the request of one of them is lost while DRS has the other's job.
    let mut story = Story::plain(Kind::Drill, &[3, 3]);
    story.faults = vec![fault(FaultKind::LostRequest, 1)];
    let report = check(&story, &[Status::Completed, Status::Completed]);
    assert_eq!(report.launches, 2);
}

#[test]
fn jobs_beyond_the_first_page_are_seen() {
    // Pages have one item, and 101 servers are two jobs: the older is on the second page.
    let mut story = Story::plain(Kind::Drill, &[101]);
    story.world.page_size = 1;
    let report = check(&story, &[Status::Completed]);
    assert_eq!(report.launches, 2);
}

#[test]
fn an_invocation_that_dies_at_any_moment_leaves_nothing_undone() {
    for seed in 0..40 {
        let mut story = Story::plain(Kind::Drill, &[2]);
        story.seed = seed;
        story.trouble.death = 0.5;
        story.deeds.push((600, 0, Deed::Start));
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
        assert_eq!(report.launches, report.outcomes.len() as u64, "seed {seed}");
        let all_up = |status: &Status| *status == Status::Completed;
        assert!(report.outcomes.iter().all(all_up), "seed {seed}");
    }
}

#[test]
fn tables_that_lose_answers_launch_nothing_twice() {
    for seed in 0..20 {
        let mut story = Story::plain(Kind::Drill, &[2, 2]);
        story.seed = seed;
        story.trouble.tables = TableFaults {
            unavailable: 20,
            lost_answers: 20,
            index_lag: 3,
            ..TableFaults::default()
        };
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
        assert_eq!(report.launches, report.outcomes.len() as u64, "seed {seed}");
    }
}

#[test]
fn several_starts_that_meet_what_an_ended_execution_left_are_not_refused_for_it() {
    // Whoever ended it died before it freed its locks.
    for seed in 0..200 {
        let mut story = Story::plain(Kind::Drill, &[1]);
        story.seed = seed;
        story.world.pace = 2;
        story.trouble.death = 0.5;
        for second in (60..300).step_by(20) {
            story.deeds.extend([(second, 0, Deed::Start); 3]);
        }
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
    }
}

#[test]
fn a_foreign_job_is_waited_for() {
    let mut story = Story::plain(Kind::Recovery, &[2]);
    story.happenings = vec![(0, Happening::ForeignJob(story.fleet[0].id.clone()))];
    check(&story, &[Status::Completed]);
}

#[test]
fn an_instance_of_a_job_that_ends_in_mid_look_is_not_destroyed() {
    // Answers come late, and somebody's drill of the server ends at any moment of a look.
    for seed in 0..60 {
        let mut story = Story::plain(Kind::Drill, &[2]);
        story.seed = seed;
        story.trouble.slow_looks = 0.5;
        story.deeds = vec![(500, 0, Deed::Start)];
        let server = story.fleet[0].id.clone();
        let begins = 60 + u32::try_from(seed).unwrap();
        story.happenings = vec![(begins, Happening::ForeignJob(server))];
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
    }
}

#[test]
fn a_recovery_launches_nothing_that_a_drill_may_still_launch() {
    // The drill's request is on its way for minutes, and DRS is so fast that the recovery would
    // be up before it arrives.
    let mut story = Story::plain(Kind::Drill, &[2]);
    story.world.pace = 2;
    story.faults = vec![Fault {
        seconds: 166,
        ..fault(FaultKind::SlowRequest, 1)
    }];
    story.deeds.push((5, 0, Deed::Recover));
    check(&story, &[Status::Cancelled, Status::Completed]);
}

#[test]
fn a_recovery_launches_nothing_that_the_one_it_continues_may_still_bring_up() {
    // The job of the first shows no servers for a minute, or cannot be seen, and the request of
    // the second would arrive when that job is over: it would destroy what a recovery brought up.
    for kind in [FaultKind::NoParticipants, FaultKind::HiddenJob] {
        let mut story = Story::plain(Kind::Recovery, &[2]);
        story.world.pace = 8;
        story.faults = vec![
            Fault {
                seconds: 75,
                ..fault(kind, 1)
            },
            Fault {
                seconds: 113,
                ..fault(FaultKind::SlowRequest, 2)
            },
        ];
        let first = [(1, 0, Deed::Start)];
        let carried_on = [(6, 0, Deed::CancelAndGiveUp), (7, 0, Deed::Recover)];
        let once_more = [(8, 0, Deed::CancelAndGiveUp), (9, 0, Deed::Recover)];
        let expected = [Status::Cancelled, Status::Cancelled, Status::Completed];

        story.deeds = [&first[..], &carried_on].concat();
        let report = check(&story, &expected[1..]);
        assert_eq!(report.launches, 1, "{kind:?}");

        story.deeds = [&first[..], &carried_on, &once_more].concat();
        let report = check(&story, &expected);
        assert_eq!(report.launches, 1, "{kind:?}, continued twice");
    }
}

#[test]
fn what_waits_for_the_job_of_a_drill_that_gave_way_is_launched_when_that_is_seen_to_end() {
    // The job ends at any moment between two looks of whoever waits, which are 20 seconds apart.
    let mut at_once = 0;
    for pace in 100..140 {
        let mut story = Story::plain(Kind::Drill, &[2]);
        story.world.pace = pace;
        story.deeds.push((60, 0, Deed::Recover));
        let report = run_with_trace(&story);
        assert_eq!(report.broken, [], "pace {pace}");
        let times = |word: &str| -> Vec<Timestamp> {
            let lines = report.trace.iter().filter(|line| line.contains(word));
            let time = |line: &String| line.split(' ').next()?.parse().ok();
            lines.filter_map(time).collect()
        };
        let [_, second] = times("StartRecovery")[..] else {
            panic!("two launches: {:#?}", report.trace);
        };
        let seen = times("is COMPLETED")[0];
        let late = second.duration_since(seen);
        assert!(late <= SignedDuration::from_secs(20), "pace {pace}: {late}");
        at_once += u32::from(late == SignedDuration::ZERO);
    }
    assert!(at_once > 10, "woken at once: {at_once} of 40");
}

#[test]
fn what_a_recovery_took_over_and_gives_up_is_nobody_elses_while_the_drill_may_still_launch() {
    // As above, but that the recovery does not come to its start, or is cancelled at once: a third
    // would launch the servers, and the drill's launch, still on its way, would destroy them.
    let starts = |second| (second, 0, Deed::Start);
    for seed in 0..400 {
        let mut story = Story::plain(Kind::Drill, &[2]);
        story.seed = seed;
        story.world.pace = 2;
        story.faults = vec![Fault {
            seconds: 166,
            ..fault(FaultKind::SlowRequest, 1)
        }];
        story.deeds.push((5, 0, Deed::Recover));
        if seed % 2 == 0 {
            story.trouble.tables.unavailable = 60;
        } else {
            story.deeds.push((6, 0, Deed::Cancel));
        }
        story.deeds.extend((10..160).step_by(10).map(starts));
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
    }
}

#[test]
fn a_lock_that_was_taken_twice_passes_back_to_whom_it_was_taken_from_last() {
    // The drill has not seen yet that its jobs have ended, and the requests of a recovery are on
    // their way. A second recovery takes the locks of both and does not come to its start: the
    // first one may launch next.
    for seed in 2_700..2_800 {
        let mut story = one_plan_of_three_waves_at_once(seed);
        let times = |kind, seconds| Fault {
            seconds,
            ..fault(kind, 2)
        };
        story.faults = vec![
            times(FaultKind::HiddenJob, 40),
            times(FaultKind::SlowRequest, 130),
            times(FaultKind::SlowRequest, 159),
        ];
        story.deeds = vec![
            (0, 0, Deed::Start),
            (50, 0, Deed::Recover),
            (107, 0, Deed::Recover),
            (132, 0, Deed::CancelAndGiveUp),
            (135, 0, Deed::Recover),
        ];
        story.trouble.death = 0.12;
        story.trouble.launch_death = 0.2;
        story.trouble.tables.unavailable = 9;
        let report = run(&story);
        assert_eq!(report.broken, [], "seed {seed}");
    }
}

fn one_plan_of_three_waves_at_once(seed: u64) -> Story {
    let mut story = Story::plain(Kind::Drill, &[1, 1, 1]);
    story.seed = seed;
    story.world.pace = 4;
    story.world.status_lag_ms = 16_000;
    let later: Vec<_> = story.plans.drain(1..).collect();
    let plan = &mut story.plans[0];
    for (number, later) in (1..).zip(later) {
        plan.groups.extend(later.groups);
        plan.draft.waves.push(WaveDraft {
            key: format!("wave-{number}"),
            protection_groups: vec![number.to_string()],
            depends_on: Some(vec![]),
            ..WaveDraft::default()
        });
    }
    story
}

#[test]
fn a_recovery_that_is_continued_twice_keeps_what_the_first_of_them_brought_up() {
    // The second is cancelled while its gate is closed, and has launched nothing itself.
    let mut story = Story::plain(Kind::Recovery, &[2, 1]);
    let later = story.plans.remove(1);
    let plan = &mut story.plans[0];
    plan.groups.extend(later.groups);
    plan.draft.waves.push(WaveDraft {
        key: "wave-1".to_owned(),
        protection_groups: vec!["1".to_owned()],
        gate: Some(Gating::PauseBefore),
        ..WaveDraft::default()
    });
    story.deeds = vec![
        (0, 0, Deed::Start),
        (600, 0, Deed::Cancel),
        (900, 0, Deed::Recover),
        (1_200, 0, Deed::Cancel),
        (1_500, 0, Deed::Recover),
        (1_800, 0, Deed::ResumeAll),
    ];
    let report = run(&story);
    assert_eq!(report.broken, []);
    assert_eq!(report.seen.not_started, None);
    assert_eq!(report.launches, 2, "{:?}", report.outcomes);
    let completed = |status: &&Status| **status == Status::Completed;
    assert_eq!(report.outcomes.iter().filter(completed).count(), 1);
}

#[test]
fn plans_beyond_the_quota_wait_for_one_another() {
    let mut story = Story::plain(Kind::Drill, &[2, 2, 2]);
    story.world.concurrent_jobs = 1;
    let report = check(&story, &[Status::Completed; 3]);
    assert_eq!(report.launches, 3);
}

#[test]
fn a_drill_is_cleaned_up_though_a_listing_was_empty() {
    for seed in 0..20 {
        let mut story = Story::plain(Kind::Drill, &[3]);
        story.seed = seed;
        // One in ten minutes: of the first looks of the clean-up too.
        story.trouble.empty_listings = 20;
        story.deeds.push((3_000, 0, Deed::CleanUp));
        check(&story, &[Status::Completed]);
    }
}

#[test]
fn a_clean_up_is_not_done_while_a_job_that_nobody_sees_may_bring_up_a_server() {
    let mut story = Story::plain(Kind::Drill, &[1]);
    story.faults = vec![Fault {
        seconds: 12,
        ..fault(FaultKind::VanishedJob, 1)
    }];
    story
        .deeds
        .extend([(60, 0, Deed::CancelAndGiveUp), (90, 0, Deed::CleanUp)]);
    check(&story, &[Status::Cancelled]);
}

#[test]
fn two_who_command_the_same_at_the_same_time_have_one_effect() {
    let mut story = Story::plain(Kind::Drill, &[3]);
    story
        .deeds
        .extend([(60, 0, Deed::Cancel), (60, 0, Deed::Cancel)]);
    let report = check(&story, &[Status::Cancelled]);
    assert_eq!(report.seen.refused, 1);
}

fn with_fault(sizes: &[usize], kind: FaultKind, seconds: u32) -> Story {
    let mut story = Story::plain(Kind::Drill, sizes);
    story.faults.push(Fault {
        kind,
        server: story.fleet[0].id.clone(),
        times: 1,
        seconds,
    });
    story
}

#[test]
fn a_reason_that_the_table_does_not_take_ends_no_execution() {
    let mut story = with_fault(&[3], FaultKind::LaunchFails, 30);
    story.trouble.tables.reasons = Reasons::TooLarge;
    let report = check(&story, &[Status::Failed]);
    assert_eq!(report.launches, 1);
}

#[test]
fn a_reason_that_a_clean_up_sees_and_the_table_does_not_take_ends_no_clean_up() {
    // The log of the failed launch cannot be read until the instances are cleaned up.
    for times in 8..14 {
        let mut story = with_fault(&[3], FaultKind::SnapshotFails, 60);
        story.world.pace = 3;
        story.faults.push(fault(FaultKind::ThrottledLogs, times));
        story.trouble.tables.reasons = Reasons::TooLarge;
        story.deeds.push((1_200, 0, Deed::CleanUp));
        let report = run(&story);
        assert_eq!(report.broken, [], "{times}");
    }
}

#[test]
fn a_server_that_is_refused_for_good_keeps_no_other_from_launching() {
    // With an even number DRS names the server, with an odd one it does not.
    for seconds in [30, 31] {
        let story = with_fault(&[4], FaultKind::RefusedForGood, seconds);
        let report = check(&story, &[Status::Failed]);
        assert!(report.launches >= 1, "{seconds}");
    }
}

#[test]
fn a_job_that_takes_fewer_servers_than_is_known_is_divided() {
    let mut story = Story::plain(Kind::Drill, &[7]);
    story.world.servers_per_job = 2;
    let report = check(&story, &[Status::Completed]);
    assert_eq!(report.launches, 4);
}
