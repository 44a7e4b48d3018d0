"""A story that asks every operation in every state, each answer held against the model."""

import json

import model

# What people have seen DRS answer although its model does not know it.
OBSERVED = ("DescribeJobLogItems.items[].event: LAUNCH_END is not in the enumeration",)


class Story:
    """The requests of one world, and where their answers differ from the model."""

    def __init__(self, simulator, known):
        self.simulator, self.known = simulator, known
        self.differences, self.answered, self.refused = [], {}, {}

    def ask(self, name, region="us-west-2", **members):
        """A request that must succeed."""
        answer = self._send(name, members, region)
        self.answered[name] = self.answered.get(name, 0) + 1
        self.differences += model.answer_differences(name, answer, self.known)
        return answer.body or {}

    def refuse(self, error, name, region="us-west-2", **members):
        """A request that must fail with this error."""
        answer = self._send(name, members, region)
        self.refused.setdefault(error, set()).add(name)
        self.differences += model.error_differences(name, error, answer)
        return answer.body or {}

    def pages(self, name, **members):
        """All items of a list, page by page."""
        items, token = [], None
        while True:
            page = self.ask(name, **members, **({"nextToken": token} if token else {}))
            items += page.get("items", [])
            token = page.get("nextToken")
            if not token:
                return items

    def _send(self, name, members, region):
        method, path, body = model.wire_request(name, members)
        sent = json.dumps(body) if model.has_body(name) and name != "InitializeService" else None
        return self.simulator.send(method, path, sent, region=region)


def tell(story):
    """Everything once, in an order that makes sense to DRS."""
    listings(story)
    settings(story)
    uninitialised(story)
    job = launches(story)
    refusals(story, job)
    endings(story)
    return story.differences


def listings(story):
    """What can be read before anything has happened."""
    servers = story.pages("DescribeSourceServers")
    if len(servers) != 16:
        story.differences.append(f"DescribeSourceServers lists {len(servers)} of 16 servers")
    story.ask("DescribeSourceServers", filters={"sourceServerIDs": [servers[0]["sourceServerID"]]}, maxResults=1)
    story.ask("DescribeSourceServers", filters={"stagingAccountIDs": ["444455556666"]})
    story.ask("DescribeSourceServers", filters={"hardwareId": "none"})
    story.pages("DescribeRecoveryInstances")
    story.ask("DescribeJobs")
    story.ask("DescribeJobLogItems", jobID="drsjob-00000000000000001")
    for order in ("ASC", "DESC"):
        story.pages("DescribeRecoverySnapshots", sourceServerID="s-0000000000000db01", order=order)
    story.ask("DescribeReplicationConfigurationTemplates")
    story.ask("DescribeLaunchConfigurationTemplates")
    template = story.ask("DescribeReplicationConfigurationTemplates")["items"][0]
    story.ask("DescribeReplicationConfigurationTemplates",
              replicationConfigurationTemplateIDs=[template["replicationConfigurationTemplateID"]])


def settings(story):
    """Settings and tags of servers."""
    for number in (1, 2):
        server = f"s-{number:017x}"
        story.ask("GetLaunchConfiguration", sourceServerID=server)
        story.ask("GetReplicationConfiguration", sourceServerID=server)
    story.ask("GetReplicationConfiguration", sourceServerID="s-0000000000000db01")
    story.ask("UpdateLaunchConfiguration", sourceServerID="s-00000000000000001", recoveryMode="OPTIMAL",
              targetInstanceTypeRightSizingMethod="NONE", licensing={"osByol": True}, copyPrivateIp=True)
    arn = "arn:aws:drs:us-west-2:111122223333:source-server/s-00000000000000001"
    story.ask("TagResource", resourceArn=arn, tags={"owner": "a team", "plan": "shop"})
    story.ask("ListTagsForResource", resourceArn=arn)
    story.ask("UntagResource", resourceArn=arn, tagKeys=["owner", "plan"])
    for name, more in (("TagResource", {"tags": {"a": "b"}}), ("ListTagsForResource", {}),
                       ("UntagResource", {"tagKeys": ["a"]})):
        story.refuse("ResourceNotFoundException", name, resourceArn=arn.replace("0001", "00ff"), **more)


def uninitialised(story):
    """A Region where DRS was never set up, and then is."""
    server = "s-00000000000000001"
    for name, members in (
            ("DescribeSourceServers", {}), ("DescribeJobs", {}), ("DescribeRecoveryInstances", {}),
            ("DescribeJobLogItems", {"jobID": "drsjob-00000000000000001"}),
            ("DescribeRecoverySnapshots", {"sourceServerID": server}),
            ("GetLaunchConfiguration", {"sourceServerID": server}),
            ("GetReplicationConfiguration", {"sourceServerID": server}),
            ("DescribeReplicationConfigurationTemplates", {}), ("DescribeLaunchConfigurationTemplates", {}),
            ("UpdateLaunchConfiguration", {"sourceServerID": server}),
            ("StartRecovery", {"sourceServers": [{"sourceServerID": server}]}),
            ("TerminateRecoveryInstances", {"recoveryInstanceIDs": ["i-0123456789abcdef0"]}),
            ("DisconnectRecoveryInstance", {"recoveryInstanceID": "i-0123456789abcdef0"}),
            ("DeleteRecoveryInstance", {"recoveryInstanceID": "i-0123456789abcdef0"}),
            ("DeleteJob", {"jobID": "drsjob-00000000000000001"}),
            ("StartReplication", {"sourceServerID": server}), ("StopReplication", {"sourceServerID": server}),
            ("DisconnectSourceServer", {"sourceServerID": server}), ("DeleteSourceServer", {"sourceServerID": server})):
        story.refuse("UninitializedAccountException", name, region="eu-west-1", **members)
    story.ask("InitializeService", region="eu-west-1")
    story.ask("DescribeSourceServers", region="eu-west-1")


def launches(story):
    """A drill and a recovery, looked at in all their states, and a relaunch."""
    def start(servers, drill):
        return story.ask("StartRecovery", isDrill=drill, tags={"attempt": servers[0]}, sourceServers=[
            {"sourceServerID": server} for server in servers])["job"]["jobID"]

    drill = start([f"s-{number:017x}" for number in (1, 2, 4, 5)], True)
    recovery = start(["s-0000000000000db01", "s-0000000000000db02", "s-0000000000000ex01"], False)
    relaunch = start(["s-00000000000020002"], True)
    for _ in range(12):
        story.simulator.advance(120)
        story.pages("DescribeJobs")
        for job in (drill, recovery, relaunch):
            story.pages("DescribeJobLogItems", jobID=job)
        story.pages("DescribeSourceServers")
        story.pages("DescribeRecoveryInstances")
    story.simulator.finish_jobs()
    pin = story.pages("DescribeRecoverySnapshots", sourceServerID="s-0000000000000db01")[-1]["snapshotID"]
    story.ask("StartRecovery", isDrill=True, sourceServers=[
        {"sourceServerID": "s-0000000000000db01", "recoverySnapshotID": pin}])
    story.simulator.finish_jobs()
    story.pages("DescribeJobs", filters={"jobIDs": [drill, recovery], "fromDate": "2026-11-01T00:00:00Z"})
    return drill


def refusals(story, job):
    """What DRS refuses by itself, in the model's own errors."""
    server = "s-00000000000000003"
    unknown = "s-fffffffffffffffff"
    for name in ("GetLaunchConfiguration", "UpdateLaunchConfiguration", "GetReplicationConfiguration",
                 "StartReplication", "StopReplication", "DisconnectSourceServer", "DeleteSourceServer"):
        story.refuse("ResourceNotFoundException", name, sourceServerID=unknown)
    story.refuse("ResourceNotFoundException", "DeleteJob", jobID="drsjob-fffffffffffffffff")
    story.refuse("ResourceNotFoundException", "DisconnectRecoveryInstance", recoveryInstanceID="i-ffffffffffffffff0")
    story.refuse("ResourceNotFoundException", "DescribeReplicationConfigurationTemplates",
                 replicationConfigurationTemplateIDs=["rct-fffffffffffffffff"])
    story.refuse("ResourceNotFoundException", "DescribeLaunchConfigurationTemplates",
                 launchConfigurationTemplateIDs=["lct-fffffffffffffffff"])
    started = story.ask("StartRecovery", isDrill=True, sourceServers=[{"sourceServerID": server}])["job"]["jobID"]
    for name in ("DisconnectSourceServer", "DeleteSourceServer", "StartReplication", "StopReplication"):
        story.refuse("ConflictException", name, sourceServerID=server)
    story.refuse("ConflictException", "DeleteJob", jobID=started)
    for refused in (server, "s-0000000000000db03", "s-0000000000000db04", "s-0000000000000db05",
                    "s-0000000000000ex02", "s-00000000000020003"):
        story.refuse("ConflictException", "StartRecovery", sourceServers=[{"sourceServerID": refused}])
    story.refuse("ConflictException", "TerminateRecoveryInstances", recoveryInstanceIDs=["i-ffffffffffffffff0"])
    story.refuse("ConflictException", "DeleteRecoveryInstance", recoveryInstanceID="i-ffffffffffffffff0")
    story.refuse("ServiceQuotaExceededException", "StartRecovery",
                 sourceServers=[{"sourceServerID": f"s-{number:017x}"} for number in range(1, 102)])
    for name, members in (("DescribeSourceServers", {}), ("DescribeJobs", {}), ("DescribeRecoveryInstances", {}),
                          ("DescribeJobLogItems", {"jobID": job}),
                          ("DescribeRecoverySnapshots", {"sourceServerID": server})):
        story.refuse("ValidationException", name, nextToken="not a token", **members)
    story.simulator.finish_jobs()
    story.ask("DeleteJob", jobID=started)


def endings(story):
    """Instances, jobs and servers are ended in the order that DRS asks for."""
    instances = story.pages("DescribeRecoveryInstances")
    launched = {one["sourceServerID"]: one["recoveryInstanceID"] for one in instances}
    ids = [launched[f"s-{number:017x}"] for number in (1, 2)]
    story.ask("TerminateRecoveryInstances", recoveryInstanceIDs=ids)
    story.simulator.advance(60)
    story.pages("DescribeJobs")
    story.pages("DescribeRecoveryInstances")
    story.refuse("ConflictException", "TerminateRecoveryInstances", recoveryInstanceIDs=ids)
    story.simulator.finish_jobs()
    story.pages("DescribeJobs")
    kept = launched["s-00000000000000003"]
    story.refuse("ConflictException", "DisconnectSourceServer", sourceServerID="s-00000000000000003")
    story.refuse("ConflictException", "DeleteRecoveryInstance", recoveryInstanceID=kept)
    story.ask("DisconnectRecoveryInstance", recoveryInstanceID=kept)
    story.pages("DescribeRecoveryInstances")
    story.ask("DeleteRecoveryInstance", recoveryInstanceID=kept)
    server = "s-00000000000000006"
    story.ask("StopReplication", sourceServerID=server)
    story.ask("StartReplication", sourceServerID=server)
    story.simulator.advance(400)
    story.pages("DescribeSourceServers")
    story.simulator.advance(3600)
    story.refuse("ConflictException", "DeleteSourceServer", sourceServerID=server)
    story.ask("DisconnectSourceServer", sourceServerID=server)
    story.pages("DescribeSourceServers")
    story.ask("DeleteSourceServer", sourceServerID=server)
