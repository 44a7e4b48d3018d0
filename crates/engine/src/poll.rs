//! The poller: one pair of eyes for all executions with jobs in one account and Region.

use domain::execution::Event;
use domain::execution::batch::JobStatus;
use domain::{ExecutionId, JobId, Place};
use jiff::{SignedDuration, Timestamp};

use crate::advance::EffectMode;
use crate::job_observation::{LogReading, failed};
use crate::ports::StoreError;
use crate::ports::drs::Job;
use crate::ports::execution_store::{Lease, LeaseMark, Stage, StoredExecution};
use crate::{Engine, EngineError};

/// Between looks while a job has all its servers ended but is not COMPLETED.
const LOOK_CLOSELY: SignedDuration = SignedDuration::from_secs(2);
/// Between looks otherwise.
const LOOK: SignedDuration = SignedDuration::from_secs(15);
/// Job logs are read for phases at most this often.
const LOGS: SignedDuration = SignedDuration::from_secs(60);
/// Between glances at the mark that others leave.
const GLANCE: SignedDuration = SignedDuration::from_secs(1);
/// How long the lease outlives what it was taken for, should its holder die.
const LEASE_GRACE: SignedDuration = SignedDuration::from_secs(20);

/// What a poller did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Polled {
    /// Looks at DRS.
    pub looks: u32,
    /// Executions changed.
    pub changed: u32,
    /// Executions that could not be told.
    pub failures: u32,
}

impl Engine {
    /// Looks at all jobs in flight of a place for as long as there are any, within `window`.
    /// Where another poller is at it, that one is told that something is new.
    pub async fn poll(
        &self,
        place: &Place,
        holder: &str,
        window: SignedDuration,
    ) -> Result<Polled, EngineError> {
        let begun = self.now();
        let end = begun + window;
        let mut polled = Polled::default();
        let lease = self
            .ports
            .store
            .take_lease(place, holder, begun, end + LEASE_GRACE)
            .await?;
        if lease == Lease::Busy {
            return Ok(polled);
        }
        let mut logs_at: Option<Timestamp> = None;
        loop {
            let due = logs_at.is_none_or(|at| self.now().duration_since(at) >= LOGS);
            let reading = if due {
                LogReading::Always
            } else {
                LogReading::WhenItMatters
            };
            if due {
                logs_at = Some(self.now());
            }
            let pause = self.look_at_all(place, reading, &mut polled).await?;
            let Some(pause) = pause.filter(|pause| self.now() + *pause < end) else {
                break;
            };
            if !self.rest(place, holder, pause, end).await? {
                return Ok(polled);
            }
        }
        self.give_up_lease(place, holder, &mut polled).await?;
        Ok(polled)
    }

    /// Waits until the next look is due or something is new; says whether the lease is kept.
    async fn rest(
        &self,
        place: &Place,
        holder: &str,
        pause: SignedDuration,
        end: Timestamp,
    ) -> Result<bool, EngineError> {
        let until = self.now() + pause;
        while self.now() < until {
            self.ports.clock.sleep(GLANCE.min(pause)).await;
            let lease_until = Some(end + LEASE_GRACE);
            match self
                .ports
                .store
                .touch_lease(place, holder, lease_until)
                .await
            {
                Ok(LeaseMark::Dirty) => return Ok(true),
                Ok(LeaseMark::Clean) => {}
                Err(StoreError::Stale) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// A mark that was left in the last moment is looked at before the lease goes.
    async fn give_up_lease(
        &self,
        place: &Place,
        holder: &str,
        polled: &mut Polled,
    ) -> Result<(), EngineError> {
        match self.ports.store.touch_lease(place, holder, None).await {
            Ok(LeaseMark::Clean) | Err(StoreError::Stale) => Ok(()),
            Ok(LeaseMark::Dirty) => {
                self.look_at_all(place, LogReading::WhenItMatters, polled)
                    .await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// One look for every execution with jobs in the place: one listing, told to each. Gives
    /// the pause until the next look; nothing where no job is in flight.
    async fn look_at_all(
        &self,
        place: &Place,
        reading: LogReading,
        polled: &mut Polled,
    ) -> Result<Option<SignedDuration>, EngineError> {
        let executions = self.with_jobs_in(place, polled).await?;
        let jobs: Vec<JobId> = executions
            .iter()
            .flat_map(|(stored, _)| jobs_in(stored, place))
            .collect();
        if jobs.is_empty() {
            return Ok(None);
        }
        polled.looks += 1;
        let listed = self.list(place, &jobs).await;
        let mut close = false;
        for (stored, own) in &executions {
            let id = &stored.execution.head.id;
            if let Ok(listed) = &listed {
                close |= own
                    .iter()
                    .filter_map(|job| listed.get(job))
                    .any(is_about_to_end);
            }
            let seen = match &listed {
                Ok(listed) => self.sight(id, place, own, listed, reading).await,
                Err(error) => {
                    self.tell(id, failed(place, error), polled).await;
                    continue;
                }
            };
            match seen {
                Ok(sighted) => {
                    for event in sighted.events(place) {
                        self.tell(id, event, polled).await;
                    }
                }
                Err(error) => note_failure(id, &error, polled),
            }
        }
        Ok(Some(if close { LOOK_CLOSELY } else { LOOK }))
    }

    /// One execution that cannot be read never keeps the others from being looked at.
    async fn with_jobs_in(
        &self,
        place: &Place,
        polled: &mut Polled,
    ) -> Result<Vec<(StoredExecution, Vec<JobId>)>, EngineError> {
        let mut found = Vec::new();
        for entry in self.ports.store.live(None).await? {
            if entry.stage != Stage::Live || !entry.places.contains(place) {
                continue;
            }
            let stored = match self.ports.store.execution(&entry.id).await {
                Ok(stored) => stored,
                Err(error) => {
                    note_failure(&entry.id, &error.into(), polled);
                    continue;
                }
            };
            if let Some(stored) = stored {
                let jobs = jobs_in(&stored, place);
                if !jobs.is_empty() {
                    found.push((stored, jobs));
                }
            }
        }
        Ok(found)
    }

    /// One execution that cannot be told never keeps the others from being told.
    async fn tell(&self, id: &ExecutionId, event: Event, polled: &mut Polled) {
        let told = async {
            let before = self.load(id).await?;
            let advanced = self.advance(id, event, EffectMode::Leave).await?;
            if is_moved(&before, &advanced.stored) {
                polled.changed += 1;
                self.wake(id).await;
            }
            Ok::<(), EngineError>(())
        };
        if let Err(error) = told.await {
            note_failure(id, &error, polled);
        }
    }
}

fn note_failure(id: &ExecutionId, error: &EngineError, polled: &mut Polled) {
    polled.failures += 1;
    tracing::error!(
        execution.id = %id,
        "execution {id} could not be told what was seen: {error}"
    );
}

fn jobs_in(stored: &StoredExecution, place: &Place) -> Vec<JobId> {
    stored
        .execution
        .batches()
        .filter(|(_, batch)| batch.place == *place)
        .filter_map(|(_, batch)| batch.job_in_flight().cloned())
        .collect()
}

/// All servers have ended, and the job has not.
fn is_about_to_end(job: &Job) -> bool {
    use domain::execution::event::LaunchStatus;
    let open = |status: LaunchStatus| match status {
        LaunchStatus::Pending | LaunchStatus::InProgress => true,
        LaunchStatus::Launched | LaunchStatus::Failed | LaunchStatus::Terminated => false,
    };
    job.status < JobStatus::Completed
        && !job.servers.is_empty()
        && !job.servers.iter().any(|server| open(server.status))
        || job.status == JobStatus::Completed
}

/// Whether more has changed than when it was looked at: then orchestration has work.
fn is_moved(before: &StoredExecution, after: &StoredExecution) -> bool {
    let batches = |stored: &StoredExecution| {
        stored
            .execution
            .batches()
            .map(|(_, batch)| batch.state.clone())
            .collect::<Vec<_>>()
    };
    batches(before) != batches(after) || before.execution.head.ending != after.execution.head.ending
}
