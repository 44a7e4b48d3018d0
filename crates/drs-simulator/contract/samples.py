"""One valid request of every operation that the simulator serves."""

SERVER = "s-00000000000000001"
ARN = f"arn:aws:drs:us-west-2:111122223333:source-server/{SERVER}"

# In an order in which a generous world lets each succeed once; `{...}` is filled while it runs.
SAMPLES = {
    "InitializeService": {},
    "DescribeSourceServers": {"filters": {"sourceServerIDs": [SERVER], "stagingAccountIDs": ["111122223333"]}},
    "DescribeJobs": {"filters": {"jobIDs": ["drsjob-00000000000000001"], "fromDate": "2026-11-01T00:00:00Z",
                                 "toDate": "2026-12-01T00:00:00.123Z"}, "maxResults": 10},
    "DescribeJobLogItems": {"jobID": "drsjob-00000000000000001", "maxResults": 10},
    "DeleteJob": {"jobID": "drsjob-00000000000000001"},
    "DescribeRecoveryInstances": {"filters": {"recoveryInstanceIDs": ["i-0123456789abcdef0"],
                                              "sourceServerIDs": [SERVER]}, "maxResults": 10},
    "DescribeRecoverySnapshots": {"sourceServerID": SERVER, "order": "ASC", "maxResults": 10,
                                  "filters": {"fromDateTime": "2026-11-01T00:00:00Z",
                                              "toDateTime": "2026-12-01T00:00:00Z"}},
    "GetLaunchConfiguration": {"sourceServerID": SERVER},
    "UpdateLaunchConfiguration": {"sourceServerID": SERVER, "name": "web-01", "launchDisposition": "STARTED",
                                  "targetInstanceTypeRightSizingMethod": "NONE", "copyPrivateIp": False,
                                  "copyTags": True, "licensing": {"osByol": False}, "postLaunchEnabled": False,
                                  "launchIntoInstanceProperties": {"launchIntoEC2InstanceID": "i-0123456789abcdef0"},
                                  "recoveryMode": "OPTIMAL"},
    "GetReplicationConfiguration": {"sourceServerID": SERVER},
    "DescribeReplicationConfigurationTemplates": {"maxResults": 10},
    "DescribeLaunchConfigurationTemplates": {"maxResults": 10},
    "TagResource": {"resourceArn": ARN, "tags": {"owner": "platform"}},
    "ListTagsForResource": {"resourceArn": ARN},
    "UntagResource": {"resourceArn": ARN, "tagKeys": ["owner"]},
    "StartRecovery": {"sourceServers": [{"sourceServerID": SERVER}], "isDrill": True, "tags": {"attempt": "1"}},
    "TerminateRecoveryInstances": {"recoveryInstanceIDs": ["i-0123456789abcdef0"]},
    "DisconnectRecoveryInstance": {"recoveryInstanceID": "i-0123456789abcdef0"},
    "DeleteRecoveryInstance": {"recoveryInstanceID": "i-0123456789abcdef0"},
    "StopReplication": {"sourceServerID": SERVER},
    "StartReplication": {"sourceServerID": SERVER},
    "DisconnectSourceServer": {"sourceServerID": SERVER},
    "DeleteSourceServer": {"sourceServerID": SERVER},
}
