//! What people do in a run: make the plans, start them, command them, and close what is open
//! at the end. They are honest: nobody says that DRS launched nothing while it did.

use std::sync::Arc;

use domain::execution::batch::attempt_tag;
use domain::execution::batch_state::BatchState;
use domain::execution::command::Resolution;
use domain::execution::queries::holds::{Hold, HoldType, open_holds};
use domain::execution::queries::status::{Drive, drive};
use domain::execution::{Command, Execution, Outcome, ServerState};
use domain::{Kind, RecoveryPlanId, SourceServerId};
use engine::ports::execution_store::StoredExecution;
use engine::start::{Acknowledge, Confirm, Preempt, StartCommand};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use super::Stage;
use super::scheduler::{End, Role};
use crate::story::{Deed, StoryPlan};
use crate::translation;

/// When nothing else is wrong any more people look after what is held this often.
const SETTLE_EVERY: SignedDuration = SignedDuration::from_mins(5);

impl Stage<'_> {
    /// Groups and plans are made before any trouble begins.
    pub(super) fn prepare(&mut self) {
        for plan in &self.story.plans {
            let mut ids = Vec::new();
            for draft in &plan.groups {
                let group = self.engine.create_group(draft, "operator").now_or_never();
                match group {
                    Some(Ok(group)) => ids.push(group.id.to_string()),
                    other => panic!("a group of seed {} is none: {other:?}", self.story.seed),
                }
            }
            let mut draft = plan.draft.clone();
            for wave in &mut draft.waves {
                for group in &mut wave.protection_groups {
                    let number: usize = group.parse().expect("groups of a story are numbers");
                    group.clone_from(&ids[number]);
                }
            }
            match self.engine.create_plan(&draft).now_or_never() {
                Some(Ok(plan)) => self.plans.push(plan.id),
                other => panic!("a plan of seed {} is none: {other:?}", self.story.seed),
            }
        }
    }

    pub(super) fn next_of_people(&self) -> Option<Timestamp> {
        let deed = self.story.deeds.get(self.next_deed);
        let deed = deed.map(|(at, ..)| self.begun + SignedDuration::from_secs(i64::from(*at)));
        let settling = self.is_calm.then_some(self.settles_at);
        deed.into_iter().chain(settling).min()
    }

    pub(super) fn people(&mut self, now: Timestamp) {
        while let Some(&(at, plan, deed)) = self.story.deeds.get(self.next_deed) {
            if self.begun + SignedDuration::from_secs(i64::from(at)) > now {
                break;
            }
            self.next_deed += 1;
            self.deed(plan, deed, now);
        }
        if self.is_calm && now >= self.settles_at {
            self.settles_at = now + SETTLE_EVERY;
            self.settle(now);
        }
    }

    fn deed(&mut self, plan: usize, deed: Deed, now: Timestamp) {
        self.process
            .note(|| format!("a person: {deed:?} of plan {plan}"));
        if matches!(deed, Deed::Start | Deed::Recover) {
            return self.start(plan, deed, now);
        }
        let id = self.plans[plan].clone();
        for stored in self.latest.executions() {
            if stored.execution.head.plan.id != id {
                continue;
            }
            for command in self.commands(&stored, deed) {
                self.command(&stored, command, now);
            }
        }
    }

    fn start(&mut self, number: usize, deed: Deed, now: Timestamp) {
        let plan = &self.story.plans[number];
        let id = self.plans[number].clone();
        let wish = if deed == Deed::Recover {
            let current = self.latest.current();
            let earlier = current.filter(|stored| stored.execution.head.plan.id == id);
            recovery(plan, id.clone(), earlier)
        } else {
            wish(plan, id, plan.kind)
        };
        let engine = Arc::clone(&self.engine);
        let number = self.enter(Role::Start, now, async move {
            End::Started(engine.start_execution(&wish).await.map(|_| ()))
        });
        self.checker.start_asked(number);
    }

    fn command(&mut self, stored: &StoredExecution, command: Command, now: Timestamp) {
        let engine = Arc::clone(&self.engine);
        let id = stored.execution.head.id.clone();
        let request = translation::request(&stored.execution, &command);
        self.seen.commands += 1;
        let number = self.enter(Role::Command, now, async move {
            End::Commanded(engine.command(&id, "operator", command).await.map(|_| ()))
        });
        self.checker.asked(number, request);
    }

    fn commands(&self, stored: &StoredExecution, deed: Deed) -> Vec<Command> {
        let execution = &stored.execution;
        let waves = execution.waves.len();
        if let Deed::Retry(wave) | Deed::RetryNamed(wave) | Deed::Skip(wave) = deed
            && wave >= waves
        {
            // A story that was made simpler has lost the wave that somebody meant.
            return Vec::new();
        }
        let key = |wave: usize| execution.waves[wave].head.key.clone();
        let because = || "the seed says so".to_owned();
        let cancel = |give_up_on| Command::Cancel {
            reason: None,
            give_up_on,
        };
        match deed {
            Deed::Start | Deed::Recover => Vec::new(),
            Deed::Pause => vec![Command::Pause],
            Deed::Resume => {
                // Who sees nothing to open may press all the same.
                let first = self.resumes(execution).into_iter().next();
                vec![first.unwrap_or_else(|| Command::Resume {
                    holds: Vec::new(),
                    comment: Some(because()),
                })]
            }
            Deed::ResumeAll => self.resumes(execution),
            Deed::Cancel => vec![cancel(Vec::new())],
            Deed::CancelAndGiveUp => vec![cancel(in_flight(execution))],
            Deed::Retry(wave) => vec![Command::Retry {
                wave: key(wave),
                servers: None,
                reason: None,
            }],
            Deed::RetryNamed(wave) => {
                let mut servers = execution.waves[wave].servers();
                let lame = |state| matches!(state, ServerState::Failed | ServerState::Unknown);
                let named = servers.find(|server| lame(server.state));
                named
                    .map(|server| Command::Retry {
                        wave: key(wave),
                        servers: Some(vec![server.id.clone()]),
                        reason: Some(because()),
                    })
                    .into_iter()
                    .collect()
            }
            Deed::Skip(wave) => vec![Command::Skip {
                wave: key(wave),
                reason: because(),
            }],
            Deed::ResolveNothing => "undecided-99"
                .parse()
                .ok()
                .map(|hold| Command::Resolve {
                    hold,
                    resolution: Resolution::NoJob(because()),
                })
                .into_iter()
                .collect(),
            Deed::CleanUp => vec![Command::TerminateInstances {
                confirm: execution.head.plan.name.clone(),
            }],
        }
    }

    /// One command for each hold that an honest person can open.
    fn resumes(&self, execution: &Execution) -> Vec<Command> {
        open_holds(execution)
            .into_iter()
            .filter(|hold| hold.kind != HoldType::Undecided || self.is_absent(execution, hold))
            .map(|hold| match hold.kind {
                HoldType::Undecided => Command::Resolve {
                    hold: hold.id,
                    resolution: Resolution::NoJob("DRS's console shows none".to_owned()),
                },
                HoldType::Gate | HoldType::Failure | HoldType::Manual => Command::Resume {
                    holds: vec![hold.id],
                    comment: Some("the seed says so".to_owned()),
                },
            })
            .collect()
    }

    /// Whether DRS has no job of an undecided attempt: a person looks at DRS's own console.
    fn is_absent(&self, execution: &Execution, hold: &Hold) -> bool {
        let world = self
            .world
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        execution.batches().all(|(at, batch)| {
            let BatchState::Undecided { hold: own, .. } = &batch.state else {
                return true;
            };
            let tag = attempt_tag(&execution.head.id, at, batch.attempt);
            let has_tag = |job: drs_simulator::JobRecord<'_>| {
                job.tags().get(engine::TAG_ATTEMPT) == Some(&tag)
            };
            *own != hold.id || !world.job_records().any(has_tag)
        })
    }

    /// When the faults are over people close what is open: the run must come to its end.
    fn settle(&mut self, now: Timestamp) {
        for stored in self.latest.executions() {
            let execution = &stored.execution;
            if drive(execution) != Drive::Held {
                continue;
            }
            if execution.has_ended() {
                for command in self.resumes(execution) {
                    self.command(&stored, command, now);
                }
            } else {
                let command = Command::Cancel {
                    reason: None,
                    give_up_on: in_flight(execution),
                };
                self.command(&stored, command, now);
            }
        }
    }
}

fn in_flight(execution: &Execution) -> Vec<SourceServerId> {
    let waits = |state| matches!(state, ServerState::Launching | ServerState::Reconciling);
    execution
        .servers()
        .filter(|server| waits(server.state))
        .map(|server| server.id.clone())
        .collect()
}

/// Drills that live give way; a recovery that has ended without all its servers is continued.
fn recovery<'a>(
    plan: &StoryPlan,
    id: RecoveryPlanId,
    earlier: impl Iterator<Item = &'a StoredExecution>,
) -> StartCommand {
    let mut wish = wish(plan, id, Kind::Recovery);
    let mut earlier: Vec<&StoredExecution> = earlier.collect();
    earlier.sort_by_key(|stored| {
        let ending = stored.execution.head.ending.as_ref();
        ending.map(|ending| ending.at)
    });
    for stored in earlier {
        let execution = &stored.execution;
        let id = execution.head.id.clone();
        let ending = execution.head.ending.as_ref();
        match (execution.head.kind, ending.map(|ending| ending.outcome)) {
            (Kind::Drill, None) => wish.preempt.push(Preempt {
                execution: id,
                reason: "the seed says so".to_owned(),
            }),
            (Kind::Recovery, Some(outcome)) if outcome != Outcome::Completed => {
                wish.continue_from = Some(id);
            }
            (Kind::Drill | Kind::Recovery, _) => {}
        }
    }
    wish
}

fn wish(plan: &StoryPlan, id: RecoveryPlanId, kind: Kind) -> StartCommand {
    let servers: usize = plan.groups.iter().map(|group| group.servers.len()).sum();
    StartCommand {
        plan: id,
        kind,
        by: "operator".to_owned(),
        confirm: (kind == Kind::Recovery).then(|| Confirm {
            recovery_plan_name: plan.draft.name.clone(),
            server_count: u32::try_from(servers).unwrap_or(u32::MAX),
            reason: "the seed says so".to_owned(),
        }),
        acknowledge: Acknowledge {
            unverified: plan.blind.then(|| "the seed says so".to_owned()),
            ..Acknowledge::default()
        },
        replace_instances: Vec::new(),
        outage_declared_at: None,
        preempt: Vec::new(),
        continue_from: None,
    }
}
