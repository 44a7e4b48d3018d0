//! Launch and replication settings of a source server.

use super::{Tags, shape, values};

values! {
    /// Whether a launched instance is started.
    LaunchDisposition { Stopped = "STOPPED", Started = "STARTED" }
}
values! {
    /// How the instance type is chosen.
    RightSizingMethod { None = "NONE", Basic = "BASIC", InAws = "IN_AWS" }
}
values! {
    /// Whether a launch converts its volumes (OPTIMAL) or skips that (FAST).
    RecoveryMode { Fast = "FAST", Optimal = "OPTIMAL" }
}
values! {
    /// The unit of a rule for points in time.
    PitPolicyRuleUnits { Minute = "MINUTE", Hour = "HOUR", Day = "DAY" }
}

shape! { LaunchConfiguration { ;
    source_server_id: String = "sourceServerID", name: String = "name",
    ec2_launch_template_id: String = "ec2LaunchTemplateID",
    launch_disposition: LaunchDisposition = "launchDisposition",
    right_sizing_method: RightSizingMethod = "targetInstanceTypeRightSizingMethod",
    copy_private_ip: bool = "copyPrivateIp", copy_tags: bool = "copyTags",
    licensing: Licensing = "licensing", post_launch_enabled: bool = "postLaunchEnabled",
    launch_into_instance_properties: LaunchIntoInstanceProperties = "launchIntoInstanceProperties",
    recovery_mode: RecoveryMode = "recoveryMode",
} }
shape! { Licensing { ; os_byol: bool = "osByol" } }
shape! { LaunchIntoInstanceProperties { ; launch_into_ec2_instance_id: String = "launchIntoEC2InstanceID" } }
shape! { GetLaunchConfigurationRequest { source_server_id: String = "sourceServerID"; } }
shape! { UpdateLaunchConfigurationRequest {
    source_server_id: String = "sourceServerID";
    name: String = "name", launch_disposition: LaunchDisposition = "launchDisposition",
    right_sizing_method: RightSizingMethod = "targetInstanceTypeRightSizingMethod",
    copy_private_ip: bool = "copyPrivateIp", copy_tags: bool = "copyTags",
    licensing: Licensing = "licensing", post_launch_enabled: bool = "postLaunchEnabled",
    launch_into_instance_properties: LaunchIntoInstanceProperties = "launchIntoInstanceProperties",
    recovery_mode: RecoveryMode = "recoveryMode",
} }
shape! { GetReplicationConfigurationRequest { source_server_id: String = "sourceServerID"; } }
shape! { ReplicationConfiguration { ;
    source_server_id: String = "sourceServerID", name: String = "name",
    staging_area_subnet_id: String = "stagingAreaSubnetId",
    associate_default_security_group: bool = "associateDefaultSecurityGroup",
    replication_servers_security_groups_ids: Vec<String> = "replicationServersSecurityGroupsIDs",
    replication_server_instance_type: String = "replicationServerInstanceType",
    use_dedicated_replication_server: bool = "useDedicatedReplicationServer",
    default_large_staging_disk_type: String = "defaultLargeStagingDiskType",
    replicated_disks: Vec<ReplicationConfigurationDisk> = "replicatedDisks",
    ebs_encryption: String = "ebsEncryption", bandwidth_throttling: u64 = "bandwidthThrottling",
    data_plane_routing: String = "dataPlaneRouting", create_public_ip: bool = "createPublicIP",
    staging_area_tags: Tags = "stagingAreaTags", pit_policy: Vec<PitPolicyRule> = "pitPolicy",
    auto_replicate_new_disks: bool = "autoReplicateNewDisks",
    internet_protocol: String = "internetProtocol",
} }
shape! { ReplicationConfigurationDisk { ;
    device_name: String = "deviceName", is_boot_disk: bool = "isBootDisk",
    staging_disk_type: String = "stagingDiskType",
} }
shape! { PitPolicyRule { ;
    rule_id: u32 = "ruleID", units: PitPolicyRuleUnits = "units", interval: u32 = "interval",
    retention_duration: u32 = "retentionDuration", enabled: bool = "enabled",
} }

shape! { DescribeReplicationConfigurationTemplatesRequest { ;
    ids: Vec<String> = "replicationConfigurationTemplateIDs", max_results: i64 = "maxResults",
    next_token: String = "nextToken",
} }
shape! { DescribeReplicationConfigurationTemplatesResponse {
    items: Vec<ReplicationConfigurationTemplate> = "items"; next_token: String = "nextToken",
} }
shape! { ReplicationConfigurationTemplate {
    id: String = "replicationConfigurationTemplateID";
    arn: String = "arn", staging_area_subnet_id: String = "stagingAreaSubnetId",
    associate_default_security_group: bool = "associateDefaultSecurityGroup",
    replication_servers_security_groups_ids: Vec<String> = "replicationServersSecurityGroupsIDs",
    replication_server_instance_type: String = "replicationServerInstanceType",
    use_dedicated_replication_server: bool = "useDedicatedReplicationServer",
    default_large_staging_disk_type: String = "defaultLargeStagingDiskType",
    ebs_encryption: String = "ebsEncryption", bandwidth_throttling: u64 = "bandwidthThrottling",
    data_plane_routing: String = "dataPlaneRouting", create_public_ip: bool = "createPublicIP",
    staging_area_tags: Tags = "stagingAreaTags", tags: Tags = "tags",
    pit_policy: Vec<PitPolicyRule> = "pitPolicy",
    auto_replicate_new_disks: bool = "autoReplicateNewDisks",
    internet_protocol: String = "internetProtocol",
} }
shape! { DescribeLaunchConfigurationTemplatesRequest { ;
    ids: Vec<String> = "launchConfigurationTemplateIDs", max_results: i64 = "maxResults",
    next_token: String = "nextToken",
} }
shape! { DescribeLaunchConfigurationTemplatesResponse {
    items: Vec<LaunchConfigurationTemplate> = "items"; next_token: String = "nextToken",
} }
shape! { LaunchConfigurationTemplate { ;
    id: String = "launchConfigurationTemplateID", arn: String = "arn", tags: Tags = "tags",
    launch_disposition: LaunchDisposition = "launchDisposition",
    right_sizing_method: RightSizingMethod = "targetInstanceTypeRightSizingMethod",
    copy_private_ip: bool = "copyPrivateIp", copy_tags: bool = "copyTags",
    licensing: Licensing = "licensing", post_launch_enabled: bool = "postLaunchEnabled",
    launch_into_source_instance: bool = "launchIntoSourceInstance",
    recovery_mode: RecoveryMode = "recoveryMode",
} }
