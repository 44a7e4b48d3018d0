//! The look before a launch: complete and fresh, or no look at all.

mod predecessor_launches;

use std::collections::{BTreeMap, BTreeSet};

use domain::execution::batch::JobStatus;
use domain::execution::decision::LedgerChange;
use domain::execution::event::{FailedLook, FaultClass, LaunchLook, WorldFault};
use domain::execution::ledger::{Claimant, ListedJob};
use domain::execution::{BatchReference, Effect, Event, Execution};
use domain::launchability::{InstanceOwner, LiveInstance, ServerLook};
use domain::quota::Usage;
use domain::source_server::{DrillFlag, RecoveryInstance};
use domain::usable_region::unrecognised_in;
use domain::{ExecutionId, JobId, Kind, Place, SourceServerId};
use jiff::SignedDuration;

use crate::ports::drs::{DrsErrorClass, Job, JobFilter};
use crate::ports::{DrsError, StoreError};
use crate::{Engine, EngineError, TAG_ATTEMPT};

/// Jobs older than this are over, whatever they say. Native executions of DRS last 24 hours
/// at most; jobs are shorter.
const JOBS_SINCE: SignedDuration = SignedDuration::from_hours(48);

/// How often a ledger is tried that others keep writing.
const LEDGER_TRIES: u32 = 5;

impl Engine {
    /// Looks at servers that are about to be launched. A fault of DRS is what was seen; only a
    /// fault of our own table is an error.
    pub(crate) async fn check_before_launch(
        &self,
        place: &Place,
        servers: &[SourceServerId],
        taken_from: &[ExecutionId],
    ) -> Result<Result<LaunchLook, FailedLook>, EngineError> {
        // The ledger is read before DRS is: what it no longer has, because DRS showed it, DRS
        // shows to this look as well.
        let begun_at = self.now();
        let mut page = self.ports.store.ledger(place).await?;
        // Read before DRS is: what is no longer in doubt is shown by DRS.
        let predecessor_launches = self.predecessor_launches(place, taken_from).await?;
        let seen = match self.look_at_drs(place, servers).await {
            Ok(seen) => seen,
            Err((error, instances)) => {
                let mut failed = self.failed(place, servers, &error, &instances).await?;
                failed.in_doubt = predecessor_launches.all_in_doubt();
                failed.in_doubt.retain(|(id, _)| servers.contains(id));
                return Ok(Err(failed));
            }
        };
        let listed: Vec<ListedJob> = seen.all_jobs.iter().map(listed).collect();
        let hidden_for_at_most = self.settings.waits.hidden_for_at_most();
        page.ledger.settle(&listed, hidden_for_at_most, self.now());
        let (owners, launchers) = self.owners(&seen.instances).await?;
        let looks = servers
            .iter()
            .map(|id| {
                let shown = seen.look(id, &owners, &launchers);
                let hidden = || predecessor_launches.in_hidden_job(id, &seen.all_jobs);
                ServerLook {
                    in_doubt: predecessor_launches.in_doubt(id),
                    in_job: shown.in_job.clone().or_else(hidden),
                    ..shown
                }
            })
            .collect();
        Ok(Ok(LaunchLook {
            begun_at,
            servers: looks,
            usage: usage(&seen.jobs),
            limits: seen.limits,
            page,
        }))
    }

    /// What a look says that DRS did not answer whole.
    async fn failed(
        &self,
        place: &Place,
        servers: &[SourceServerId],
        error: &DrsError,
        instances: &[RecoveryInstance],
    ) -> Result<FailedLook, StoreError> {
        let (owners, _) = self.owners(instances).await?;
        let live = |id| {
            Some((
                SourceServerId::clone(id),
                live_instance(instances, id, &owners)?,
            ))
        };
        Ok(FailedLook {
            fault: fault_in(place, error),
            live_instances: servers.iter().filter_map(live).collect(),
            in_doubt: Vec::new(),
        })
    }

    /// Gives up the room that was promised to a launch which DRS has refused. Failing is no
    /// harm: the promise lapses.
    pub(crate) async fn give_up_room(
        &self,
        place: &Place,
        execution: &ExecutionId,
        batch: BatchReference,
    ) {
        let claimant = Claimant {
            execution: execution.clone(),
            batch,
        };
        for _ in 0..LEDGER_TRIES {
            let Err(error) = self.try_to_give_up_room(place, &claimant).await else {
                return;
            };
            if error != StoreError::StaleLedger {
                tracing::warn!(
                    execution.id = %claimant.execution,
                    "promised room is left to lapse: {error}"
                );
                return;
            }
        }
    }

    async fn try_to_give_up_room(
        &self,
        place: &Place,
        claimant: &Claimant,
    ) -> Result<(), StoreError> {
        let page = self.ports.store.ledger(place).await?;
        let mut ledger = page.ledger.clone();
        ledger.forget(claimant);
        if ledger == page.ledger {
            return Ok(());
        }
        let change = LedgerChange {
            place: place.clone(),
            read: page.version,
            ledger,
        };
        self.ports.store.save_ledger(&change).await
    }

    async fn look_at_drs(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Seen, (DrsError, Vec<RecoveryInstance>)> {
        let drs = &self.ports.drs;
        // Jobs before instances: a job that is over by the second look has its instances there,
        // and one that is not over is in the first.
        let all_jobs = self.recent_jobs(place).await;
        // What would be destroyed is told whatever else fails.
        let instances = drs.recovery_instances(place, servers).await;
        let instances = instances.map_err(|error| (error, Vec::new()))?;
        let others = async {
            let all_jobs = all_jobs?;
            let found = drs.source_servers(place, Some(servers)).await?;
            Ok((found, all_jobs, drs.limits(place).await?))
        };
        let (found, all_jobs, limits) = match others.await {
            Ok(others) => others,
            Err(error) => return Err((error, instances)),
        };
        let jobs = in_progress(all_jobs.clone());
        Ok(Seen {
            all_jobs,
            servers: found
                .into_iter()
                .map(|server| (server.id.clone(), server))
                .collect(),
            instances,
            jobs,
            limits,
        })
    }

    /// Jobs of a place that are not COMPLETED, ours and others'.
    pub(crate) async fn jobs_in_progress(&self, place: &Place) -> Result<Vec<Job>, DrsError> {
        Ok(in_progress(self.recent_jobs(place).await?))
    }

    async fn recent_jobs(&self, place: &Place) -> Result<Vec<Job>, DrsError> {
        let since = self.now() - JOBS_SINCE;
        self.ports.drs.jobs(place, JobFilter::Since(since)).await
    }

    /// Whose each live instance is, and the execution of ours that launched it.
    async fn owners(
        &self,
        instances: &[RecoveryInstance],
    ) -> Result<(BTreeMap<JobId, InstanceOwner>, BTreeMap<JobId, ExecutionId>), StoreError> {
        let jobs: Vec<JobId> = instances
            .iter()
            .filter_map(|instance| instance.job.clone())
            .collect();
        let known = self.ports.store.owners_of_jobs(&jobs).await?;
        let executions: BTreeSet<&ExecutionId> = known.values().collect();
        let mut drills = BTreeMap::new();
        for id in executions {
            if let Some(stored) = self.ports.store.execution(id).await? {
                let owner = match (stored.execution.head.kind, stored.execution.has_ended()) {
                    (Kind::Recovery, _) => InstanceOwner::Recovery,
                    (Kind::Drill, true) => InstanceOwner::EndedDrill(id.clone()),
                    (Kind::Drill, false) => InstanceOwner::LiveDrill(id.clone()),
                };
                drills.insert(id.clone(), owner);
            }
        }
        let owners = known
            .iter()
            .filter_map(|(job, id)| Some((job.clone(), drills.get(id)?.clone())))
            .collect();
        Ok((owners, known))
    }
}

/// The look that another launch has overtaken, once more.
pub(crate) fn again(execution: &Execution, event: &Event) -> Vec<Effect> {
    let Event::LaunchLooked { batch, .. } = event else {
        return Vec::new();
    };
    execution
        .batch(*batch)
        .map(|value| Effect::check_before_launch(execution, *batch, value))
        .into_iter()
        .collect()
}

fn in_progress(mut jobs: Vec<Job>) -> Vec<Job> {
    jobs.retain(|job| job.status < JobStatus::Completed);
    jobs
}

fn listed(job: &Job) -> ListedJob {
    ListedJob {
        tag: job.tags.get(TAG_ATTEMPT).cloned(),
        servers: job.servers.iter().map(|server| server.id.clone()).collect(),
        created_at: job.created_at,
    }
}

struct Seen {
    servers: BTreeMap<SourceServerId, domain::source_server::SourceServer>,
    instances: Vec<RecoveryInstance>,
    all_jobs: Vec<Job>,
    jobs: Vec<Job>,
    limits: domain::quota::Limits,
}

impl Seen {
    fn look(
        &self,
        id: &SourceServerId,
        owners: &BTreeMap<JobId, InstanceOwner>,
        launchers: &BTreeMap<JobId, ExecutionId>,
    ) -> ServerLook {
        let in_job = self
            .jobs
            .iter()
            .find(|job| job.servers.iter().any(|server| server.id == *id))
            .map(|job| job.id.clone());
        let live_instance = live_instance(&self.instances, id, owners);
        let live = |known: &LiveInstance| {
            let instance = self.instances.iter().find(|one| one.id == known.id)?;
            let launcher = launchers.get(instance.job.as_ref()?)?;
            Some((launcher.clone(), instance.clone()))
        };
        ServerLook {
            id: id.clone(),
            launched_here: live_instance.as_ref().and_then(live),
            in_doubt: None,
            server: self.servers.get(id).cloned(),
            in_job,
            live_instance,
        }
    }
}

/// The live instance of a server, as far as it was seen.
fn live_instance(
    instances: &[RecoveryInstance],
    id: &SourceServerId,
    owners: &BTreeMap<JobId, InstanceOwner>,
) -> Option<LiveInstance> {
    instances
        .iter()
        .filter(|instance| instance.server.as_ref() == Some(id) && instance.is_live())
        .map(|instance| LiveInstance {
            id: instance.id.clone(),
            owner: owner(instance, owners),
        })
        // Where DRS lists more than one, the one that matters most counts.
        .max_by_key(|live| match live.owner {
            InstanceOwner::FailingBack => 4,
            InstanceOwner::Recovery => 3,
            InstanceOwner::ForeignDrill => 2,
            InstanceOwner::LiveDrill(_) => 1,
            InstanceOwner::EndedDrill(_) => 0,
        })
}

/// Whose an instance is. What is not proved to be a drill's is taken for a recovery's.
fn owner(instance: &RecoveryInstance, owners: &BTreeMap<JobId, InstanceOwner>) -> InstanceOwner {
    if instance.is_failing_back() {
        return InstanceOwner::FailingBack;
    }
    match instance.drill {
        DrillFlag::Recovery | DrillFlag::Unsaid => InstanceOwner::Recovery,
        DrillFlag::Drill => instance
            .job
            .as_ref()
            .and_then(|job| owners.get(job))
            .cloned()
            .unwrap_or(InstanceOwner::ForeignDrill),
    }
}

/// What jobs in progress take of the quotas. Terminate jobs count.
pub(crate) fn usage(jobs: &[Job]) -> Usage {
    let servers: usize = jobs.iter().map(|job| job.servers.len()).sum();
    Usage {
        jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        servers_in_jobs: u32::try_from(servers).unwrap_or(u32::MAX),
    }
}

/// The same of a place, with what is known where it does not recognise this account.
fn fault_in(place: &Place, error: &DrsError) -> WorldFault {
    let fault = world_fault(error);
    if error.class != DrsErrorClass::NotRecognised {
        return fault;
    }
    let (_, known) = unrecognised_in(&place.region);
    let text = format!("{known} ({})", fault.text);
    WorldFault {
        text: text.into(),
        ..fault
    }
}

/// A fault of DRS as an execution is told it.
pub(crate) fn world_fault(error: &DrsError) -> WorldFault {
    let class = match error.class {
        DrsErrorClass::Denied | DrsErrorClass::NotRecognised => FaultClass::Denied,
        DrsErrorClass::NotInitialised => FaultClass::NotInitialised,
        DrsErrorClass::Throttled
        | DrsErrorClass::Conflict
        | DrsErrorClass::QuotaExceeded
        | DrsErrorClass::JobTooLarge
        | DrsErrorClass::Invalid
        | DrsErrorClass::Transient => FaultClass::Passing,
    };
    WorldFault {
        class,
        // It becomes a part of sentences.
        text: error.text.trim_end_matches('.').into(),
    }
}
