"""boto3 against the simulator: one claim for every operation, with its own paginators and parsers."""

import boto3
import botocore.config

from claims import expect
from simulator import ACCOUNT, REGION


def client_of(simulator, service="drs"):
    """A client that retries nothing by itself."""
    return boto3.client(
        service, region_name=REGION, endpoint_url=simulator.url, aws_access_key_id=ACCOUNT,
        aws_secret_access_key="any",
        config=botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=True))


def try_all(claims, simulator):
    """A drill from the first look to the last record, through boto3 alone."""
    simulator.control("POST", "reset")
    drs = client_of(simulator)
    seen = {}

    def paged(operation, **members):
        pages = drs.get_paginator(operation).paginate(**members)
        return [item for page in pages for item in page["items"]]

    def source_servers():
        seen["servers"] = paged("describe_source_servers")
        return expect(len(seen["servers"]) == 16, f"{len(seen['servers'])} servers instead of 16")

    def start():
        job = drs.start_recovery(sourceServers=[{"sourceServerID": "s-00000000000000001"}], isDrill=True,
                                 tags={"attempt": "boto3"})["job"]
        seen["job"] = job["jobID"]
        return expect(job["status"] == "PENDING" and job["initiatedBy"] == "START_DRILL", f"{job}")

    def jobs():
        simulator.finish_jobs()
        job, = [job for job in paged("describe_jobs") if job["jobID"] == seen["job"]]
        return expect(job["status"] == "COMPLETED" and
                      job["participatingServers"][0]["launchStatus"] == "LAUNCHED", f"{job}")

    def log():
        events = [item["event"] for item in paged("describe_job_log_items", jobID=seen["job"])]
        return expect(events[0] == "JOB_START" and events[-1] == "JOB_END", f"{events}")

    def instances():
        one, = paged("describe_recovery_instances", filters={"sourceServerIDs": ["s-00000000000000001"]})
        seen["instance"] = one["recoveryInstanceID"]
        return expect(one["isDrill"] and one["ec2InstanceState"] == "RUNNING", f"{one}")

    def terminate():
        job = drs.terminate_recovery_instances(recoveryInstanceIDs=[seen["instance"]])["job"]
        simulator.finish_jobs()
        simulator.advance(60)
        left = paged("describe_recovery_instances", filters={"recoveryInstanceIDs": [seen["instance"]]})
        return expect(job["type"] == "TERMINATE" and not left, f"{job} {left}")

    def update():
        drs.update_launch_configuration(sourceServerID="s-00000000000000002", copyPrivateIp=True)
        return expect(drs.get_launch_configuration(sourceServerID="s-00000000000000002")["copyPrivateIp"], "unchanged")

    def tags():
        arn = f"arn:aws:drs:{REGION}:{ACCOUNT}:source-server/s-00000000000000002"
        drs.tag_resource(resourceArn=arn, tags={"owner": "a & b"})
        read = drs.list_tags_for_resource(resourceArn=arn)["tags"]
        drs.untag_resource(resourceArn=arn, tagKeys=["owner", "tier"])
        return expect(read.get("owner") == "a & b" and "owner" not in drs.list_tags_for_resource(
            resourceArn=arn)["tags"], f"{read}")

    def disconnect_instance():
        one, = paged("describe_recovery_instances", filters={"sourceServerIDs": ["s-00000000000020001"]})
        drs.disconnect_recovery_instance(recoveryInstanceID=one["recoveryInstanceID"])
        drs.delete_recovery_instance(recoveryInstanceID=one["recoveryInstanceID"])
        return expect(not paged("describe_recovery_instances", filters={
            "recoveryInstanceIDs": [one["recoveryInstanceID"]]}), "the record is still there")

    def replication():
        stopped = drs.stop_replication(sourceServerID="s-00000000000000005")["sourceServer"]
        started = drs.start_replication(sourceServerID="s-00000000000000005")["sourceServer"]
        states = [one["dataReplicationInfo"]["dataReplicationState"] for one in (stopped, started)]
        return expect(states == ["STOPPED", "INITIATING"], f"{states}")

    def server():
        drs.disconnect_source_server(sourceServerID="s-00000000000000006")
        drs.delete_source_server(sourceServerID="s-00000000000000006")
        return expect(len(paged("describe_source_servers")) == 15, "the server is still there")

    for name, body in (
            ("initialize_service", lambda: expect(drs.initialize_service() is not None, "no answer")),
            ("describe_source_servers, paged", source_servers), ("start_recovery", start),
            ("describe_jobs", jobs), ("describe_job_log_items", log), ("describe_recovery_instances", instances),
            ("terminate_recovery_instances", terminate),
            ("describe_recovery_snapshots", lambda: expect(len(paged(
                "describe_recovery_snapshots", sourceServerID="s-00000000000000001")) > 20, "too few points")),
            ("get_ and update_launch_configuration", update),
            ("get_replication_configuration", lambda: expect(len(drs.get_replication_configuration(
                sourceServerID="s-00000000000000002")["pitPolicy"]) == 3, "other rules than three")),
            ("describe_replication_configuration_templates", lambda: expect(paged(
                "describe_replication_configuration_templates"), "none")),
            ("describe_launch_configuration_templates", lambda: expect(paged(
                "describe_launch_configuration_templates"), "none")),
            ("tag_resource, list_tags_for_resource and untag_resource", tags),
            ("disconnect_ and delete_recovery_instance", disconnect_instance),
            ("stop_ and start_replication", replication),
            ("disconnect_ and delete_source_server", server),
            ("delete_job", lambda: expect(drs.delete_job(jobID=seen["job"]) is not None, "no answer"))):
        claims.claim(f"boto3: {name}", body)
