//! Source servers, as `DescribeSourceServers` shows them.

use super::job::LaunchStatus;
use super::{Tags, shape, values};
use jiff::Timestamp;

values! {
    /// How replication of a server stands.
    DataReplicationState {
        Stopped = "STOPPED", Initiating = "INITIATING", InitialSync = "INITIAL_SYNC",
        Backlog = "BACKLOG", CreatingSnapshot = "CREATING_SNAPSHOT", Continuous = "CONTINUOUS",
        Paused = "PAUSED", Rescan = "RESCAN", Stalled = "STALLED", Disconnected = "DISCONNECTED",
    }
}
values! {
    /// Why replication does not go on.
    DataReplicationErrorString {
        AgentNotSeen = "AGENT_NOT_SEEN", SnapshotsFailure = "SNAPSHOTS_FAILURE",
        NotConverging = "NOT_CONVERGING", UnstableNetwork = "UNSTABLE_NETWORK",
        FailedToCreateSecurityGroup = "FAILED_TO_CREATE_SECURITY_GROUP",
        FailedToLaunchReplicationServer = "FAILED_TO_LAUNCH_REPLICATION_SERVER",
        FailedToBootReplicationServer = "FAILED_TO_BOOT_REPLICATION_SERVER",
        FailedToAuthenticateWithService = "FAILED_TO_AUTHENTICATE_WITH_SERVICE",
        FailedToDownloadReplicationSoftware = "FAILED_TO_DOWNLOAD_REPLICATION_SOFTWARE",
        FailedToCreateStagingDisks = "FAILED_TO_CREATE_STAGING_DISKS",
        FailedToAttachStagingDisks = "FAILED_TO_ATTACH_STAGING_DISKS",
        FailedToPairReplicationServerWithAgent = "FAILED_TO_PAIR_REPLICATION_SERVER_WITH_AGENT",
        FailedToConnectAgentToReplicationServer = "FAILED_TO_CONNECT_AGENT_TO_REPLICATION_SERVER",
        FailedToStartDataTransfer = "FAILED_TO_START_DATA_TRANSFER",
    }
}
values! {
    /// Whether a volume can be recovered.
    VolumeStatus {
        Regular = "REGULAR",
        ContainsMarketplaceProductCodes = "CONTAINS_MARKETPLACE_PRODUCT_CODES",
        MissingVolumeAttributes = "MISSING_VOLUME_ATTRIBUTES",
        MissingVolumeAttributesAndPrecheckUnavailable =
            "MISSING_VOLUME_ATTRIBUTES_AND_PRECHECK_UNAVAILABLE",
        Pending = "PENDING",
    }
}
values! {
    /// What became of the last launch of a server.
    LastLaunchResult {
        NotStarted = "NOT_STARTED", Pending = "PENDING", Succeeded = "SUCCEEDED", Failed = "FAILED",
    }
}
values! {
    /// What the last launch of a server was for.
    LastLaunchType { Recovery = "RECOVERY", Drill = "DRILL" }
}
values! {
    /// Whether a server is extended from a staging account.
    ExtensionStatus {
        Extended = "EXTENDED", ExtensionError = "EXTENSION_ERROR", NotExtended = "NOT_EXTENDED",
    }
}
values! {
    /// The direction in which a server replicates.
    ReplicationDirection { Failover = "FAILOVER", Failback = "FAILBACK" }
}
values! {
    /// The processor architecture of a server.
    SourceServerArchitecture { X8664 = "x86_64", Arm64 = "arm64" }
}
values! {
    /// How far a step of the first replication is.
    InitiationStepStatus {
        NotStarted = "NOT_STARTED", InProgress = "IN_PROGRESS", Succeeded = "SUCCEEDED",
        Failed = "FAILED", Skipped = "SKIPPED",
    }
}

shape! { SourceServer { ;
    source_server_id: String = "sourceServerID", arn: String = "arn", tags: Tags = "tags",
    recovery_instance_id: String = "recoveryInstanceId",
    last_launch_result: LastLaunchResult = "lastLaunchResult",
    data_replication_info: DataReplicationInfo = "dataReplicationInfo",
    life_cycle: LifeCycle = "lifeCycle", source_properties: SourceProperties = "sourceProperties",
    staging_area: StagingArea = "stagingArea",
    source_cloud_properties: SourceCloudProperties = "sourceCloudProperties",
    replication_direction: ReplicationDirection = "replicationDirection",
    agent_version: String = "agentVersion",
} }
shape! { DataReplicationInfo { ;
    lag_duration: String = "lagDuration", eta_date_time: Timestamp = "etaDateTime",
    replicated_disks: Vec<ReplicatedDisk> = "replicatedDisks",
    data_replication_state: DataReplicationState = "dataReplicationState",
    data_replication_initiation: DataReplicationInitiation = "dataReplicationInitiation",
    data_replication_error: DataReplicationError = "dataReplicationError",
    staging_availability_zone: String = "stagingAvailabilityZone",
} }
shape! { ReplicatedDisk { ;
    device_name: String = "deviceName", total_storage_bytes: u64 = "totalStorageBytes",
    replicated_storage_bytes: u64 = "replicatedStorageBytes",
    rescanned_storage_bytes: u64 = "rescannedStorageBytes",
    backlogged_storage_bytes: u64 = "backloggedStorageBytes",
    volume_status: VolumeStatus = "volumeStatus",
} }
shape! { DataReplicationInitiation { ;
    start_date_time: Timestamp = "startDateTime", steps: Vec<InitiationStep> = "steps",
} }
shape! { InitiationStep { ; name: String = "name", status: InitiationStepStatus = "status" } }
shape! { DataReplicationError { ;
    error: DataReplicationErrorString = "error", raw_error: String = "rawError",
} }
shape! { LifeCycle { ;
    added_to_service_date_time: Timestamp = "addedToServiceDateTime",
    first_byte_date_time: Timestamp = "firstByteDateTime",
    elapsed_replication_duration: String = "elapsedReplicationDuration",
    last_seen_by_service_date_time: Timestamp = "lastSeenByServiceDateTime",
    last_launch: LastLaunch = "lastLaunch",
} }
shape! { LastLaunch { ; initiated: LastLaunchInitiated = "initiated", status: LaunchStatus = "status" } }
shape! { LastLaunchInitiated { ;
    api_call_date_time: Timestamp = "apiCallDateTime", job_id: String = "jobID",
    launch_type: LastLaunchType = "type",
} }
shape! { SourceProperties { ;
    last_updated_date_time: Timestamp = "lastUpdatedDateTime",
    recommended_instance_type: String = "recommendedInstanceType",
    identification_hints: IdentificationHints = "identificationHints",
    network_interfaces: Vec<NetworkInterface> = "networkInterfaces", disks: Vec<Disk> = "disks",
    cpus: Vec<Cpu> = "cpus", ram_bytes: u64 = "ramBytes", os: OperatingSystem = "os",
    supports_nitro_instances: bool = "supportsNitroInstances",
    architecture: SourceServerArchitecture = "architecture",
} }
shape! { IdentificationHints { ;
    fqdn: String = "fqdn", hostname: String = "hostname", vm_ware_uuid: String = "vmWareUuid",
    aws_instance_id: String = "awsInstanceID",
} }
shape! { NetworkInterface { ;
    mac_address: String = "macAddress", ips: Vec<String> = "ips", is_primary: bool = "isPrimary",
} }
shape! { Disk { ; device_name: String = "deviceName", bytes: u64 = "bytes" } }
shape! { Cpu { ; cores: u32 = "cores", model_name: String = "modelName" } }
shape! { OperatingSystem { ; full_string: String = "fullString" } }
shape! { StagingArea { ;
    status: ExtensionStatus = "status", staging_account_id: String = "stagingAccountID",
    staging_source_server_arn: String = "stagingSourceServerArn",
    error_message: String = "errorMessage",
} }
shape! { SourceCloudProperties { ;
    origin_account_id: String = "originAccountID", origin_region: String = "originRegion",
    origin_availability_zone: String = "originAvailabilityZone",
} }

shape! { DescribeSourceServersRequest { ;
    filters: DescribeSourceServersFilters = "filters", max_results: i64 = "maxResults",
    next_token: String = "nextToken",
} }
shape! { DescribeSourceServersFilters { ;
    source_server_ids: Vec<String> = "sourceServerIDs", hardware_id: String = "hardwareId",
    staging_account_ids: Vec<String> = "stagingAccountIDs",
} }
shape! { DescribeSourceServersResponse {
    items: Vec<SourceServer> = "items"; next_token: String = "nextToken",
} }
/// A request without members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InitializeServiceRequest {}

shape! { DisconnectSourceServerRequest { source_server_id: String = "sourceServerID"; } }
shape! { DeleteSourceServerRequest { source_server_id: String = "sourceServerID"; } }
shape! { StartReplicationRequest { source_server_id: String = "sourceServerID"; } }
shape! { StopReplicationRequest { source_server_id: String = "sourceServerID"; } }
shape! { ReplicationResponse { ; source_server: SourceServer = "sourceServer" } }
