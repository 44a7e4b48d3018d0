//! What people do in a run: make the plan, start it, command it, and close what is open at the
//! end.

use domain::execution::status::{Drive, drive, open_holds};
use domain::execution::{Command, ServerState};
use domain::protection_group::{GroupDraft, ProtectionGroup};
use domain::recovery_plan::draft::PlanDraft;
use domain::{Kind, RecoveryPlanId};
use engine::ports::execution_store::StoredExecution;
use engine::start::{Acknowledge, Confirm, Start};
use engine::{Engine, EngineError};
use futures::FutureExt;

use super::Stage;
use crate::story::{Deed, Story};

impl Stage {
    pub(super) fn prepare(&mut self, story: &Story) -> RecoveryPlanId {
        let mut ids = Vec::new();
        for draft in &story.groups {
            let made = self.engine.create_group(draft, "operator");
            let group = retry(made, &self.engine, draft);
            ids.push(group);
        }
        let mut plan: PlanDraft = story.plan.clone();
        for wave in &mut plan.waves {
            for group in &mut wave.protection_groups {
                let number: usize = group.parse().expect("groups of a story are numbers");
                group.clone_from(&ids[number]);
            }
        }
        let made = self.engine.create_plan(&plan).now_or_never();
        match made {
            Some(Ok(plan)) => plan.id,
            other => panic!("the plan of seed {} is no plan: {other:?}", story.seed),
        }
    }

    pub(super) fn start(&mut self, story: &Story, plan: &RecoveryPlanId) {
        let servers: usize = story.groups.iter().map(|group| group.servers.len()).sum();
        let wish = Start {
            plan: plan.clone(),
            kind: story.kind,
            by: "operator".to_owned(),
            confirm: (story.kind == Kind::Recovery).then(|| Confirm {
                recovery_plan_name: story.plan.name.clone(),
                server_count: u32::try_from(servers).unwrap_or(u32::MAX),
                reason: "the seed says so".to_owned(),
            }),
            acknowledge: Acknowledge::default(),
            replace_instances: Vec::new(),
            outage_declared_at: None,
            preempt: Vec::new(),
            continue_from: None,
        };
        let engine = self.engine.clone();
        match self.invoke(story.death, |_| async move {
            engine.start_execution(&wish).await
        }) {
            Some(Ok(stored)) => self.know(&stored.execution.head.id),
            Some(Err(error)) => self.refused = Some(error.to_string()),
            None => {}
        }
    }

    pub(super) fn deed(&mut self, story: &Story, plan: &RecoveryPlanId, deed: Deed) {
        if deed == Deed::StartAgain {
            return self.start(story, plan);
        }
        for stored in self.stored() {
            let id = stored.execution.head.id.clone();
            for command in commands(&stored, deed) {
                let engine = self.engine.clone();
                let id = id.clone();
                // A refusal is a good answer; the checker sees that nothing changed by it.
                self.invoke(story.death, |_| async move {
                    engine.command(&id, "operator", command).await.map(|_| ())
                });
            }
        }
    }

    /// When the faults are over people close what is open: the run must come to its end.
    pub(super) fn settle_people(&mut self) {
        for stored in self.stored() {
            let execution = &stored.execution;
            if execution.has_ended() || drive(execution) != Drive::Held {
                continue;
            }
            let give_up_on = execution
                .servers()
                .filter(|server| server.state == ServerState::Reconciling)
                .map(|server| server.id.clone())
                .collect();
            let engine = self.engine.clone();
            let id = execution.head.id.clone();
            let command = Command::Cancel {
                reason: None,
                give_up_on,
            };
            self.invoke(0.0, |_| async move {
                engine.command(&id, "operator", command).await.map(|_| ())
            });
        }
    }
}

fn commands(stored: &StoredExecution, deed: Deed) -> Vec<Command> {
    let execution = &stored.execution;
    let key = |wave: usize| execution.waves[wave].head.key.clone();
    match deed {
        Deed::Pause => vec![Command::Pause],
        Deed::Resume => open_holds(execution)
            .into_iter()
            .map(|hold| Command::Resume {
                holds: vec![hold.id],
                comment: Some("the seed says so".to_owned()),
            })
            .collect(),
        Deed::Cancel => vec![Command::Cancel {
            reason: None,
            give_up_on: Vec::new(),
        }],
        Deed::Retry(wave) => {
            vec![Command::Retry {
                wave: key(wave),
                servers: None,
                reason: None,
            }]
        }
        Deed::Skip(wave) => {
            vec![Command::Skip {
                wave: key(wave),
                reason: "the seed says so".to_owned(),
            }]
        }
        Deed::CleanUp => vec![Command::TerminateInstances {
            confirm: execution.head.plan.name.clone(),
        }],
        Deed::StartAgain => Vec::new(),
    }
}

/// Making a group looks at DRS, which may be throttling at first.
fn retry(
    first: impl Future<Output = Result<ProtectionGroup, EngineError>>,
    engine: &Engine,
    draft: &GroupDraft,
) -> String {
    let mut answer = first.now_or_never();
    for _ in 0..50 {
        match answer {
            Some(Ok(group)) => return group.id.to_string(),
            _ => answer = engine.create_group(draft, "operator").now_or_never(),
        }
    }
    panic!("a group of the story cannot be made: {answer:?}")
}
