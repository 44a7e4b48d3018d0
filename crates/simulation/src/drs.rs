//! DRS for the engine: the simulator's world, called in process, with all its faults.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use domain::quota::Limits;
use domain::source_server::{DrillFlag, RecoveryInstance, Replication, SourceServer, Volumes};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use drs_simulator::wire::job as wire_job;
use drs_simulator::wire::recovery_instance as wire_instance;
use drs_simulator::wire::source_server as wire_server;
use drs_simulator::{ApiError, Caller, ErrorName, Operation, Reply};
use engine::ports::drs::{
    Job, JobFilter, JobLogEntry, JobServer, LaunchDisposition, StartRecovery,
};
use engine::ports::{Drs, DrsError, DrsErrorClass};
use jiff::{SignedDuration, Timestamp};

use crate::interruption::Interruption;
use crate::time::SharedWorld;

/// How long a caller waits for an answer.
const CALL_TIMEOUT: SignedDuration = SignedDuration::from_secs(30);

/// A request that arrives after its caller has given up.
pub(crate) type LateRequest = (Timestamp, Caller, wire_job::StartRecoveryRequest);

/// DRS in process.
#[derive(Clone)]
pub(crate) struct SimulatedDrs {
    pub(crate) world: SharedWorld,
    pub(crate) interruption: Interruption,
    pub(crate) late: Arc<Mutex<Vec<LateRequest>>>,
}

impl std::fmt::Debug for SimulatedDrs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SimulatedDrs")
    }
}

impl SimulatedDrs {
    async fn call<O: Operation + Sync>(
        &self,
        place: &Place,
        request: &O,
    ) -> Result<O::Response, DrsError>
    where
        O::Response: Send,
    {
        self.interruption.moment().await;
        let answer = self.exchange(place, request);
        self.interruption.moment().await;
        answer
    }

    fn exchange<O: Operation>(&self, place: &Place, request: &O) -> Result<O::Response, DrsError> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let caller = caller(place);
        match world.request(&caller, request) {
            Reply::Answered(answer) => answer.map_err(|error| classify(&error)),
            Reply::Held { hold, answer } => {
                let hold = SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX);
                let until = world.now() + hold.min(CALL_TIMEOUT);
                world.advance_to(until);
                if hold > CALL_TIMEOUT {
                    Err(no_answer())
                } else {
                    answer.map_err(|error| classify(&error))
                }
            }
            Reply::Postponed { hold } => {
                let hold = SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX);
                let until = world.now() + hold.min(CALL_TIMEOUT);
                world.advance_to(until);
                if hold > CALL_TIMEOUT {
                    Err(no_answer())
                } else {
                    let answer = world.request_delayed(&caller, request);
                    answer.map_err(|error| classify(&error))
                }
            }
            Reply::Lost => {
                let until = world.now() + SignedDuration::from_secs(1);
                world.advance_to(until);
                Err(no_answer())
            }
        }
    }
}

fn caller(place: &Place) -> Caller {
    Caller::new(place.account.as_str(), place.region.as_str())
}

fn no_answer() -> DrsError {
    DrsError {
        class: DrsErrorClass::Transient,
        text: "the connection was closed without an answer".to_owned(),
        resource: None,
    }
}

fn classify(error: &ApiError) -> DrsError {
    let class = match error.name {
        ErrorName::Throttling => DrsErrorClass::Throttled,
        ErrorName::InternalServer | ErrorName::ServiceUnavailable => DrsErrorClass::Transient,
        ErrorName::Conflict => DrsErrorClass::Conflict,
        ErrorName::ServiceQuotaExceeded => DrsErrorClass::QuotaExceeded,
        ErrorName::Validation | ErrorName::ResourceNotFound => DrsErrorClass::Invalid,
        ErrorName::UninitializedAccount => DrsErrorClass::NotInitialised,
        ErrorName::AccessDenied
        | ErrorName::ExpiredToken
        | ErrorName::UnrecognizedClient
        | ErrorName::InvalidSignature
        | ErrorName::IncompleteSignature
        | ErrorName::MissingAuthenticationToken => DrsErrorClass::Denied,
    };
    DrsError {
        class,
        text: error.to_string(),
        resource: None,
    }
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
                None => return Ok(found),
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
            let page = self.call(place, &request).await?;
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
        self.interruption.moment().await;
        Ok(LaunchDisposition::Unknown)
    }

    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError> {
        let wire = wire_job::StartRecoveryRequest {
            source_servers: request
                .servers
                .iter()
                .map(|id| wire_job::StartRecoverySourceServer {
                    source_server_id: id.to_string(),
                    recovery_snapshot_id: None,
                })
                .collect(),
            is_drill: Some(request.kind == Kind::Drill),
            tags: Some(request.tags.clone()),
        };
        self.interruption.moment().await;
        let answer = self.start(&request.place, &wire);
        self.interruption.moment().await;
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
        Ok(Limits::DEFAULT)
    }
}

impl SimulatedDrs {
    /// A start whose request is held back longer than the caller waits arrives later all the
    /// same: that is what makes absence so hard to prove.
    fn start(
        &self,
        place: &Place,
        request: &wire_job::StartRecoveryRequest,
    ) -> Result<wire_job::JobResponse, DrsError> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let caller = caller(place);
        let reply = world.request(&caller, request);
        drop(world);
        match reply {
            Reply::Postponed { hold } => {
                let hold = SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX);
                let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
                let arrives = world.now() + hold;
                let until = world.now() + hold.min(CALL_TIMEOUT);
                world.advance_to(until);
                if hold <= CALL_TIMEOUT {
                    return world
                        .request_delayed(&caller, request)
                        .map_err(|error| classify(&error));
                }
                let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
                late.push((arrives, caller, request.clone()));
                Err(no_answer())
            }
            Reply::Answered(answer) => answer.map_err(|error| classify(&error)),
            Reply::Held { hold, answer } => {
                let hold = SignedDuration::try_from(hold).unwrap_or(SignedDuration::MAX);
                let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
                let until = world.now() + hold.min(CALL_TIMEOUT);
                world.advance_to(until);
                if hold > CALL_TIMEOUT {
                    Err(no_answer())
                } else {
                    answer.map_err(|error| classify(&error))
                }
            }
            Reply::Lost => Err(no_answer()),
        }
    }
}

fn started(response: wire_job::JobResponse) -> Result<JobId, DrsError> {
    let id = response.job.map(|job| job.job_id).unwrap_or_default();
    id.parse().map_err(|_| no_answer())
}

fn server(wire: &wire_server::SourceServer) -> Option<SourceServer> {
    let info = wire.data_replication_info.as_ref();
    let missing = info
        .and_then(|info| info.replicated_disks.as_ref())
        .is_some_and(|disks| {
            disks.iter().any(|disk| {
                disk.volume_status.is_some_and(|status| {
                    matches!(
                        status,
                        wire_server::VolumeStatus::MissingVolumeAttributes
                            | wire_server::VolumeStatus::Pending
                    )
                })
            })
        });
    Some(SourceServer {
        id: wire.source_server_id.as_deref()?.parse().ok()?,
        hostname: wire
            .source_properties
            .as_ref()
            .and_then(|properties| properties.identification_hints.as_ref())
            .and_then(|hints| hints.hostname.clone()),
        replication: Replication::from_name(
            info.and_then(|info| info.data_replication_state)
                .map_or("", |state| state.as_str()),
        ),
        lag_seconds: None,
        origin_region: None,
        tags: wire.tags.clone().unwrap_or_default(),
        recovery_instance: wire
            .recovery_instance_id
            .as_deref()
            .and_then(|id| id.parse().ok()),
        last_launch_job: wire
            .life_cycle
            .as_ref()
            .and_then(|cycle| cycle.last_launch.as_ref())
            .and_then(|launch| launch.initiated.as_ref())
            .and_then(|initiated| initiated.job_id.as_deref())
            .and_then(|id| id.parse().ok()),
        volumes: if missing {
            Volumes::Missing
        } else {
            Volumes::Ready
        },
    })
}

fn instance(wire: &wire_instance::RecoveryInstance) -> Option<RecoveryInstance> {
    Some(RecoveryInstance {
        id: wire.recovery_instance_id.as_deref()?.parse().ok()?,
        server: wire
            .source_server_id
            .as_deref()
            .and_then(|id| id.parse().ok()),
        job: wire.job_id.as_deref().and_then(|id| id.parse().ok()),
        drill: match wire.is_drill {
            Some(true) => DrillFlag::Drill,
            Some(false) => DrillFlag::Recovery,
            None => DrillFlag::Unsaid,
        },
        ec2_state: wire
            .ec2_instance_state
            .map(|state| state.as_str().to_owned()),
        private_ips: Vec::new(),
        recovery_point_at: wire.point_in_time_snapshot_date_time,
        failback_state: wire
            .failback
            .as_ref()
            .and_then(|failback| failback.state)
            .map(|state| state.as_str().to_owned()),
    })
}

fn job(wire: wire_job::Job) -> Option<Job> {
    Some(Job {
        id: wire.job_id.parse().ok()?,
        status: match wire.status {
            None | Some(wire_job::JobStatus::Pending) => JobStatus::Pending,
            Some(wire_job::JobStatus::Started) => JobStatus::Started,
            Some(wire_job::JobStatus::Completed) => JobStatus::Completed,
        },
        kind: wire
            .job_type
            .map_or_else(String::new, |kind| kind.as_str().to_owned()),
        initiated_by: wire
            .initiated_by
            .map(|initiated_by| initiated_by.as_str().to_owned()),
        created_at: wire.creation_date_time,
        servers: wire
            .participating_servers
            .unwrap_or_default()
            .into_iter()
            .filter_map(|server| {
                Some(JobServer {
                    id: server.source_server_id?.parse().ok()?,
                    status: match server.launch_status {
                        None | Some(wire_job::LaunchStatus::Pending) => LaunchStatus::Pending,
                        Some(wire_job::LaunchStatus::InProgress) => LaunchStatus::InProgress,
                        Some(wire_job::LaunchStatus::Launched) => LaunchStatus::Launched,
                        Some(wire_job::LaunchStatus::Failed) => LaunchStatus::Failed,
                        Some(wire_job::LaunchStatus::Terminated) => LaunchStatus::Terminated,
                    },
                    instance: server.recovery_instance_id.and_then(|id| id.parse().ok()),
                })
            })
            .collect(),
        tags: wire.tags.unwrap_or_default(),
    })
}

fn log_entry(wire: wire_job::JobLog) -> JobLogEntry {
    let data = wire.event_data.unwrap_or_default();
    JobLogEntry {
        at: wire.log_date_time,
        event: wire
            .event
            .map_or_else(String::new, |event| event.as_str().to_owned()),
        server: data.source_server_id.and_then(|id| id.parse().ok()),
        conversion_server: data.conversion_server_id,
        instance: data.target_instance_id,
        error: data.raw_error,
        attempt: None,
    }
}
