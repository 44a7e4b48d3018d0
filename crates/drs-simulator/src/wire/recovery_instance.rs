//! Recovery instances, as `DescribeRecoveryInstances` shows them.

use super::source_server::{IdentificationHints, NetworkInterface, OperatingSystem};
use super::{Tags, shape, values};
use jiff::Timestamp;

values! {
    /// How the EC2 instance stands.
    Ec2InstanceState {
        Pending = "PENDING", Running = "RUNNING", Stopping = "STOPPING", Stopped = "STOPPED",
        ShuttingDown = "SHUTTING-DOWN", Terminated = "TERMINATED", NotFound = "NOT_FOUND",
    }
}
values! {
    /// How replication back to the origin stands.
    RecoveryInstanceReplicationState {
        Stopped = "STOPPED", Initiating = "INITIATING", InitialSync = "INITIAL_SYNC",
        Backlog = "BACKLOG", CreatingSnapshot = "CREATING_SNAPSHOT", Continuous = "CONTINUOUS",
        Paused = "PAUSED", Rescan = "RESCAN", Stalled = "STALLED", Disconnected = "DISCONNECTED",
        NotAvailable = "REPLICATION_STATE_NOT_AVAILABLE", NotStarted = "NOT_STARTED",
    }
}
values! {
    /// How failback stands.
    FailbackState {
        NotStarted = "FAILBACK_NOT_STARTED", InProgress = "FAILBACK_IN_PROGRESS",
        ReadyForLaunch = "FAILBACK_READY_FOR_LAUNCH", Completed = "FAILBACK_COMPLETED",
        Error = "FAILBACK_ERROR", NotReadyForLaunch = "FAILBACK_NOT_READY_FOR_LAUNCH",
        NotAvailable = "FAILBACK_LAUNCH_STATE_NOT_AVAILABLE",
    }
}
values! {
    /// Where the source server lives.
    OriginEnvironment { OnPremises = "ON_PREMISES", Aws = "AWS" }
}

shape! { RecoveryInstance { ;
    ec2_instance_id: String = "ec2InstanceID", ec2_instance_state: Ec2InstanceState = "ec2InstanceState",
    job_id: String = "jobID", recovery_instance_id: String = "recoveryInstanceID",
    source_server_id: String = "sourceServerID", arn: String = "arn", tags: Tags = "tags",
    failback: RecoveryInstanceFailback = "failback",
    data_replication_info: RecoveryInstanceDataReplicationInfo = "dataReplicationInfo",
    recovery_instance_properties: RecoveryInstanceProperties = "recoveryInstanceProperties",
    point_in_time_snapshot_date_time: Timestamp = "pointInTimeSnapshotDateTime",
    is_drill: bool = "isDrill", origin_environment: OriginEnvironment = "originEnvironment",
    origin_availability_zone: String = "originAvailabilityZone", agent_version: String = "agentVersion",
} }
shape! { RecoveryInstanceFailback { ; state: FailbackState = "state" } }
shape! { RecoveryInstanceDataReplicationInfo { ;
    data_replication_state: RecoveryInstanceReplicationState = "dataReplicationState",
    replicated_disks: Vec<RecoveryInstanceReplicatedDisk> = "replicatedDisks",
} }
shape! { RecoveryInstanceReplicatedDisk { ;
    device_name: String = "deviceName", total_storage_bytes: u64 = "totalStorageBytes",
} }
shape! { RecoveryInstanceProperties { ;
    last_updated_date_time: Timestamp = "lastUpdatedDateTime",
    identification_hints: IdentificationHints = "identificationHints",
    network_interfaces: Vec<NetworkInterface> = "networkInterfaces",
    disks: Vec<RecoveryInstanceDisk> = "disks", os: OperatingSystem = "os",
} }
shape! { RecoveryInstanceDisk { ;
    internal_device_name: String = "internalDeviceName", bytes: u64 = "bytes",
    ebs_volume_id: String = "ebsVolumeID",
} }

shape! { DescribeRecoveryInstancesRequest { ;
    filters: DescribeRecoveryInstancesFilters = "filters", max_results: i64 = "maxResults",
    next_token: String = "nextToken",
} }
shape! { DescribeRecoveryInstancesFilters { ;
    recovery_instance_ids: Vec<String> = "recoveryInstanceIDs",
    source_server_ids: Vec<String> = "sourceServerIDs",
} }
shape! { DescribeRecoveryInstancesResponse {
    items: Vec<RecoveryInstance> = "items"; next_token: String = "nextToken",
} }
shape! { DisconnectRecoveryInstanceRequest { recovery_instance_id: String = "recoveryInstanceID"; } }
shape! { DeleteRecoveryInstanceRequest { recovery_instance_id: String = "recoveryInstanceID"; } }
