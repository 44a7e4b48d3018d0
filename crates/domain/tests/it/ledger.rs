//! Who launches next: never beyond the limits, recoveries first, then the oldest.

use domain::Kind;
use domain::execution::batch::BatchReference;
use domain::execution::ledger::{Claimant, Ledger, ListedJob, Request, Verdict};
use domain::quota::{Limits, Usage};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::world::{at, execution_id, server};

const HIDDEN: SignedDuration = SignedDuration::from_secs(330);

fn claimant(execution: u32) -> Claimant {
    Claimant {
        execution: execution_id(execution),
        batch: BatchReference { wave: 0, batch: 0 },
    }
}

fn request(execution: u32, kind: Kind, servers: u32, since: i64, usage: Usage) -> Request<'static> {
    Request {
        claimant: claimant(execution),
        kind,
        tag: format!("tag-{execution}"),
        servers: (1..=servers)
            .map(|number| server(execution * 1_000 + number))
            .collect(),
        since: at(since),
        usage,
        limits: &Limits::DEFAULT,
    }
}

fn full() -> Usage {
    Usage {
        jobs: 20,
        servers_in_jobs: 20,
    }
}

fn free(jobs: u32) -> Usage {
    Usage {
        jobs: 20 - jobs,
        servers_in_jobs: 0,
    }
}

#[track_caller]
fn check_waits(verdict: &Verdict, part: &str) {
    match verdict {
        Verdict::Granted => panic!("it is granted"),
        Verdict::Wait(reason) => assert!(reason.contains(part), "{reason}"),
    }
}

#[test]
fn what_was_promised_counts_until_drs_shows_it() {
    let mut ledger = Ledger::default();
    let first = request(1, Kind::Drill, 100, 0, free(1));
    assert_eq!(ledger.ask(&first, at(0)), Verdict::Granted);
    let second = request(2, Kind::Drill, 1, 0, free(1));
    check_waits(&ledger.ask(&second, at(1)), "20 of 20 concurrent");
    let shown = ListedJob {
        tag: Some("tag-1".to_owned()),
        servers: Vec::new(),
        created_at: None,
    };
    ledger.settle(&[shown], HIDDEN, at(2));
    assert_eq!(ledger.reservations, []);
    assert_eq!(ledger.ask(&second, at(2)), Verdict::Granted);
}

#[test]
fn a_job_without_tags_is_a_promised_one_only_with_its_very_servers_since_then() {
    for (servers, created_at, left) in [(3, 5, 0), (2, 5, 1), (3, -5, 1)] {
        let mut ledger = Ledger::default();
        let first = request(1, Kind::Drill, 3, 0, free(1));
        ledger.ask(&first, at(0));
        let job = ListedJob {
            tag: None,
            servers: first.servers[..servers].to_vec(),
            created_at: Some(at(created_at)),
        };
        ledger.settle(&[job], HIDDEN, at(10));
        assert_eq!(
            ledger.reservations.len(),
            left,
            "{servers} since {created_at}"
        );
    }
}

#[test]
fn a_promise_lapses_when_nothing_can_have_been_accepted() {
    let mut ledger = Ledger::default();
    ledger.ask(&request(1, Kind::Drill, 1, 0, free(1)), at(0));
    ledger.settle(&[], HIDDEN, at(329));
    assert_eq!(ledger.reservations.len(), 1);
    ledger.settle(&[], HIDDEN, at(330));
    assert_eq!(ledger.reservations, []);
}

#[test]
fn a_recovery_goes_before_drills_that_have_waited_longer() {
    let mut ledger = Ledger::default();
    ledger.ask(&request(1, Kind::Drill, 1, 0, full()), at(10));
    ledger.ask(&request(2, Kind::Recovery, 1, 9, full()), at(10));
    let order: Vec<Claimant> = ledger.waiting.iter().map(|t| t.claimant.clone()).collect();
    assert_eq!(order, [claimant(2), claimant(1)]);
    let drill = ledger.ask(&request(1, Kind::Drill, 1, 0, free(1)), at(11));
    check_waits(&drill, "one launch waits before this one");
    let recovery = ledger.ask(&request(2, Kind::Recovery, 1, 9, free(1)), at(12));
    assert_eq!(recovery, Verdict::Granted);
}

#[test]
fn nobody_overtakes_one_that_waits_for_more_room() {
    let mut ledger = Ledger::default();
    let nearly_full = Usage {
        jobs: 5,
        servers_in_jobs: 450,
    };
    ledger.ask(&request(1, Kind::Drill, 100, 0, nearly_full), at(1));
    let small = ledger.ask(&request(2, Kind::Drill, 10, 1, nearly_full), at(1));
    check_waits(&small, "one launch waits before this one");
    let roomy = Usage {
        jobs: 5,
        servers_in_jobs: 390,
    };
    let small = ledger.ask(&request(2, Kind::Drill, 10, 1, roomy), at(2));
    assert_eq!(small, Verdict::Granted, "there is room for both");
}

#[test]
fn who_stops_asking_loses_the_place() {
    let mut ledger = Ledger::default();
    ledger.ask(&request(1, Kind::Recovery, 1, 0, full()), at(0));
    ledger.settle(&[], HIDDEN, at(59));
    assert_eq!(ledger.waiting.len(), 1);
    ledger.settle(&[], HIDDEN, at(60));
    assert_eq!(ledger.waiting, []);
}

#[test]
fn asking_again_is_no_second_promise_and_no_second_place() {
    let mut ledger = Ledger::default();
    for second in 0..5 {
        ledger.ask(&request(1, Kind::Drill, 5, 0, full()), at(second));
    }
    assert_eq!(ledger.waiting.len(), 1);
    for second in 5..9 {
        let verdict = ledger.ask(&request(1, Kind::Drill, 5, 0, free(1)), at(second));
        assert_eq!(verdict, Verdict::Granted);
    }
    assert_eq!((ledger.waiting.len(), ledger.reservations.len()), (0, 1));
    ledger.forget(&claimant(1));
    assert_eq!(ledger, Ledger::default());
}

proptest! {
    #[test]
    fn promises_and_jobs_together_never_pass_the_limits(
        jobs in 0u32..20, servers_in_jobs in 0u32..500,
        asks in proptest::collection::vec((1u32..40, any::<bool>(), 1u32..=100, 0i64..50), 1..60),
    ) {
        let usage = Usage { jobs, servers_in_jobs };
        let mut ledger = Ledger::default();
        for (second, (execution, recovery, servers, since)) in (50..).zip(asks) {
            let kind = if recovery { Kind::Recovery } else { Kind::Drill };
            ledger.ask(&request(execution, kind, servers, since, usage), at(second));
            let promised = ledger.reservations.len();
            let servers: usize = ledger.reservations.iter().map(|one| one.servers.len()).sum();
            prop_assert!(jobs as usize + promised <= 20);
            prop_assert!(servers_in_jobs as usize + servers <= 500);
        }
    }
}
