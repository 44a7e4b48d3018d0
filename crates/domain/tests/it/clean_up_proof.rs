//! A clean-up's end is judged by what DRS and EC2 keep, and every end that is no proof says so.

use domain::RecoveryInstanceId;
use domain::ec2_instance::{Ec2Instance, Ec2State};
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::event::{FaultClass, TerminateAnswer, WorldFault};
use domain::execution::queries::waiting::waiting_for;
use domain::execution::{Execution, ServerState};
use domain::source_server::DrillFlag;

use crate::fake_drs::{Fate, Sight, instance_of};
use crate::world::{World, instance, server, terminate, word};

fn cleaned(execution: &Execution) -> bool {
    execution.head.clean_up.status != CleanUpStatus::Running
}

fn summary(world: &World) -> String {
    let clean_up = &world.execution.head.clean_up;
    let instances = clean_up.instances.iter();
    let instances: Vec<String> = instances.map(|instance| word(instance.state)).collect();
    format!("{}: {}", word(clean_up.status), instances.join(" "))
}

fn reason(world: &World) -> String {
    let clean_up = &world.execution.head.clean_up;
    clean_up.reason.as_ref().map(Into::into).unwrap_or_default()
}

fn ended(steps: &str) -> World {
    let mut world = World::drill(steps);
    world.run_to_rest();
    world
}

fn clean_up(world: &mut World) {
    world.command(terminate()).unwrap();
    world.run_until(cleaned);
}

/// The instances that are up, as DRS names them.
fn up(world: &World) -> Vec<RecoveryInstanceId> {
    let live = world.drs.live_instances(world.now).into_iter();
    live.map(|(instance, _)| instance.id).collect()
}

/// How many requests DRS was sent to terminate something.
fn requests(world: &World) -> usize {
    let jobs = world.drs.jobs.iter();
    jobs.filter(|job| !job.terminates.is_empty()).count()
}

/// A drill of two servers, of which EC2 launched the second and DRS could not register it.
fn with_an_orphan(logs: Sight) -> (World, RecoveryInstanceId) {
    let mut world = World::drill("db 1-2 | continue");
    world.drs.fate(2, Fate::Fails);
    world.drs.logs = logs;
    world.run_to_launch_of(1);
    let job = world.drs.jobs[0].clone();
    let orphan = instance_of(&job, &server(2));
    world.drs.unlisted.push(Ec2Instance {
        id: orphan.clone(),
        server: Some(server(2)),
        state: Ec2State::Alive,
        launched_at: Some(job.at),
        name: Some("dwh-02".to_owned()),
    });
    world.run_to_rest();
    assert_eq!(world.server(2).state, ServerState::Failed);
    (world, orphan)
}

#[test]
fn an_instance_that_drs_could_not_register_is_named_and_the_clean_up_is_incomplete() {
    let (mut world, orphan) = with_an_orphan(Sight::Clear);
    assert_eq!(world.server(2).unregistered, std::slice::from_ref(&orphan));
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: TERMINATED REFUSED");
    let expected = format!("EC2 runs {orphan}, which DRS does not list; end it by hand");
    assert_eq!(reason(&world), expected);
    assert_eq!(requests(&world), 1, "it is never asked for");
}

#[test]
fn an_instance_that_no_log_names_is_found_by_its_tag_and_the_time_of_its_launch() {
    let (mut world, orphan) = with_an_orphan(Sight::Failing);
    assert_eq!(world.server(2).unregistered, []);
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: TERMINATED REFUSED");
    assert!(reason(&world).contains(orphan.as_str()));
}

#[test]
fn what_a_job_that_drs_no_longer_shows_brought_up_unregistered_is_named() {
    let minutes = |minutes| jiff::SignedDuration::from_mins(minutes);
    let named = |after: jiff::SignedDuration| {
        let mut world = World::drill("db 1 | continue");
        world.drs.fate(1, Fate::Fails);
        world.drs.logs = Sight::Failing;
        world.run_to_launch_of(1);
        let job = world.drs.jobs.last_mut().unwrap();
        job.vanished = true;
        let job = job.clone();
        world.run_to_rest();
        assert_eq!(world.server(1).state, ServerState::Unknown);
        world.drs.unlisted.push(Ec2Instance {
            id: instance_of(&job, &server(1)),
            server: Some(server(1)),
            state: Ec2State::Alive,
            launched_at: Some(job.at + after),
            name: None,
        });
        clean_up(&mut world);
        summary(&world)
    };
    assert_eq!(named(minutes(60)), "INCOMPLETE: REFUSED");
    // No launch takes so long: another one has brought it up.
    assert_eq!(named(minutes(180)), "DONE: ");
}

#[test]
fn what_ec2_launched_at_another_time_or_runs_for_drs_itself_is_not_of_this_drill() {
    let change = |change: &dyn Fn(&mut Ec2Instance)| {
        let (mut world, _) = with_an_orphan(Sight::Failing);
        change(&mut world.drs.unlisted[0]);
        clean_up(&mut world);
        summary(&world)
    };
    let hours = jiff::SignedDuration::from_hours(2);
    let old = change(&|one| one.launched_at = one.launched_at.map(|at| at - hours));
    assert_eq!(old, "DONE: TERMINATED");
    let name = "AWS Elastic Disaster Recovery Conversion Server";
    let helper = change(&|one| one.name = Some(name.to_owned()));
    assert_eq!(helper, "DONE: TERMINATED");
    let later = change(&|one| one.launched_at = one.launched_at.map(|at| at + hours));
    assert_eq!(later, "DONE: TERMINATED");
    let foreign = change(&|one| one.server = Some(server(9)));
    assert_eq!(foreign, "DONE: TERMINATED");
}

#[test]
fn an_instance_that_somebody_ends_by_hand_is_gone_when_ec2_shows_it_gone() {
    let (mut world, _) = with_an_orphan(Sight::Clear);
    clean_up(&mut world);
    world.run_to_rest();
    world.drs.unlisted[0].state = Ec2State::Ending;
    world.command(terminate()).unwrap();
    world.run_for(60);
    assert!(!cleaned(&world.execution), "{}", summary(&world));
    world.drs.unlisted[0].state = Ec2State::Gone;
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED ALREADY_GONE");
}

#[test]
fn what_ec2_shuts_down_for_ever_is_left_to_a_person() {
    let (mut world, _) = with_an_orphan(Sight::Clear);
    world.drs.unlisted[0].state = Ec2State::Ending;
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: TERMINATED REFUSED");
    assert!(reason(&world).contains("shutting it down since"));
}

fn denied() -> WorldFault {
    WorldFault {
        class: FaultClass::Denied,
        text: "UnauthorizedOperation".into(),
    }
}

#[test]
fn where_ec2_cannot_be_asked_what_drs_does_not_list_is_not_verified_and_named() {
    let (mut world, orphan) = with_an_orphan(Sight::Clear);
    world.drs.ec2_fault = Some(denied());
    clean_up(&mut world);
    assert_eq!(summary(&world), "COULD_NOT_VERIFY: TERMINATED PENDING");
    assert!(reason(&world).contains(orphan.as_str()));
    assert!(reason(&world).contains("UnauthorizedOperation"));
    world.drs.ec2_fault = None;
    world.drs.unlisted.clear();
    world.run_to_rest();
    clean_up(&mut world);
    assert_eq!(summary(&world), "DONE: TERMINATED ALREADY_GONE");
}

#[test]
fn where_ec2_cannot_be_asked_a_failed_launch_without_an_instance_is_not_verified() {
    let (mut world, _) = with_an_orphan(Sight::Failing);
    world.drs.ec2_fault = Some(denied());
    clean_up(&mut world);
    assert_eq!(summary(&world), "COULD_NOT_VERIFY: TERMINATED");
    assert!(reason(&world).contains(server(2).as_str()));
}

#[test]
fn where_ec2_cannot_be_asked_the_end_of_what_drs_terminated_is_taken_from_drs() {
    let mut world = ended("db 1-2");
    world.drs.ec2_fault = Some(denied());
    clean_up(&mut world);
    assert_eq!(summary(&world), "DONE: TERMINATED TERMINATED");
    assert!(reason(&world).contains("EC2 could not be asked"));
}

#[test]
fn an_ec2_that_does_not_answer_for_a_while_is_waited_for_and_named() {
    let (mut world, _) = with_an_orphan(Sight::Clear);
    world.drs.ec2_fault = Some(crate::world::passing());
    world.command(terminate()).unwrap();
    world.run_for(20 * 60);
    let waiting = waiting_for(&world.execution, world.now);
    assert!(waiting[0].detail.contains("EC2"), "{waiting:?}");
    world.drs.ec2_fault = None;
    world.run_until(cleaned);
    assert_eq!(summary(&world), "INCOMPLETE: TERMINATED REFUSED");
}

#[test]
fn what_drs_says_is_terminated_and_ec2_runs_is_not_done() {
    let mut world = ended("db 1");
    let id = up(&world)[0].clone();
    world.drs.unlisted.push(Ec2Instance {
        id: id.clone(),
        server: Some(server(1)),
        state: Ec2State::Alive,
        launched_at: None,
        name: None,
    });
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED");
    assert!(reason(&world).contains(id.as_str()));
}

const PROTECTED: &str = "CLEANUP_FAIL: OperationNotPermitted: modify its disableApiTermination";

#[test]
fn an_instance_that_is_protected_from_termination_is_refused_with_the_words_of_the_log() {
    let mut world = ended("db 1-2");
    let protected = up(&world)[1].clone();
    world
        .drs
        .protected
        .insert(protected.clone(), PROTECTED.to_owned());
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: TERMINATED REFUSED");
    let instances = &world.execution.head.clean_up.instances;
    assert_eq!(instances[1].reason.as_deref(), Some(PROTECTED));
    assert_eq!(reason(&world), format!("{protected}: {PROTECTED}"));
    assert_eq!(requests(&world), 3, "it is asked for three times");
    world.drs.protected.clear();
    world.run_to_rest();
    clean_up(&mut world);
    assert!(summary(&world).starts_with("DONE: "));
    assert_eq!(up(&world), []);
}

#[test]
fn a_log_that_cannot_be_read_withholds_no_outcome_and_is_said() {
    let mut world = ended("db 1");
    let id = up(&world)[0].clone();
    world.drs.protected.insert(id, PROTECTED.to_owned());
    world.drs.logs = Sight::Failing;
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED");
    assert!(
        reason(&world).contains("could not be read"),
        "{}",
        reason(&world)
    );
}

#[test]
fn a_reason_is_cut_to_what_an_item_can_hold() {
    let mut world = ended("db 1-3");
    for id in up(&world) {
        world.drs.protected.insert(id, "障".repeat(20_000));
    }
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED REFUSED REFUSED");
    for known in &world.execution.head.clean_up.instances {
        assert!(known.reason.as_ref().unwrap().len() <= 400);
    }
    assert!(reason(&world).starts_with("3 instances are left, the first: "));
    assert!(reason(&world).len() <= 400);
}

#[test]
fn a_terminate_job_that_never_ends_is_left_to_a_person() {
    let mut world = ended("db 1");
    world.drs.terminations_stick = Some(Fate::Sticks);
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED");
    assert!(
        reason(&world).contains("has not ended job"),
        "{}",
        reason(&world)
    );
}

#[test]
fn a_request_that_drs_puts_off_for_half_an_hour_is_left_to_a_person() {
    let mut world = ended("db 1");
    let in_the_way = || TerminateAnswer::InParts("ConflictException: in failback".into());
    world
        .drs
        .terminations
        .extend((0..1_000).map(|_| in_the_way()));
    world.command(terminate()).unwrap();
    world.run_for(20 * 60);
    let waiting = waiting_for(&world.execution, world.now);
    assert!(waiting[0].detail.contains("in failback"), "{waiting:?}");
    world.run_until(cleaned);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED");
    assert!(reason(&world).contains("in failback"));
}

#[test]
fn one_instance_in_the_way_does_not_make_the_requests_of_the_others_smaller() {
    let mut world = ended("db 1-4");
    let first = up(&world)[0].clone();
    world.drs.protected.insert(first, PROTECTED.to_owned());
    clean_up(&mut world);
    assert_eq!(world.execution.head.clean_up.together_max, None);
}

#[test]
fn a_terminate_job_that_drs_does_not_list_at_once_is_not_taken_for_ended() {
    let mut world = ended("db 1");
    world.drs.hides_jobs_for = 60;
    clean_up(&mut world);
    assert_eq!(summary(&world), "DONE: TERMINATED");
    assert_eq!(requests(&world), 1);
}

#[test]
fn a_terminate_job_that_vanishes_is_not_waited_for_for_ever() {
    let mut world = ended("db 1");
    world.drs.terminations_stick = Some(Fate::Sticks);
    world.command(terminate()).unwrap();
    world.run_for(20);
    world.drs.terminations_stick = None;
    world.drs.jobs.last_mut().unwrap().vanished = true;
    world.run_until(cleaned);
    assert_eq!(summary(&world), "DONE: TERMINATED");
    assert_eq!(requests(&world), 2);
}

#[test]
fn the_record_of_an_instance_that_was_ended_by_hand_is_removed_from_drs() {
    let mut world = ended("db 1-2");
    let by_hand = up(&world)[1].clone();
    world.drs.ended_by_hand.insert(by_hand);
    clean_up(&mut world);
    assert_eq!(summary(&world), "DONE: TERMINATED ALREADY_GONE");
    assert_eq!(world.drs.listed_instances(world.now), []);
}

#[test]
fn a_record_that_drs_keeps_is_said_to_be_there() {
    let mut world = ended("db 1");
    let by_hand = up(&world)[0].clone();
    world.drs.ended_by_hand.insert(by_hand.clone());
    world
        .drs
        .protected
        .insert(by_hand.clone(), "CLEANUP_FAIL: no".to_owned());
    clean_up(&mut world);
    assert_eq!(summary(&world), "INCOMPLETE: REFUSED");
    assert!(reason(&world).contains(by_hand.as_str()));
}

#[test]
fn what_drs_does_not_show_as_this_drill_s_and_lives_is_not_verified() {
    for unsaid in [DrillFlag::Unsaid, DrillFlag::Recovery] {
        let mut world = ended("db 1");
        let (mut other, _) = world.drs.live_instances(world.now)[0].clone();
        other.drill = unsaid;
        let id = other.id.clone();
        world.drs.gone.insert(id.clone());
        other.id = id.clone();
        world.drs.shown_as.push(other);
        clean_up(&mut world);
        assert_eq!(summary(&world), "COULD_NOT_VERIFY: NOT_OURS");
        assert!(reason(&world).contains(id.as_str()));
        assert_eq!(requests(&world), 0);
    }
}

#[test]
fn a_launch_that_never_ends_does_not_keep_a_clean_up_for_ever() {
    let mut world = World::drill("db 1-2 | limit 30");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_end();
    world.command(terminate()).unwrap();
    world.run_for(600);
    let waiting = waiting_for(&world.execution, world.now);
    assert!(
        waiting.iter().any(|one| one.detail.contains("launch job")),
        "{waiting:?}"
    );
    world.run_until(cleaned);
    assert_eq!(summary(&world), "COULD_NOT_VERIFY: TERMINATED");
    assert!(
        reason(&world).contains("has not ended"),
        "{}",
        reason(&world)
    );
}

#[test]
fn a_clean_up_that_was_saved_before_ec2_was_asked_is_read() {
    let text = r#"{ "id": "i-00000000000000001", "server": "s-00000000000000001",
        "place": { "account": "111122223333", "region": "us-west-2" }, "state": "PENDING",
        "reason": null, "tries": 0, "asked_at": null, "absent_looks": 0 }"#;
    let known: domain::execution::clean_up::CleanUpInstance = serde_json::from_str(text).unwrap();
    assert_eq!((known.id, known.server), (instance(1), server(1)));
}
