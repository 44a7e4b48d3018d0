//! Groups, plans and executions to store, small and as large as they get.

use std::collections::BTreeMap;

use domain::execution::batch::{BatchJob, JobStatus};
use domain::execution::batch_state::{BatchState, Following};
use domain::execution::clean_up::{CleanUpInstance, CleanUpInstanceState};
use domain::execution::creation::{StartRequest, execution};
use domain::execution::outcome::Outcome;
use domain::execution::server::Phase;
use domain::execution::{Ending, Note, NoteCode, ServerState, Waits};
use domain::launchability::Consent;
use domain::protection_group::ProtectionGroup;
use domain::recovery_plan::{Gating, Need, PlanContent, PlannedWave, RecoveryPlan};
use domain::source_server::{DrillFlag, RecoveryInstance};
use domain::{Kind, Place, ProtectionGroupId, SourceServerId};
use engine::ports::PageRequest;
use engine::ports::execution_store::{LockOwner, Stage, StoredEvent, StoredExecution};
use jiff::{SignedDuration, Timestamp};

pub(crate) fn uuid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    "2026-11-23T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

pub(crate) fn place() -> Place {
    Place {
        account: "111122223333".parse().unwrap(),
        region: "us-west-2".parse().unwrap(),
    }
}

pub(crate) fn server(number: usize) -> SourceServerId {
    format!("s-{number:017x}").parse().unwrap()
}

pub(crate) fn servers(numbers: std::ops::Range<usize>) -> Vec<SourceServerId> {
    numbers.map(server).collect()
}

pub(crate) fn page(limit: usize) -> PageRequest {
    PageRequest { limit, after: None }
}

pub(crate) fn group_id(number: u32) -> ProtectionGroupId {
    uuid(number).parse().unwrap()
}

pub(crate) fn group(number: u32, name: &str, servers: Vec<SourceServerId>) -> ProtectionGroup {
    ProtectionGroup {
        id: group_id(number),
        name: name.parse().unwrap(),
        description: "what it is for".to_owned(),
        place: place(),
        servers,
        drill_isolation: None,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A plan with one wave a group, none waiting for another.
pub(crate) fn plan(number: u32, name: &str, groups: &[ProtectionGroupId]) -> RecoveryPlan {
    let waves = groups.iter().enumerate().map(|(index, group)| PlannedWave {
        key: format!("wave-{index}").parse().unwrap(),
        name: format!("Wave {index}"),
        protection_groups: vec![group.clone()],
        servers: None,
        depends_on: Vec::new(),
        gate: Gating::Ungated,
        need: Need::All,
        on_failure: None,
        time_limit_minutes: 240,
    });
    RecoveryPlan {
        id: uuid(number).parse().unwrap(),
        content: PlanContent {
            name: name.parse().unwrap(),
            description: String::new(),
            waves: waves.collect(),
        },
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// An execution that takes its locks, with waves of so many servers.
pub(crate) fn acquiring(number: u32, waves: &[usize]) -> StoredExecution {
    acquiring_of(number, 9_000, Kind::Drill, at(0), waves)
}

pub(crate) fn acquiring_of(
    number: u32,
    plan_number: u32,
    kind: Kind,
    accepted_at: Timestamp,
    waves: &[usize],
) -> StoredExecution {
    let mut groups = BTreeMap::new();
    let mut first = 0;
    for (index, count) in (0..).zip(waves) {
        let id = 1_000 + index;
        let members = servers(first..first + count);
        groups.insert(group_id(id), group(id, &format!("Group {id}"), members));
        first += count;
    }
    let ids: Vec<ProtectionGroupId> = groups.keys().cloned().collect();
    let request = StartRequest {
        kind,
        by: "operator@example.com".to_owned(),
        reason: Some("quarterly rehearsal".to_owned()),
        consent: Consent::default(),
        not_isolated: None,
        outage_declared_at: None,
    };
    StoredExecution {
        execution: execution(
            uuid(number).parse().unwrap(),
            &plan(plan_number, "Shop", &ids),
            &groups,
            request,
            Waits::DEFAULT,
            accepted_at,
        ),
        version: 1,
        stage: Stage::Acquiring,
        events: 0,
        last_hash: String::new(),
        driven_until: accepted_at + SignedDuration::from_secs(120),
        starts: 0,
    }
}

/// The same execution one save later.
pub(crate) fn next(before: &StoredExecution, stage: Stage) -> StoredExecution {
    StoredExecution {
        version: before.version + 1,
        stage,
        ..before.clone()
    }
}

pub(crate) fn owner(stored: &StoredExecution) -> LockOwner {
    LockOwner {
        execution: stored.execution.head.id.clone(),
        kind: stored.execution.head.kind,
        plan_name: stored.execution.head.plan.name.clone(),
        by: stored.execution.head.initiated_by.clone(),
        version: stored.version,
        taken_from: vec![uuid(77).parse().unwrap()],
    }
}

/// Events with these numbers.
pub(crate) fn events(numbers: std::ops::RangeInclusive<u64>) -> Vec<StoredEvent> {
    numbers
        .map(|number| StoredEvent {
            number,
            at: at(i64::try_from(number).unwrap()),
            note: Note {
                code: NoteCode::WaveStarted,
                wave: Some(0),
                text: format!("event {number}").into(),
                actor: None,
            },
            previous_hash: format!("{:064x}", number - 1),
            hash: format!("{number:064x}"),
        })
        .collect()
}

/// Every server as full of facts as a server gets, every batch followed.
pub(crate) fn fill(stored: &mut StoredExecution) {
    let mut number = 0_usize;
    for wave in &mut stored.execution.waves {
        for batch in &mut wave.batches {
            number += 1;
            let job = job(number);
            batch.attempt = 1;
            batch.state = BatchState::Following(Following {
                job: job.clone(),
                since: at(30),
                completed_looks: 0,
                completed_since: None,
                missing_looks: 0,
                missing_since: None,
                all_ended_since: None,
            });
            batch.jobs = vec![BatchJob {
                id: job.clone(),
                attempt: 1,
                status: JobStatus::Started,
                since: at(30),
                ended_at: None,
                log_error: Some("x".repeat(1_000).into()),
            }];
            for server in &mut batch.servers {
                server.hostname = Some(format!("{}.frankfurt.example.com", server.id).into());
                server.state = ServerState::Launched;
                server.phase = Some(Phase::Launch);
                server.attempts = 1;
                server.job = Some(job.clone());
                server.instance = Some(instance(&server.id, &job));
                server.warnings = vec![
                    "STOPPED_ON_PURPOSE: its launch configuration says so".into(),
                    "its snapshot failed, and an earlier one was used".into(),
                ];
                server.last_launch_before = Some(job.clone());
            }
        }
    }
}

pub(crate) fn job(number: usize) -> domain::JobId {
    format!("drsjob-{number:017x}").parse().unwrap()
}

fn instance(server: &SourceServerId, job: &domain::JobId) -> RecoveryInstance {
    RecoveryInstance {
        id: format!("i-{}", &server.as_str()[2..]).parse().unwrap(),
        server: Some(server.clone()),
        job: Some(job.clone()),
        drill: DrillFlag::Drill,
        ec2_state: Some("RUNNING".into()),
        private_ips: vec!["10.120.130.140".into(), "10.120.131.141".into()],
        recovery_point_at: Some(at(-90)),
        failback_state: Some("FAILBACK_NOT_STARTED".into()),
    }
}

/// Every instance of the execution on its way out.
pub(crate) fn clean_up(stored: &mut StoredExecution) {
    let instances: Vec<CleanUpInstance> = stored
        .execution
        .servers()
        .map(|server| CleanUpInstance {
            id: format!("i-{}", &server.id.as_str()[2..]).parse().unwrap(),
            server: server.id.clone(),
            place: place(),
            state: CleanUpInstanceState::Terminating,
            reason: Some("a job of somebody else has the server".into()),
            tries: 1,
            asked_at: Some(at(900)),
            absent_looks: 1,
            job: None,
            put_off_since: None,
            ended_before: None,
            unlisted_looks: 0,
            ending_since: None,
            unproved_looks: 0,
        })
        .collect();
    stored.execution.head.clean_up.instances = instances;
}

pub(crate) fn end(stored: &mut StoredExecution, outcome: Outcome) {
    stored.execution.head.ending = Some(Ending {
        outcome,
        reason: "0 of 4 servers launched".into(),
        at: at(600),
    });
}
