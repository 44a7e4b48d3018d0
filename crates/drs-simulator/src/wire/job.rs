//! Jobs: starting a recovery, ending instances, and reading what became of both.

use super::{Tags, shape, values};
use jiff::Timestamp;

values! {
    /// How far a job is. COMPLETED says that it has ended, not that it succeeded.
    JobStatus { Pending = "PENDING", Started = "STARTED", Completed = "COMPLETED" }
}
values! {
    /// What a job does.
    JobType {
        Launch = "LAUNCH", Terminate = "TERMINATE",
        CreateConvertedSnapshot = "CREATE_CONVERTED_SNAPSHOT",
    }
}
values! {
    /// What started a job.
    InitiatedBy {
        StartRecovery = "START_RECOVERY", StartDrill = "START_DRILL",
        TerminateRecoveryInstances = "TERMINATE_RECOVERY_INSTANCES",
        Diagnostic = "DIAGNOSTIC", Failback = "FAILBACK", TargetAccount = "TARGET_ACCOUNT",
    }
}
values! {
    /// How far one server of a job is.
    LaunchStatus {
        Pending = "PENDING", InProgress = "IN_PROGRESS", Launched = "LAUNCHED",
        Failed = "FAILED", Terminated = "TERMINATED",
    }
}
values! {
    /// How an action after a launch goes.
    LaunchActionRunStatus {
        InProgress = "IN_PROGRESS", Succeeded = "SUCCEEDED", Failed = "FAILED",
    }
}
values! {
    /// An entry of a job's log. `LAUNCH_END` is not in the model, yet it is real.
    JobLogEvent {
        JobStart = "JOB_START", ServerSkipped = "SERVER_SKIPPED",
        CleanupStart = "CLEANUP_START", CleanupEnd = "CLEANUP_END", CleanupFail = "CLEANUP_FAIL",
        SnapshotStart = "SNAPSHOT_START", SnapshotEnd = "SNAPSHOT_END",
        SnapshotFail = "SNAPSHOT_FAIL", UsingPreviousSnapshot = "USING_PREVIOUS_SNAPSHOT",
        UsingPreviousSnapshotFailed = "USING_PREVIOUS_SNAPSHOT_FAILED",
        ConversionStart = "CONVERSION_START", ConversionEnd = "CONVERSION_END",
        ConversionFail = "CONVERSION_FAIL", LaunchStart = "LAUNCH_START", LaunchEnd = "LAUNCH_END",
        LaunchFailed = "LAUNCH_FAILED", JobCancel = "JOB_CANCEL", JobEnd = "JOB_END",
    }
}

shape! { Job {
    job_id: String = "jobID";
    arn: String = "arn", job_type: JobType = "type", initiated_by: InitiatedBy = "initiatedBy",
    creation_date_time: Timestamp = "creationDateTime", end_date_time: Timestamp = "endDateTime",
    status: JobStatus = "status",
    participating_servers: Vec<ParticipatingServer> = "participatingServers",
    tags: Tags = "tags",
} }
shape! { ParticipatingServer { ;
    source_server_id: String = "sourceServerID", recovery_instance_id: String = "recoveryInstanceID",
    launch_status: LaunchStatus = "launchStatus",
    launch_actions_status: LaunchActionsStatus = "launchActionsStatus",
} }
shape! { LaunchActionsStatus { ;
    ssm_agent_discovery_date_time: Timestamp = "ssmAgentDiscoveryDatetime",
    runs: Vec<LaunchActionRun> = "runs",
} }
shape! { LaunchActionRun { ;
    action: LaunchAction = "action", run_id: String = "runId",
    status: LaunchActionRunStatus = "status", failure_reason: String = "failureReason",
} }
shape! { LaunchAction { ;
    action_id: String = "actionId", action_code: String = "actionCode",
    action_type: String = "type", name: String = "name", active: bool = "active",
    order: u32 = "order", action_version: String = "actionVersion", optional: bool = "optional",
    category: String = "category",
} }
shape! { JobLog { ;
    log_date_time: Timestamp = "logDateTime", event: JobLogEvent = "event",
    event_data: JobLogEventData = "eventData",
} }
shape! { JobLogEventData { ;
    source_server_id: String = "sourceServerID", conversion_server_id: String = "conversionServerID",
    target_instance_id: String = "targetInstanceID", raw_error: String = "rawError",
    conversion_properties: ConversionProperties = "conversionProperties",
    attempt_count: u32 = "attemptCount", max_attempts_count: u32 = "maxAttemptsCount",
} }
shape! { ConversionProperties { ;
    root_volume_name: String = "rootVolumeName", force_uefi: bool = "forceUefi",
    data_timestamp: String = "dataTimestamp",
} }

shape! { StartRecoveryRequest {
    source_servers: Vec<StartRecoverySourceServer> = "sourceServers";
    is_drill: bool = "isDrill", tags: Tags = "tags",
} }
shape! { StartRecoverySourceServer {
    source_server_id: String = "sourceServerID";
    recovery_snapshot_id: String = "recoverySnapshotID",
} }
shape! { JobResponse { ; job: Job = "job" } }
shape! { TerminateRecoveryInstancesRequest {
    recovery_instance_ids: Vec<String> = "recoveryInstanceIDs";
} }
shape! { DeleteJobRequest { job_id: String = "jobID"; } }
shape! { DescribeJobsRequest { ;
    filters: DescribeJobsFilters = "filters", max_results: i64 = "maxResults",
    next_token: String = "nextToken",
} }
shape! { DescribeJobsFilters { ;
    job_ids: Vec<String> = "jobIDs", from_date: String = "fromDate", to_date: String = "toDate",
} }
shape! { DescribeJobsResponse { items: Vec<Job> = "items"; next_token: String = "nextToken" } }
shape! { DescribeJobLogItemsRequest {
    job_id: String = "jobID";
    max_results: i64 = "maxResults", next_token: String = "nextToken",
} }
shape! { DescribeJobLogItemsResponse {
    items: Vec<JobLog> = "items"; next_token: String = "nextToken",
} }
/// An answer without members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EmptyResponse {}
