//! Clean-up: only what this drill launched, to the end, and the end proved.

use domain::execution::batch::JobStatus;
use domain::execution::clean_up::{
    CleanUpInstanceState, CleanUpStatus, KnownLaunches, TerminateJob,
};
use domain::execution::effect::PlanLock;
use domain::execution::event::{
    CleanUpLook, Ec2Sight, LogSight, TerminateAnswer, TerminateJobSighting,
};
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::{BatchReference, Command, Effect, Event, Execution, Lock, Refusal};
use domain::execution::{ServerState, Status};
use domain::launchability::InstanceOwner;
use domain::source_server::{DrillFlag, RecoveryInstance};

use crate::fake_drs::{Fate, Sight, foreign_instance};
use crate::world::{World, job, passing, place, terminate, word};

/// An ended drill of two servers, whose locks are free.
fn ended() -> World {
    let mut world = World::drill("db 1-2");
    world.run_to_rest();
    assert_eq!(world.status(), Status::Completed);
    world
}

fn cleaned(execution: &Execution) -> bool {
    execution.head.clean_up.status != CleanUpStatus::Running
}

/// The status, and the state of each instance, as on the wire.
fn summary(world: &World) -> String {
    let clean_up = &world.execution.head.clean_up;
    let instances = clean_up.instances.iter();
    let instances: Vec<String> = instances.map(|instance| word(instance.state)).collect();
    format!("{}: {}", word(clean_up.status), instances.join(" "))
}

fn alive(world: &World) -> usize {
    world.drs.live_instances(world.now).len()
}

#[test]
fn a_clean_up_terminates_what_the_drill_launched_and_proves_that_nothing_is_left() {
    let mut world = ended();
    assert_eq!(alive(&world), 2);
    world.command(terminate()).unwrap();
    assert_eq!(summary(&world), "RUNNING: PENDING PENDING");
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
    let clean_up = &world.execution.head.clean_up;
    assert!(
        clean_up
            .jobs
            .iter()
            .all(|job| job.status == JobStatus::Completed)
    );
    assert_eq!(clean_up.ended_at, Some(world.now));
    world.run_to_rest();
    assert_eq!(world.states(), [ServerState::Launched; 2]);
    assert_eq!(world.status(), Status::Completed);
}

fn refused(world: &mut World, command: Command) -> Refusal {
    let before = world.execution.clone();
    let refusal = world.command(command).unwrap_err();
    assert_eq!(world.execution, before);
    refusal
}

#[test]
fn who_may_be_cleaned_up() {
    let mut world = World::recovery("db 1");
    world.run_to_rest();
    assert_eq!(refused(&mut world, terminate()), Refusal::NotADrill);
    let mut world = World::drill("db 1");
    let refusal = refused(&mut world, terminate());
    assert!(refusal.to_string().contains("has not ended"), "{refusal}");
    world.command(crate::world::cancel(&[])).unwrap();
    let refusal = refused(&mut world, terminate());
    assert!(
        refusal.to_string().contains("launched nothing"),
        "{refusal}"
    );
    let mut world = ended();
    let wrong = Command::TerminateInstances {
        confirm: "shop".to_owned(),
    };
    let refusal = refused(&mut world, wrong);
    assert!(matches!(refusal, Refusal::ConfirmationMismatch(_)));
    world.command(terminate()).unwrap();
    let refusal = refused(&mut world, terminate());
    assert!(refusal.to_string().contains("under way"), "{refusal}");
    world.run_until(cleaned);
    let refusal = refused(&mut world, terminate());
    assert!(refusal.to_string().contains("nothing is left"), "{refusal}");
}

#[test]
fn the_locks_are_kept_until_the_end_of_the_clean_up_and_then_freed() {
    let mut world = ended();
    let locks = |world: &World| world.execution.waves[0].batches[0].locks;
    assert_eq!(locks(&world), Lock::Free);
    world.command(terminate()).unwrap();
    assert_eq!(locks(&world), Lock::Held);
    // A release from before the clean-up arrives late.
    let batches = vec![BatchReference { wave: 0, batch: 0 }];
    world.tell(&Event::LocksReleased {
        batches,
        plan: PlanLock::Leave,
    });
    while !cleaned(&world.execution) {
        assert_eq!(locks(&world), Lock::Held);
        let waiting = waiting_for(&world.execution, world.now);
        assert_eq!(waiting[0].kind, WaitingFor::CleanUp);
        world.run_for(5);
    }
    world.run_to_rest();
    assert_eq!(locks(&world), Lock::Free);
}

/// What one look of the clean-up shows.
fn look(world: &mut World, instances: Vec<RecoveryInstance>, open_terminate_jobs: &[u32]) {
    let known = KnownLaunches::of(&world.execution);
    look_knowing(world, known, instances, open_terminate_jobs);
}

fn look_knowing(
    world: &mut World,
    known: KnownLaunches,
    instances: Vec<RecoveryInstance>,
    open_terminate_jobs: &[u32],
) {
    world.wait(5);
    let look = CleanUpLook {
        launch_jobs: vec![],
        terminate_jobs: terminate_jobs(world, open_terminate_jobs),
        instances,
        ec2: Ec2Sight::Shown(vec![]),
    };
    let places = vec![(place(1), Ok(look))];
    for effect in world.tell(&Event::CleanUpLooked { known, places }) {
        world.carry_out(&effect);
    }
}

/// The terminate jobs of a clean-up, of which these are open and the rest COMPLETED.
fn terminate_jobs(world: &World, open: &[u32]) -> Vec<TerminateJobSighting> {
    let known = world.execution.head.clean_up.jobs.iter();
    let sighting = |known: &TerminateJob| TerminateJobSighting {
        id: known.id.clone(),
        status: if open.iter().any(|&number| job(number) == known.id) {
            JobStatus::Started
        } else {
            JobStatus::Completed
        },
        failures: vec![],
        log: LogSight::NotDue,
    };
    known.map(sighting).collect()
}

fn listed(world: &World) -> Vec<RecoveryInstance> {
    let live = world.drs.live_instances(world.now);
    live.into_iter().map(|(instance, _)| instance).collect()
}

#[test]
fn no_lock_is_given_back_while_a_clean_up_runs() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let effects = world.tell(&Event::Tick);
    let frees = |effect: &Effect| matches!(effect, Effect::ReleaseLocks { .. });
    assert!(!effects.iter().any(frees), "{effects:?}");
}

#[test]
fn done_does_not_follow_from_a_first_listing_that_is_empty() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    look(&mut world, vec![], &[]);
    assert_eq!(summary(&world), "RUNNING: PENDING PENDING");
    let all = listed(&world);
    look(&mut world, all, &[]);
    assert_eq!(summary(&world), "RUNNING: TERMINATING TERMINATING");
    world.run_until(cleaned);
    assert_eq!(alive(&world), 0);
}

#[test]
fn looks_that_are_older_than_what_is_known_prove_no_absence() {
    let mut world = ended();
    let before_the_launch = KnownLaunches::default();
    world.command(terminate()).unwrap();
    for _ in 0..3 {
        look_knowing(&mut world, before_the_launch, vec![], &[]);
        assert_eq!(summary(&world), "RUNNING: PENDING PENDING");
    }
    world.run_until(cleaned);
    assert_eq!(alive(&world), 0);
}

#[test]
fn two_looks_at_the_same_moment_are_one() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    for _ in 0..5 {
        let empty = CleanUpLook {
            launch_jobs: vec![],
            terminate_jobs: vec![],
            instances: vec![],
            ec2: Ec2Sight::Shown(vec![]),
        };
        world.tell(&Event::CleanUpLooked {
            known: KnownLaunches::of(&world.execution),
            places: vec![(place(1), Ok(empty))],
        });
    }
    assert_eq!(summary(&world), "RUNNING: PENDING PENDING");
}

#[test]
fn where_nothing_is_known_to_be_left_two_looks_apart_must_find_nothing() {
    let mut world = World::drill("db 1");
    world.drs.fate(1, Fate::IsForgotten);
    world.run_to_rest();
    world.command(terminate()).unwrap();
    let empty = CleanUpLook {
        launch_jobs: vec![],
        terminate_jobs: vec![],
        instances: vec![],
        ec2: Ec2Sight::Shown(vec![]),
    };
    let places = vec![(place(1), Ok(empty))];
    for _ in 0..5 {
        world.tell(&Event::CleanUpLooked {
            known: KnownLaunches::of(&world.execution),
            places: places.clone(),
        });
        assert_eq!(summary(&world), "RUNNING: ");
    }
    look(&mut world, vec![], &[]);
    assert_eq!(summary(&world), "DONE: ");
}

#[test]
fn what_two_looks_do_not_show_was_gone_already() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    look(&mut world, vec![], &[]);
    look(&mut world, vec![], &[]);
    assert_eq!(summary(&world), "DONE: ALREADY_GONE ALREADY_GONE");
    assert_eq!(world.drs.jobs.len(), 1, "nothing was asked of DRS");
}

#[test]
fn an_instance_that_shows_again_is_terminated_after_all() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let all = listed(&world);
    look(&mut world, vec![all[0].clone()], &[]);
    look(&mut world, vec![all[0].clone()], &[2]);
    assert_eq!(summary(&world), "RUNNING: TERMINATING ALREADY_GONE");
    look(&mut world, all, &[2]);
    assert_eq!(summary(&world), "RUNNING: TERMINATING TERMINATING");
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
}

#[test]
fn done_waits_until_the_terminate_jobs_are_completed() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let all = listed(&world);
    look(&mut world, all, &[]);
    for _ in 0..10 {
        look(&mut world, vec![], &[2]);
        assert!(!cleaned(&world.execution), "{}", summary(&world));
    }
    assert_eq!(summary(&world), "RUNNING: TERMINATED TERMINATED");
    look(&mut world, vec![], &[]);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
}

/// How an instance of server 1 is treated that DRS shows in this way.
fn check_owner(change: impl Fn(&mut RecoveryInstance), expected: CleanUpInstanceState) {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let mut all = listed(&world);
    change(&mut all[0]);
    look(&mut world, all, &[]);
    let asked = &world.execution.head.clean_up.instances[0];
    assert_eq!(asked.state, expected);
    let terminated = world
        .drs
        .jobs
        .iter()
        .any(|job| job.terminates.contains(&asked.id));
    assert_eq!(terminated, expected == CleanUpInstanceState::Terminating);
}

#[test]
fn only_an_instance_of_a_job_of_this_drill_with_the_flag_of_a_drill_is_terminated() {
    check_owner(|_| {}, CleanUpInstanceState::Terminating);
    check_owner(
        |one| one.drill = DrillFlag::Recovery,
        CleanUpInstanceState::NotOurs,
    );
    check_owner(
        |one| one.drill = DrillFlag::Unsaid,
        CleanUpInstanceState::NotOurs,
    );
    check_owner(|one| one.job = Some(job(99)), CleanUpInstanceState::NotOurs);
    check_owner(|one| one.job = None, CleanUpInstanceState::NotOurs);
}

#[test]
fn an_instance_of_which_drs_says_only_later_whose_it_is_is_terminated_then() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let mut all = listed(&world);
    all[0].job = None;
    look(&mut world, all, &[]);
    assert_eq!(summary(&world), "RUNNING: NOT_OURS TERMINATING");
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
}

#[test]
fn a_later_instance_of_the_same_server_that_somebody_else_launched_is_left_alone() {
    let mut world = ended();
    let foreign = foreign_instance();
    let ours = world.server(1).instance.clone().unwrap().id;
    world.drs.gone.insert(ours);
    world
        .drs
        .foreign
        .push((foreign, InstanceOwner::ForeignDrill));
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: ALREADY_GONE TERMINATED");
    assert_eq!(alive(&world), 1);
}

#[test]
fn a_server_that_comes_up_late_is_found_by_reading_the_jobs_again_and_terminated() {
    let mut world = World::drill("db 1-2 | limit 30");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_end();
    world.command(terminate()).unwrap();
    world.run_for(600);
    assert_eq!(
        summary(&world),
        "RUNNING: TERMINATED",
        "its job may still bring it up"
    );
    world.drs.fate(2, Fate::Launches);
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
}

#[test]
fn an_answer_that_is_lost_is_settled_by_looking_at_the_instances() {
    for (committed, requests) in [(true, 0), (false, 2)] {
        let mut world = ended();
        world.command(terminate()).unwrap();
        let lost = TerminateAnswer::Doubt("the call timed out".into());
        world.drs.terminations.push_back(lost);
        let all = listed(&world);
        look(&mut world, all.clone(), &[]);
        assert_eq!(summary(&world), "RUNNING: TERMINATING TERMINATING");
        if committed {
            world.drs.gone.extend(all.into_iter().map(|one| one.id));
        }
        world.run_until(cleaned);
        assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
        assert_eq!(alive(&world), 0);
        // What is asked for again is asked for singly: who knows which of them spoilt it.
        assert_eq!(world.drs.jobs.len(), 1 + requests);
    }
}

#[test]
fn what_drs_refuses_together_is_asked_for_singly_and_then_given_up() {
    let refusal = || TerminateAnswer::Refused("protected from termination".into());
    let mut world = ended();
    world.command(terminate()).unwrap();
    // Together, then each alone, then the first alone once more.
    world.drs.terminations.extend([refusal(), refusal()]);
    let requests = |world: &World| -> Vec<usize> {
        world
            .drs
            .jobs
            .iter()
            .map(|job| job.terminates.len())
            .filter(|&count| count > 0)
            .collect()
    };
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(requests(&world), [1, 1]);
    let mut world = ended();
    world.command(terminate()).unwrap();
    world.drs.terminations.extend((0..5).map(|_| refusal()));
    world.run_until(cleaned);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED REFUSED");
    let reason = world.execution.head.clean_up.instances[0].reason.as_deref();
    assert_eq!(reason, Some("protected from termination"));
    world.run_to_rest();
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
}

#[test]
fn what_drs_puts_off_is_asked_for_again_without_counting() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let later = || TerminateAnswer::Later("asked too often".into());
    world.drs.terminations.extend((0..50).map(|_| later()));
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
}

#[test]
fn what_cannot_be_looked_at_for_half_an_hour_is_not_taken_for_clean() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    world.drs.sight = Sight::Failing;
    world.run_for(29 * 60);
    assert!(!cleaned(&world.execution));
    world.run_until(cleaned);
    assert_eq!(summary(&world), "COULD_NOT_VERIFY: PENDING PENDING");
    world.drs.sight = Sight::Clear;
    world.run_to_rest();
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
}

#[test]
fn a_clean_up_that_ends_blind_in_one_place_terminates_nothing_more_in_another() {
    let mut world = World::drill("db 1 2@2");
    world.run_to_rest();
    world.command(terminate()).unwrap();
    let look = |world: &mut World| {
        let effects = world.tell(&Event::Tick);
        // The answer takes its time.
        world.wait(20);
        let looks = |effect: &&Effect| matches!(effect, Effect::LookForCleanUp { .. });
        let effect = effects.iter().find(looks).unwrap();
        let seen = world.drs.perform(&world.execution, effect, world.now);
        let Event::CleanUpLooked { known, mut places } = seen[0].clone() else {
            panic!("{seen:?}");
        };
        places[1].1 = Err(passing());
        world.tell(&Event::CleanUpLooked { known, places })
    };
    assert!(matches!(look(&mut world)[..], [Effect::Terminate { .. }]));
    world.wait(30 * 60 - 10);
    assert_eq!(look(&mut world), []);
    assert!(summary(&world).starts_with("COULD_NOT_VERIFY"));
}

#[test]
fn a_termination_that_was_never_sent_is_asked_for_again() {
    let mut world = ended();
    world.command(terminate()).unwrap();
    let looks = world.tell(&Event::Tick);
    let seen = world.drs.perform(&world.execution, &looks[0], world.now);
    // Whoever was to ask DRS dies here.
    let lost = world.tell(&seen[0]);
    assert!(matches!(lost[..], [Effect::Terminate { .. }]));
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
}

#[test]
fn many_instances_are_asked_for_a_hundred_at_a_time() {
    let mut world = World::drill("db 1-250");
    world.run_to_rest();
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
    let sizes = world.drs.jobs.iter().map(|job| job.terminates.len());
    let sizes: Vec<usize> = sizes.filter(|&size| size > 0).collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(world.execution.head.clean_up.status, CleanUpStatus::Done);
}

#[test]
fn what_drs_does_not_take_together_is_asked_for_in_smaller_parts() {
    let mut world = World::drill("db 1-90");
    world.run_to_rest();
    world.command(terminate()).unwrap();
    world.drs.terminates_at_once = 25;
    world.run_until(cleaned);
    let sizes = world.drs.jobs.iter().map(|job| job.terminates.len());
    let sizes: Vec<usize> = sizes.filter(|&size| size > 0).collect();
    assert!(sizes.iter().all(|&size| size <= 25), "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), 90);
    assert_eq!(world.execution.head.clean_up.status, CleanUpStatus::Done);
}

#[test]
fn every_region_is_cleaned() {
    let mut world = World::drill("db 1 2@2");
    world.run_to_rest();
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert_eq!(alive(&world), 0);
}
