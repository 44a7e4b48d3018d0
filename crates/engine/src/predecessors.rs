//! A recovery goes before drills, and continues a recovery that has ended: their locks pass to
//! it, and what they have asked of DRS is followed to its end all the same.

use std::collections::BTreeSet;

use domain::execution::queries::take_over::may_be_continued;
use domain::execution::take_over::{TakeOver, TakeOverProgress};
use domain::execution::{Event, Execution};
use domain::launchability::Consent;
use domain::{ExecutionId, Fault, FaultCode, Kind, Place, SourceServerId};

use crate::advance::EffectMode;
use crate::ports::PageRequest;
use crate::ports::execution_store::ExecutionFilter;
use crate::start::StartCommand;
use crate::{Engine, EngineError, InvalidCode, RefusalCode};

/// Recoveries of a plan that are looked through at once.
const LATER_PER_PAGE: usize = 100;
/// Most drills that one start names.
pub const PREEMPT_MAX: usize = 20;

/// Who gives way to a start.
#[derive(Debug, Default)]
pub(crate) struct Predecessors {
    /// The drills, and the recovery that is continued.
    pub(crate) ids: Vec<ExecutionId>,
    /// Those that the recovery which is continued has carried on with itself.
    pub(crate) continued_before: Vec<ExecutionId>,
    /// The drills that gave way to it.
    pub(crate) preempted_before: Vec<ExecutionId>,
}

impl Predecessors {
    /// What the recovery that is continued was allowed, the one that continues it is allowed too.
    pub(crate) fn consent_to(self, consent: &mut Consent) {
        let mut preempts = self.preempted_before;
        preempts.retain(|id| !consent.preempts.contains(id));
        consent.preempts.extend(preempts);
        consent.continues_earlier = self.continued_before;
    }
}

impl Engine {
    /// The executions that give way to this start, where they may.
    pub(crate) async fn predecessors(
        &self,
        command: &StartCommand,
    ) -> Result<Predecessors, EngineError> {
        refuse_for_drills(command)?;
        let mut found = Predecessors::default();
        for (index, preempt) in command.preempt.iter().enumerate() {
            let path = format!("preempt[{index}].executionId");
            let drill = self.named(&preempt.execution, &path).await?;
            if drill.head.kind == Kind::Recovery {
                let detail = format!("{} is a recovery: only drills give way.", drill.head.id);
                return Err(EngineError::refused(RefusalCode::NotADrill, detail));
            }
            found.ids.push(drill.head.id.clone());
        }
        if let Some(id) = &command.continue_from {
            let before = self.named(id, "continueFrom").await?;
            self.refuse_to_continue(&before, command).await?;
            let consent = &before.head.consent;
            found.ids.push(before.head.id.clone());
            // What they still have in flight has its locks, which passed back to them when the
            // recovery that took them ended. They give way to the one that carries on with it.
            found.ids.extend(consent.takes_over_from());
            found.continued_before = consent.lineage();
            found.preempted_before.clone_from(&consent.preempts);
        }
        Ok(found)
    }

    /// Those who hold locks of the recovery start nothing more, and know whose their servers
    /// are now: they are told before the locks are taken, and again when they are.
    pub(crate) async fn preempt_holders(
        &self,
        command: &StartCommand,
        recovery: &Execution,
        holding: &[ExecutionId],
        progress: TakeOverProgress,
    ) -> Result<(), EngineError> {
        let servers: Vec<(Place, SourceServerId)> = recovery
            .batches()
            .flat_map(|(_, batch)| {
                let ids = batch.servers.iter().map(|server| server.id.clone());
                ids.map(|id| (batch.place.clone(), id))
            })
            .collect();
        let distinct: BTreeSet<&ExecutionId> = holding.iter().collect();
        for id in distinct {
            let take_over = TakeOver {
                to: recovery.head.id.clone(),
                by: command.by.clone(),
                reason: reason(command, id),
                servers: servers.clone(),
                progress,
            };
            self.advance(id, Event::TakenOver(take_over), EffectMode::LeaveAndWake)
                .await?;
            self.wake(id).await;
        }
        Ok(())
    }

    /// The recovery that carries on with this one, where there is one. Only the recoveries of
    /// its plan that came after its end are looked at.
    pub async fn continued_by(
        &self,
        execution: &Execution,
    ) -> Result<Option<ExecutionId>, EngineError> {
        let head = &execution.head;
        let ending = match (head.kind, &head.ending) {
            (Kind::Recovery, Some(ending)) => ending,
            (Kind::Recovery, None) | (Kind::Drill, _) => return Ok(None),
        };
        let filter = ExecutionFilter {
            plan: Some(head.plan.id.clone()),
            kind: Some(Kind::Recovery),
            started_after: Some(ending.at),
            ..ExecutionFilter::default()
        };
        let mut page = PageRequest {
            limit: LATER_PER_PAGE,
            after: None,
        };
        loop {
            let later = self.list_executions(&filter, &page).await?;
            let mut items = later.items.into_iter();
            if let Some(found) = items.find(|item| item.continues.as_ref() == Some(&head.id)) {
                return Ok(Some(found.id));
            }
            match later.next {
                None => return Ok(None),
                next => page.after = next,
            }
        }
    }

    /// Why this recovery cannot be continued now, by what is known of it and of others.
    async fn refuse_to_continue(
        &self,
        before: &Execution,
        command: &StartCommand,
    ) -> Result<(), EngineError> {
        may_be_continued(before)?;
        if before.head.plan.id != command.plan {
            let detail = "It was a recovery of another plan.";
            return Err(EngineError::refused(RefusalCode::NotAllowedNow, detail));
        }
        match self.continued_by(before).await? {
            None => Ok(()),
            Some(later) => {
                let detail = continued_already(&later);
                Err(EngineError::refused(RefusalCode::NotAllowedNow, detail))
            }
        }
    }

    /// An execution that a request names: one that is not there is a fault of the request.
    async fn named(&self, id: &ExecutionId, path: &str) -> Result<Execution, EngineError> {
        match self.load(id).await {
            Ok(stored) => Ok(stored.execution),
            Err(EngineError::NotFound { .. }) => {
                let message = format!("there is no execution {id}");
                Err(invalid(vec![Fault::new(
                    path,
                    FaultCode::UnknownExecution,
                    message,
                )]))
            }
            Err(error) => Err(error),
        }
    }
}

/// Why an execution gives way to this start: it is named, or it has given way to the one that is
/// continued.
fn reason(command: &StartCommand, id: &ExecutionId) -> String {
    let preempt = command.preempt.iter().find(|one| one.execution == *id);
    match (preempt, &command.continue_from) {
        (Some(preempt), _) => preempt.reason.clone(),
        (None, Some(continued)) if continued != id => {
            format!("it gave way to recovery {continued}, which is continued")
        }
        (None, Some(_) | None) => "it is continued".to_owned(),
    }
}

fn refuse_for_drills(command: &StartCommand) -> Result<(), EngineError> {
    let mut faults = Vec::new();
    if command.kind == Kind::Drill {
        let only = "only a RECOVERY can do this";
        if !command.preempt.is_empty() {
            faults.push(Fault::new("preempt", FaultCode::NotTogether, only));
        }
        if command.continue_from.is_some() {
            faults.push(Fault::new("continueFrom", FaultCode::NotTogether, only));
        }
    }
    if command.preempt.len() > PREEMPT_MAX {
        let message = format!("at most {PREEMPT_MAX} drills");
        faults.push(Fault::new("preempt", FaultCode::TooLong, message));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(invalid(faults))
    }
}

/// Why a recovery that is continued already is not continued once more.
pub fn continued_already(later: &ExecutionId) -> String {
    format!(
        "It is continued already, by recovery {later}. Continue that one, if it ended too early."
    )
}

fn invalid(faults: Vec<Fault>) -> EngineError {
    EngineError::Invalid {
        code: InvalidCode::Request,
        faults,
    }
}
