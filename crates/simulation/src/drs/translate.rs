//! The simulator's wire in the engine's words, written a second time: the judged and its judge
//! share nothing.

use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use domain::source_server::{
    DrillFlag, RecoveryInstance, Replication, SourceServer, StagingArea, Volumes,
};
use drs_simulator::wire::job as wire_job;
use drs_simulator::wire::recovery_instance as wire_instance;
use drs_simulator::wire::source_server as wire_server;
use drs_simulator::{ApiError, ErrorName};
use engine::ports::drs::{Job, JobLogEntry, JobServer};
use engine::ports::{DrsError, DrsErrorClass};

/// The quota of servers in one job.
const SERVERS_PER_JOB: &str = "L-B827C881";

pub(super) fn classify(error: &ApiError) -> DrsError {
    let class = match error.name {
        ErrorName::Throttling => DrsErrorClass::Throttled,
        ErrorName::InternalServer | ErrorName::ServiceUnavailable => DrsErrorClass::Transient,
        ErrorName::Conflict => DrsErrorClass::Conflict,
        ErrorName::ServiceQuotaExceeded => match error.details.quota_code.as_deref() {
            Some(SERVERS_PER_JOB) => DrsErrorClass::JobTooLarge,
            Some(_) | None => DrsErrorClass::QuotaExceeded,
        },
        ErrorName::Validation | ErrorName::ResourceNotFound => DrsErrorClass::Invalid,
        ErrorName::UninitializedAccount => DrsErrorClass::NotInitialised,
        ErrorName::AccessDenied
        | ErrorName::ExpiredToken
        | ErrorName::InvalidSignature
        | ErrorName::IncompleteSignature
        | ErrorName::MissingAuthenticationToken => DrsErrorClass::Denied,
        ErrorName::UnrecognizedClient => DrsErrorClass::NotRecognised,
    };
    DrsError {
        class,
        text: error.to_string().into(),
        resource: error.details.resource.as_ref().map(|(_, id)| id.clone()),
    }
}

pub(super) fn server(wire: &wire_server::SourceServer) -> Option<SourceServer> {
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
            .and_then(|hints| hints.hostname.as_deref())
            .map(Into::into),
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
        staging_area: staging_area(wire.staging_area.as_ref()),
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

pub(super) fn instance(wire: &wire_instance::RecoveryInstance) -> Option<RecoveryInstance> {
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
        ec2_state: wire.ec2_instance_state.map(|state| state.as_str().into()),
        private_ips: Vec::new(),
        recovery_point_at: wire.point_in_time_snapshot_date_time,
        failback_state: wire
            .failback
            .as_ref()
            .and_then(|failback| failback.state)
            .map(|state| state.as_str().into()),
    })
}

pub(super) fn job(wire: wire_job::Job) -> Option<Job> {
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

pub(super) fn log_entry(wire: wire_job::JobLog) -> JobLogEntry {
    let data = wire.event_data.unwrap_or_default();
    JobLogEntry {
        at: wire.log_date_time,
        event: wire
            .event
            .map_or_else(|| "".into(), |event| event.as_str().into()),
        server: data.source_server_id.and_then(|id| id.parse().ok()),
        conversion_server: data.conversion_server_id.map(Into::into),
        instance: data.target_instance_id.map(Into::into),
        error: data.raw_error.map(Into::into),
        attempt: None,
    }
}

fn staging_area(wire: Option<&wire_server::StagingArea>) -> StagingArea {
    let Some(area) = wire else {
        return StagingArea::Usable;
    };
    match area.status {
        Some(wire_server::ExtensionStatus::ExtensionError) => StagingArea::OutOfReach {
            account: area.staging_account_id.as_deref().map(Into::into),
            reason: area.error_message.as_deref().map(Into::into),
        },
        Some(
            wire_server::ExtensionStatus::Extended | wire_server::ExtensionStatus::NotExtended,
        )
        | None => StagingArea::Usable,
    }
}
