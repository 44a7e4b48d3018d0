"""The AWS command line against the simulator: one claim for every operation that it offers."""

import json
import os
import subprocess
import sys
from pathlib import Path

from claims import expect
from simulator import ACCOUNT, REGION


class CommandLine:
    """`aws` of this environment, pointed at one simulator."""

    def __init__(self, simulator, home):
        self.program = str(Path(sys.executable).parent / "aws")
        self.url = simulator.url
        self.variables = {
            "PATH": os.environ["PATH"], "HOME": str(home), "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}

    def run(self, service, operation, *arguments):
        """The output as JSON; empty where the command prints nothing."""
        done = subprocess.run(
            [self.program, service, operation, *arguments, "--endpoint-url", self.url, "--output", "json"],
            env=self.variables, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"aws {service} {operation}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}


def try_all(claims, simulator, home):
    """A drill from the first look to the last record, by commands alone."""
    simulator.control("POST", "reset")
    aws = CommandLine(simulator, home)
    seen = {}

    def drs(operation, *arguments):
        return aws.run("drs", operation, *arguments)

    def start():
        job = drs("start-recovery", "--is-drill", "--source-servers", "sourceServerID=s-00000000000000001",
                  "--tags", "attempt=1")["job"]
        seen["job"] = job["jobID"]
        return expect(job["status"] == "PENDING" and job["tags"] == {"attempt": "1"}, f"{job}")

    def jobs():
        simulator.finish_jobs()
        job = drs("describe-jobs", "--filters", f"jobIDs={seen['job']}")["items"][0]
        return expect(job["participatingServers"][0]["launchStatus"] == "LAUNCHED", f"{job}")

    def instances():
        one, = drs("describe-recovery-instances", "--filters", "sourceServerIDs=s-00000000000000001")["items"]
        seen["instance"] = one["recoveryInstanceID"]
        return expect(one["jobID"] == seen["job"], f"{one}")

    def configuration():
        drs("update-launch-configuration", "--source-server-id", "s-00000000000000002", "--copy-private-ip")
        read = drs("get-launch-configuration", "--source-server-id", "s-00000000000000002")
        return expect(read["copyPrivateIp"] is True, f"{read}")

    def tags():
        arn = f"arn:aws:drs:{REGION}:{ACCOUNT}:source-server/s-00000000000000002"
        drs("tag-resource", "--resource-arn", arn, "--tags", "owner=platform")
        read = drs("list-tags-for-resource", "--resource-arn", arn)["tags"]
        drs("untag-resource", "--resource-arn", arn, "--tag-keys", "owner")
        return expect(read.get("owner") == "platform", f"{read}")

    def disconnect():
        one, = drs("describe-recovery-instances", "--filters", "sourceServerIDs=s-00000000000020001")["items"]
        drs("disconnect-recovery-instance", "--recovery-instance-id", one["recoveryInstanceID"])
        drs("delete-recovery-instance", "--recovery-instance-id", one["recoveryInstanceID"])
        return []

    def replication():
        stopped = drs("stop-replication", "--source-server-id", "s-00000000000000005")["sourceServer"]
        started = drs("start-replication", "--source-server-id", "s-00000000000000005")["sourceServer"]
        states = [one["dataReplicationInfo"]["dataReplicationState"] for one in (stopped, started)]
        return expect(states == ["STOPPED", "INITIATING"], f"{states}")

    def server():
        gone = drs("disconnect-source-server", "--source-server-id", "s-00000000000000006")
        drs("delete-source-server", "--source-server-id", "s-00000000000000006")
        return expect(gone["dataReplicationInfo"]["dataReplicationState"] == "DISCONNECTED", f"{gone}")

    def terminate():
        job = drs("terminate-recovery-instances", "--recovery-instance-ids", seen["instance"])["job"]
        return expect(job["type"] == "TERMINATE", f"{job}")

    def errors():
        found = []
        for error in ("ConflictException", "ServiceQuotaExceededException", "UninitializedAccountException"):
            simulator.control("POST", "faults", {"when": {"op": "StartRecovery"}, "do": {"error": error}, "times": 1})
            try:
                drs("start-recovery", "--is-drill", "--source-servers", "sourceServerID=s-00000000000000002")
                found.append(f"no {error}")
            except RuntimeError as refused:
                found += expect(f"({error})" in str(refused), f"{refused}")
        return found

    def items(least, operation, *arguments):
        listed = drs(operation, *arguments)["items"]
        return expect(len(listed) >= least, f"{len(listed)} items instead of {least}")

    for name, body in (
            ("initialize-service", lambda: expect(drs("initialize-service") == {}, "an answer")),
            ("describe-source-servers, all pages", lambda: items(16, "describe-source-servers")),
            ("start-recovery", start), ("describe-jobs", jobs),
            ("describe-job-log-items", lambda: items(8, "describe-job-log-items", "--job-id", seen["job"])),
            ("describe-recovery-instances", instances),
            ("describe-recovery-snapshots", lambda: items(
                20, "describe-recovery-snapshots", "--source-server-id", "s-00000000000000001", "--order", "DESC")),
            ("get- and update-launch-configuration", configuration),
            ("get-replication-configuration", lambda: expect(drs(
                "get-replication-configuration", "--source-server-id", "s-00000000000000002")["pitPolicy"], "none")),
            ("describe-replication-configuration-templates", lambda: items(
                1, "describe-replication-configuration-templates")),
            ("describe-launch-configuration-templates", lambda: items(1, "describe-launch-configuration-templates")),
            ("tag-resource, list-tags-for-resource and untag-resource", tags),
            ("disconnect- and delete-recovery-instance", disconnect),
            ("stop- and start-replication", replication),
            ("disconnect- and delete-source-server", server),
            ("terminate-recovery-instances", terminate), ("start-recovery, refused by name", errors),
            ("delete-job", lambda: expect(drs("delete-job", "--job-id", seen["job"]) == {}, "an answer"))):
        claims.claim(f"aws drs {name}", body)
