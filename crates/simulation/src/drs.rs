//! DRS for the engine: the simulator's world, called in process, with all its faults.

mod ec2;
mod malformed;
mod slow;
mod translate;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::quota::Limits;
use domain::source_server::{DrillFlag, RecoveryInstance, SourceServer};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use drs_simulator::wire::job as wire_job;
use drs_simulator::wire::recovery_instance as wire_instance;
use drs_simulator::wire::source_server as wire_server;
use drs_simulator::{ApiError, Caller, Operation, OperationKind, Reply, World};
use engine::ports::drs::{Job, JobFilter, JobLogEntry, LaunchDisposition, StartRecovery};
use engine::ports::{Drs, DrsError, DrsErrorClass};
use jiff::{SignedDuration, Timestamp};

use crate::crash_points::{Edge, Process};
use crate::store::{Entry, Record};
use crate::time::SharedWorld;
pub(crate) use malformed::MalformedListings;
pub(crate) use slow::SlowLooks;
use translate::{classify, instance, job, log_entry, server};

/// How long a caller waits for an answer.
const CALL_TIMEOUT: SignedDuration = SignedDuration::from_secs(30);

/// A listing that is older than what it lists is followed by one that is not, for so long.
const STALE_ONCE_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Listings of recovery instances that still come back empty.
#[derive(Debug)]
pub(crate) struct EmptyListings {
    count: u32,
    last: Option<Timestamp>,
    /// Which of several listings it is.
    random: fastrand::Rng,
}

impl EmptyListings {
    pub(crate) fn of(count: u32, seed: u64) -> Self {
        Self {
            count,
            last: None,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// Whether the listing of this moment, which has something to hide, is one of them.
    fn takes(&mut self, now: Timestamp) -> bool {
        let fresh = |last: Timestamp| now.duration_since(last) < STALE_ONCE_WITHIN;
        if self.count == 0 || self.last.is_some_and(fresh) || self.random.bool() {
            return false;
        }
        self.count -= 1;
        self.last = Some(now);
        true
    }
}

/// What DRS answered to a launch that was on its way for a while.
type Answer = Arc<Mutex<Option<Result<wire_job::JobResponse, ApiError>>>>;

/// A launch on its way: it arrives whether or not its caller still waits.
#[derive(Debug)]
pub(crate) struct LateRequest {
    pub(crate) arrives: Timestamp,
    caller: Caller,
    request: wire_job::StartRecoveryRequest,
    answer: Answer,
}

/// DRS in process.
#[derive(Clone)]
pub(crate) struct SimulatedDrs {
    pub(crate) world: SharedWorld,
    pub(crate) process: Process,
    pub(crate) late: Arc<Mutex<Vec<LateRequest>>>,
    pub(crate) record: Record,
    pub(crate) limits: Limits,
    /// How many listings of recovery instances still come back empty.
    pub(crate) empty_listings: Arc<Mutex<EmptyListings>>,
    pub(crate) malformed: MalformedListings,
    pub(crate) slow: SlowLooks,
}

impl std::fmt::Debug for SimulatedDrs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SimulatedDrs")
    }
}

impl SimulatedDrs {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// DRS was asked to change something just now.
    fn asked(&self, world: &World) {
        let last = world.journal().requests().last();
        let last = last.map_or(0, |entry| entry.sequence);
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.push(Entry::Asked(last));
    }

    /// When the next launch on its way arrives.
    pub(crate) fn next_late(&self) -> Option<Timestamp> {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.iter().map(|request| request.arrives).min()
    }

    /// Lets arrive what has been on its way long enough.
    pub(crate) fn deliver_late(&self, now: Timestamp) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        let mut world = self.world();
        late.retain(|request| {
            if request.arrives > now {
                return true;
            }
            let answer = world.request_delayed(&request.caller, &request.request);
            self.asked(&world);
            *request
                .answer
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(answer);
            false
        });
    }

    /// Whether a launch of this server is on its way.
    pub(crate) fn is_on_its_way(&self, server: &str) -> bool {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.iter().any(|late| {
            let mut servers = late.request.source_servers.iter();
            servers.any(|one| one.source_server_id == server)
        })
    }

    async fn call<O: Operation + Sync>(
        &self,
        place: &Place,
        request: &O,
    ) -> Result<O::Response, DrsError>
    where
        O::Response: Send,
    {
        self.process.crash_point(O::NAME, Edge::Before).await;
        let caller = caller(place);
        let (now, reply) = {
            let mut world = self.world();
            let reply = world.request(&caller, request);
            if O::KIND == OperationKind::Write {
                self.asked(&world);
            }
            (world.now(), reply)
        };
        if O::KIND == OperationKind::Read
            && let Some(late) = self.slow.next()
        {
            self.hold(now, late).await?;
        }
        let answer = match reply {
            Reply::Answered(answer) => answer,
            Reply::Held { hold, answer } => {
                self.hold(now, hold).await?;
                answer
            }
            Reply::Postponed { hold } => {
                self.hold(now, hold).await?;
                let mut world = self.world();
                let answer = world.request_delayed(&caller, request);
                self.asked(&world);
                answer
            }
            Reply::Lost => return Err(no_answer()),
        };
        self.process.crash_point(O::NAME, Edge::After).await;
        answer.map_err(|error| classify(&error))
    }

    /// Waits for an answer that is late, as long as a caller waits.
    async fn hold(&self, now: Timestamp, hold: std::time::Duration) -> Result<(), DrsError> {
        let hold = SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX);
        self.process.sleep_until(now + hold.min(CALL_TIMEOUT)).await;
        if hold > CALL_TIMEOUT {
            Err(no_answer())
        } else {
            Ok(())
        }
    }

    /// A launch whose request is held back arrives later even if its caller has given up or
    /// died: that is what makes absence so hard to prove.
    async fn start(
        &self,
        place: &Place,
        request: wire_job::StartRecoveryRequest,
    ) -> Result<wire_job::JobResponse, DrsError> {
        let caller = caller(place);
        let (now, reply) = {
            let mut world = self.world();
            let reply = world.request(&caller, &request);
            self.asked(&world);
            (world.now(), reply)
        };
        match reply {
            Reply::Answered(answer) => answer.map_err(|error| classify(&error)),
            Reply::Held { hold, answer } => {
                self.hold(now, hold).await?;
                answer.map_err(|error| classify(&error))
            }
            Reply::Lost => Err(no_answer()),
            Reply::Postponed { hold } => {
                let answer = Answer::default();
                let late = LateRequest {
                    arrives: now + SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX),
                    caller,
                    request,
                    answer: Arc::clone(&answer),
                };
                self.late
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(late);
                self.hold(now, hold).await?;
                let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
                answer
                    .unwrap_or_else(|| {
                        Err(ApiError::plain(drs_simulator::ErrorName::InternalServer))
                    })
                    .map_err(|error| classify(&error))
            }
        }
    }

    /// A listing can be older than what it lists: one of a few is without the instances of our
    /// own drills.
    fn forget_the_newest(&self, found: &mut Vec<RecoveryInstance>) {
        let world = self.world();
        let is_own = |instance: &RecoveryInstance| {
            let job = instance.job.as_ref();
            let record = job.and_then(|job| world.job_record(job.as_str()));
            instance.drill == DrillFlag::Drill && record.is_some_and(|job| job.is_of_a_caller())
        };
        let mut left = self
            .empty_listings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if found.iter().any(is_own) && left.takes(world.now()) {
            found.retain(|instance| !is_own(instance));
        }
    }
}

fn caller(place: &Place) -> Caller {
    Caller::new(place.account.as_str(), place.region.as_str())
}

fn no_answer() -> DrsError {
    DrsError {
        class: DrsErrorClass::Transient,
        text: "the connection was closed without an answer".into(),
        resource: None,
    }
}

fn started(response: wire_job::JobResponse) -> Result<JobId, DrsError> {
    let id = response.job.map(|job| job.job_id).unwrap_or_default();
    id.parse().map_err(|_| no_answer())
}

#[async_trait]
impl Drs for SimulatedDrs {
    async fn source_servers(
        &self,
        place: &Place,
        ids: Option<&[SourceServerId]>,
    ) -> Result<Vec<SourceServer>, DrsError> {
        let filters = ids.map(|ids| wire_server::DescribeSourceServersFilters {
            source_server_ids: Some(ids.iter().map(SourceServerId::to_string).collect()),
            ..Default::default()
        });
        let mut request = wire_server::DescribeSourceServersRequest {
            filters,
            max_results: Some(200),
            next_token: None,
        };
        let mut found = Vec::new();
        loop {
            let page = self.call(place, &request).await?;
            found.extend(page.items.iter().filter_map(server));
            match page.next_token {
                None => return Ok(found),
                token => request.next_token = token,
            }
        }
    }

    async fn recovery_instances(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Vec<RecoveryInstance>, DrsError> {
        let mut request = wire_instance::DescribeRecoveryInstancesRequest {
            filters: Some(wire_instance::DescribeRecoveryInstancesFilters {
                recovery_instance_ids: None,
                source_server_ids: Some(servers.iter().map(SourceServerId::to_string).collect()),
            }),
            max_results: Some(200),
            next_token: None,
        };
        let mut found = Vec::new();
        loop {
            let page = self.call(place, &request).await?;
            found.extend(page.items.iter().filter_map(instance));
            match page.next_token {
                None => {
                    self.forget_the_newest(&mut found);
                    return Ok(found);
                }
                token => request.next_token = token,
            }
        }
    }

    async fn jobs(&self, place: &Place, which: JobFilter) -> Result<Vec<Job>, DrsError> {
        let filters = match which {
            JobFilter::Ids(ids) => wire_job::DescribeJobsFilters {
                job_ids: Some(ids.iter().map(JobId::to_string).collect()),
                ..Default::default()
            },
            JobFilter::Since(since) => wire_job::DescribeJobsFilters {
                from_date: Some(since.to_string()),
                ..Default::default()
            },
        };
        let mut request = wire_job::DescribeJobsRequest {
            filters: Some(filters),
            max_results: Some(200),
            next_token: None,
        };
        let mut found = Vec::new();
        loop {
            let mut page = self.call(place, &request).await?;
            self.malformed.meet(&mut page.items);
            found.extend(page.items.into_iter().filter_map(job));
            match page.next_token {
                None => return Ok(found),
                token => request.next_token = token,
            }
        }
    }

    async fn job_log(&self, place: &Place, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError> {
        let mut request = wire_job::DescribeJobLogItemsRequest {
            job_id: job.to_string(),
            max_results: Some(200),
            next_token: None,
        };
        let mut found = Vec::new();
        loop {
            let page = self.call(place, &request).await?;
            found.extend(page.items.into_iter().map(log_entry));
            match page.next_token {
                None => return Ok(found),
                token => request.next_token = token,
            }
        }
    }

    async fn launch_disposition(
        &self,
        _place: &Place,
        _server: &SourceServerId,
    ) -> Result<LaunchDisposition, DrsError> {
        let call = "GetLaunchConfiguration";
        self.process.crash_point(call, Edge::Before).await;
        Ok(LaunchDisposition::Unknown)
    }

    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError> {
        let servers = request.servers.iter();
        let wire = wire_job::StartRecoveryRequest {
            source_servers: servers
                .map(|id| wire_job::StartRecoverySourceServer {
                    source_server_id: id.to_string(),
                    recovery_snapshot_id: None,
                })
                .collect(),
            is_drill: Some(request.kind == Kind::Drill),
            tags: Some(request.tags.clone()),
        };
        self.process
            .crash_point("StartRecovery", Edge::Before)
            .await;
        let answer = self.start(&request.place, wire).await;
        self.process.crash_point("StartRecovery", Edge::After).await;
        started(answer?)
    }

    async fn terminate(
        &self,
        place: &Place,
        instances: &[RecoveryInstanceId],
    ) -> Result<JobId, DrsError> {
        let request = wire_job::TerminateRecoveryInstancesRequest {
            recovery_instance_ids: instances
                .iter()
                .map(RecoveryInstanceId::to_string)
                .collect(),
        };
        started(self.call(place, &request).await?)
    }

    async fn limits(&self, _place: &Place) -> Result<Limits, DrsError> {
        Ok(self.limits)
    }
}
