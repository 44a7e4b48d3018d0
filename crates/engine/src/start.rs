//! Starting an execution: everything that can refuse it is asked before anything is taken.

mod verdicts;

use std::collections::{BTreeMap, BTreeSet};

use domain::counted::counted;
use domain::execution::creation::StartRequest;
use domain::execution::event::{LaunchLook, WorldFault};
use domain::execution::take_over::TakeOverProgress;
use domain::execution::{Execution, NoteCode, creation};
use domain::launchability::{Consent, ReplaceInstance};
use domain::name::is_same_text;
use domain::recovery_plan::RecoveryPlan;
use domain::recovery_plan::draft::Groups;
use domain::text::{Hostname, some_of};
use domain::{
    ExecutionId, Fault, FaultCode, Kind, Place, ProtectionGroupId, RecoveryPlanId, SourceServerId,
};
use jiff::{SignedDuration, Timestamp};

use crate::error::NAMED_MAX;
use crate::locks::{LockScope, keys, owner};
use crate::ports::StoreError;
use crate::ports::execution_store::{Stage, StoredExecution, Taken};
use verdicts::Verdicts;

use crate::{About, Engine, EngineError, InvalidCode, RefusalCode, event_log};

/// How often a start begins anew because the plan was changed under it.
const ROUNDS_MAX: u32 = 3;
/// How long the first machine may take to come.
const FIRST_MACHINE: SignedDuration = SignedDuration::from_secs(60);
/// How far ahead a clock may be.
const CLOCKS_DIFFER_MAX: SignedDuration = SignedDuration::from_mins(5);

/// The command to start an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCommand {
    /// Of this plan.
    pub plan: RecoveryPlanId,
    /// Drill or recovery.
    pub kind: Kind,
    /// Who.
    pub by: String,
    /// What a recovery must repeat.
    pub confirm: Option<Confirm>,
    /// What is acknowledged.
    pub acknowledge: Acknowledge,
    /// Live instances of recoveries that may be destroyed.
    pub replace_instances: Vec<ReplaceInstance>,
    /// When the outage was declared.
    pub outage_declared_at: Option<Timestamp>,
    /// Drills that give way to a recovery.
    pub preempt: Vec<Preempt>,
    /// The ended recovery whose instances a recovery carries on with.
    pub continue_from: Option<ExecutionId>,
}

/// A drill that gives way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preempt {
    /// The drill.
    pub execution: ExecutionId,
    /// Why.
    pub reason: String,
}

/// What a recovery must repeat, so that nobody starts one by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// The plan's name.
    pub recovery_plan_name: String,
    /// How many servers it launches.
    pub server_count: u32,
    /// Why.
    pub reason: String,
}

/// What is acknowledged, each with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acknowledge {
    /// A drill of a group that nobody has said to be isolated.
    pub not_isolated: Option<String>,
    /// A drill with stalled or lagging servers.
    pub lag: Option<String>,
    /// A recovery while DRS cannot be looked at.
    pub unverified: Option<String>,
}

impl Engine {
    /// Starts an execution, or refuses with the first reason that holds.
    pub async fn start_execution(
        &self,
        command: &StartCommand,
    ) -> Result<StoredExecution, EngineError> {
        for _ in 0..ROUNDS_MAX {
            if let Some(stored) = self.try_start(command).await? {
                return Ok(stored);
            }
        }
        Err(EngineError::refused(
            RefusalCode::NotAllowedNow,
            "The plan, or one of its protection groups, is being changed. Try again.",
        ))
    }

    /// One round; nothing where the plan was changed under it.
    async fn try_start(
        &self,
        command: &StartCommand,
    ) -> Result<Option<StoredExecution>, EngineError> {
        let Some((plan, groups)) = self.plan_with_groups(&command.plan).await? else {
            return Ok(None);
        };
        let id = self.new_execution_id()?;
        let waits = self.settings.waits;
        let mut execution =
            creation::execution(id, &plan, &groups, request(command), waits, self.now());
        refuse_empty(&execution)?;
        refuse_outage_to_come(command, self.now())?;
        refuse_unconfirmed(command, &execution)?;
        let predecessors = self.predecessors(command).await?;
        let locks = keys(&execution, LockScope::PlanAndServers);
        let holding = self.refuse_if_locked(&locks, &predecessors.ids).await?;
        predecessors.consent_to(&mut execution.head.consent);
        refuse_not_isolated(command, &plan, &groups)?;
        self.look_and_judge(command, &mut execution).await?;
        self.accept(execution, plan.version, command, &holding)
            .await
    }

    /// The plan with all of its groups; nothing where one of them is being deleted just now,
    /// because less than all of them would run as if that were the plan.
    async fn plan_with_groups(
        &self,
        id: &RecoveryPlanId,
    ) -> Result<Option<(RecoveryPlan, Groups)>, EngineError> {
        let plan = self.plan(id).await?;
        let ids: BTreeSet<ProtectionGroupId> = plan
            .content
            .waves
            .iter()
            .flat_map(|wave| wave.protection_groups.clone())
            .collect();
        let ids: Vec<ProtectionGroupId> = ids.into_iter().collect();
        let groups = self.ports.store.groups(&ids).await?;
        if groups.len() < ids.len() {
            return Ok(None);
        }
        let groups = groups
            .into_iter()
            .map(|group| (group.id.clone(), group))
            .collect();
        Ok(Some((plan, groups)))
    }

    fn new_execution_id(&self) -> Result<ExecutionId, EngineError> {
        let text = self.ports.ids.uuid();
        text.parse().map_err(|error: domain::ids::InvalidId| {
            StoreError::Corrupt(format!("a fresh id is none: {error}")).into()
        })
    }

    /// Looks at every server at DRS, fills in what is seen, and refuses what must be refused.
    async fn look_and_judge(
        &self,
        command: &StartCommand,
        execution: &mut Execution,
    ) -> Result<(), EngineError> {
        let mut places: BTreeMap<Place, Vec<SourceServerId>> = BTreeMap::new();
        for (_, batch) in execution.batches() {
            let ids = batch.servers.iter().map(|server| server.id.clone());
            places.entry(batch.place.clone()).or_default().extend(ids);
        }
        let mut verdicts = Verdicts::default();
        for (place, servers) in places {
            match self.check_before_launch(&place, &servers, &[]).await? {
                Err(failed) => {
                    refuse_unverified(command, execution, &place, &failed.fault)?;
                    verdicts.add_seen(
                        &failed.live_instances,
                        command.kind,
                        &execution.head.consent,
                    );
                }
                Ok(look) => {
                    verdicts.add(&look, command.kind, &execution.head.consent);
                    fill_in(execution, &look);
                }
            }
        }
        verdicts.refuse(command.kind)
    }

    /// Takes the locks and lets the execution live.
    async fn accept(
        &self,
        execution: Execution,
        plan_version: u64,
        command: &StartCommand,
        holding: &[ExecutionId],
    ) -> Result<Option<StoredExecution>, EngineError> {
        let acquiring = StoredExecution {
            execution,
            version: 1,
            stage: Stage::Acquiring,
            events: 0,
            last_hash: String::new(),
            driven_until: self.owner_expiry(),
            starts: 0,
        };
        let store = &self.ports.store;
        store.create_execution(&acquiring).await?;
        if let Err(error) = self.take_all(command, &acquiring, holding).await {
            self.roll_back(&acquiring).await?;
            return Err(error);
        }
        // With the lock on the plan nobody changes it any more; it may have been changed before.
        let unchanged = store
            .plan(&acquiring.execution.head.plan.id)
            .await?
            .is_some_and(|plan| plan.version == plan_version);
        if !unchanged {
            self.roll_back(&acquiring).await?;
            return Ok(None);
        }
        let live = self.live(&acquiring).await?;
        self.start_machine_or_leave(&live).await;
        Ok(Some(live))
    }

    /// Takes all locks, those of executions that give way among them.
    async fn take_all(
        &self,
        command: &StartCommand,
        acquiring: &StoredExecution,
        holding: &[ExecutionId],
    ) -> Result<(), EngineError> {
        let recovery = &acquiring.execution;
        let locks = keys(recovery, LockScope::PlanAndServers);
        self.preempt_holders(command, recovery, holding, TakeOverProgress::Announced)
            .await?;
        self.take_locks(&locks, &owner(acquiring), holding).await?;
        self.preempt_holders(command, recovery, holding, TakeOverProgress::Done)
            .await
    }

    async fn live(&self, acquiring: &StoredExecution) -> Result<StoredExecution, EngineError> {
        let head = &acquiring.execution.head;
        let now = self.now();
        let note = domain::execution::Note {
            code: NoteCode::ExecutionCreated,
            wave: None,
            text: format!(
                "{} of plan {} (version {}) with {} in {}",
                head.kind.word(),
                head.plan.name,
                head.plan.version,
                counted(acquiring.execution.servers().count(), "server", "servers"),
                counted(acquiring.execution.waves.len(), "wave", "waves")
            )
            .into(),
            actor: Some(head.initiated_by.clone()),
        };
        let events = event_log::chain(vec![note], 0, "", now);
        let live = StoredExecution {
            version: acquiring.version + 1,
            stage: Stage::Live,
            events: 1,
            last_hash: events
                .last()
                .map_or_else(String::new, |event| event.hash.clone()),
            driven_until: now + FIRST_MACHINE,
            ..acquiring.clone()
        };
        match self
            .ports
            .store
            .save_execution(acquiring, &live, &events)
            .await
        {
            Ok(()) => Ok(live),
            // Somebody took it for dead and has rolled it back; locks that were taken after
            // that are given back here.
            Err(StoreError::Stale) => {
                let locks = keys(&acquiring.execution, LockScope::PlanAndServers);
                self.free(&locks, &owner(acquiring), Taken::Ever).await?;
                let text = "Starting took too long. Try again.";
                Err(EngineError::refused(RefusalCode::NotAllowedNow, text))
            }
            // The answer was lost: what was saved is asked of the table.
            Err(error @ StoreError::Unavailable(_)) => {
                match self.load(&live.execution.head.id).await {
                    Ok(stored) => Ok(stored),
                    Err(_) => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn request(command: &StartCommand) -> StartRequest {
    StartRequest {
        kind: command.kind,
        by: command.by.clone(),
        reason: command
            .confirm
            .as_ref()
            .map(|confirm| confirm.reason.clone()),
        consent: Consent {
            lag: command.acknowledge.lag.clone(),
            unverified: command.acknowledge.unverified.clone(),
            replace_instances: command.replace_instances.clone(),
            continues: command.continue_from.clone(),
            continues_earlier: Vec::new(),
            preempts: command
                .preempt
                .iter()
                .map(|one| one.execution.clone())
                .collect(),
        },
        not_isolated: command.acknowledge.not_isolated.clone(),
        outage_declared_at: command.outage_declared_at,
    }
}

/// Groups may have shrunk since the plan was saved.
fn refuse_empty(execution: &Execution) -> Result<(), EngineError> {
    match execution
        .waves
        .iter()
        .find(|wave| wave.servers().next().is_none())
    {
        None => Ok(()),
        Some(wave) => {
            let detail = format!("Wave `{}` has no servers any more.", wave.head.key);
            Err(EngineError::refused(RefusalCode::NotAllowedNow, detail))
        }
    }
}

/// The time from the outage to the recovery is proof for auditors, so it cannot begin later than it
/// ends. Clocks of people and of functions may differ a little.
fn refuse_outage_to_come(command: &StartCommand, now: Timestamp) -> Result<(), EngineError> {
    let to_come = command
        .outage_declared_at
        .is_some_and(|at| at > now + CLOCKS_DIFFER_MAX);
    if !to_come {
        return Ok(());
    }
    let message = "an outage is declared when it has begun, and this time is to come";
    Err(EngineError::Invalid {
        code: InvalidCode::Request,
        faults: vec![Fault::new(
            "outageDeclaredAt",
            FaultCode::OutOfRange,
            message,
        )],
    })
}

fn refuse_unconfirmed(command: &StartCommand, execution: &Execution) -> Result<(), EngineError> {
    if command.kind == Kind::Drill {
        return Ok(());
    }
    let Some(confirm) = &command.confirm else {
        let message = "a recovery repeats the plan's name and the number of servers, with a reason";
        return Err(EngineError::Invalid {
            code: InvalidCode::Request,
            faults: vec![Fault::new("confirm", FaultCode::Required, message)],
        });
    };
    let name = &execution.head.plan.name;
    let servers = execution.servers().count();
    let mut wrong = Vec::new();
    if !is_same_text(&confirm.recovery_plan_name, name) {
        let named = &confirm.recovery_plan_name;
        wrong.push(format!("The plan's name is {name}, not {named}."));
    }
    if usize::try_from(confirm.server_count) != Ok(servers) {
        let given = confirm.server_count;
        wrong.push(format!(
            "This recovery launches {}, not {given}.",
            counted(servers, "server", "servers")
        ));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let code = RefusalCode::ConfirmationMismatch;
    Err(EngineError::refused(code, wrong.join(" ")))
}

fn refuse_not_isolated(
    command: &StartCommand,
    plan: &RecoveryPlan,
    groups: &Groups,
) -> Result<(), EngineError> {
    if command.kind == Kind::Recovery || command.acknowledge.not_isolated.is_some() {
        return Ok(());
    }
    let used: BTreeSet<&ProtectionGroupId> = plan
        .content
        .waves
        .iter()
        .flat_map(|wave| &wave.protection_groups)
        .collect();
    let open: Vec<(String, String)> = used
        .into_iter()
        .filter_map(|id| groups.get(id))
        .filter(|group| group.drill_isolation.is_none())
        .map(|group| (group.id.to_string(), group.name.to_string()))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let names = open.iter().map(|(_, name)| name);
    let detail = format!(
        "Nobody has written down how drills of these groups are isolated: {}. The servers would \
         start in the network of their launch templates.",
        some_of(names, NAMED_MAX)
    );
    let about = About {
        groups: open,
        ..About::default()
    };
    Err(EngineError::refused_about(
        RefusalCode::DrillIsolationNotConfirmed,
        detail,
        about,
    ))
}

/// What cannot be verified is never taken for fine (law 6).
fn refuse_unverified(
    command: &StartCommand,
    execution: &mut Execution,
    place: &Place,
    fault: &WorldFault,
) -> Result<(), EngineError> {
    // What cannot be seen cannot be carried on with.
    let can_go_blind = command.continue_from.is_none();
    if command.kind == Kind::Recovery && command.acknowledge.unverified.is_some() && can_go_blind {
        let text = format!("nothing could be verified in {place}: {}", fault.text);
        execution.head.warnings.push(text.into());
        return Ok(());
    }
    let detail = format!(
        "The servers in {place} could not be looked at: {}.",
        fault.text
    );
    Err(EngineError::refused(RefusalCode::CouldNotVerify, detail))
}

fn fill_in(execution: &mut Execution, look: &LaunchLook) {
    let names: BTreeMap<&SourceServerId, &Hostname> = look
        .servers
        .iter()
        .filter_map(|seen| Some((&seen.id, seen.server.as_ref()?.hostname.as_ref()?)))
        .collect();
    for batch in execution
        .waves
        .iter_mut()
        .flat_map(|wave| &mut wave.batches)
    {
        for server in &mut batch.servers {
            if let Some(name) = names.get(&server.id) {
                server.hostname = Some((*name).clone());
            }
        }
    }
}
