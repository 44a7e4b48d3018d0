"""The few operations of EC2 that go with recovery instances, through boto3 and `aws ec2`."""

import botocore.exceptions

from claims import expect
from command_line_claims import CommandLine
from sdk_claims import client_of

SERVER = "s-00000000000000001"


def refused(call, code, **members):
    """A call that fails with this error."""
    try:
        call(**members)
    except botocore.exceptions.ClientError as error:
        seen = error.response["Error"]["Code"]
        return expect(seen == code, f"{seen} instead of {code}")
    return [f"no {code}"]


def try_all(claims, simulator, home):
    """Launches a server, then looks at its machine from the other side."""
    simulator.control("POST", "reset")
    drs, ec2 = client_of(simulator), client_of(simulator, "ec2")
    drs.start_recovery(sourceServers=[{"sourceServerID": SERVER}], isDrill=True)
    simulator.finish_jobs()
    launched = drs.describe_recovery_instances(filters={"sourceServerIDs": [SERVER]})["items"][0]["recoveryInstanceID"]
    with_boto3(claims, simulator, drs, ec2, launched)
    templates(claims, drs, ec2)
    with_commands(claims, simulator, home)


def with_boto3(claims, simulator, drs, ec2, launched):
    """Instances, their status, their tags and their end."""
    def status():
        simulator.advance(180)
        one, = ec2.describe_instance_status(InstanceIds=[launched])["InstanceStatuses"]
        return expect(one["InstanceStatus"]["Status"] == "ok" and one["SystemStatus"]["Status"] == "ok", f"{one}")

    def pages():
        ids = [instance["InstanceId"] for page in ec2.get_paginator("describe_instances").paginate(
            PaginationConfig={"PageSize": 5}) for one in page["Reservations"] for instance in one["Instances"]]
        return expect(len(ids) == len(set(ids)) == 4, f"{ids}")

    def filters():
        ec2.create_tags(Resources=[launched], Tags=[{"Key": "plan", "Value": "shop <1>"}])
        found = []
        for wanted in ({"Name": "tag:plan", "Values": ["shop*"]}, {"Name": "instance-id", "Values": [launched]}):
            page = ec2.describe_instances(Filters=[wanted, {"Name": "instance-state-name", "Values": ["running"]}])
            one, = [instance for one in page["Reservations"] for instance in one["Instances"]]
            tags = {tag["Key"]: tag["Value"] for tag in one["Tags"]}
            found += expect(tags["plan"] == "shop <1>" and tags["Name"] == "web-01" and
                            tags["AWSElasticDisasterRecoveryManaged"] == "drs.amazonaws.com", f"{tags}")
        return found

    def errors():
        unknown = "i-0123456789abcdef0"
        found = refused(ec2.describe_instances, "InvalidInstanceID.NotFound", InstanceIds=[unknown])
        found += refused(ec2.terminate_instances, "InvalidInstanceID.NotFound", InstanceIds=[launched, unknown])
        found += refused(ec2.create_tags, "InvalidInstanceID.Malformed", Resources=["i-?"], Tags=[])
        found += refused(ec2.describe_instances, "InvalidParameterValue", NextToken="invented")
        found += refused(ec2.describe_instances, "InvalidParameterValue", Filters=[{"Name": "no", "Values": ["x"]}])
        found += refused(ec2.describe_vpcs, "InvalidAction")
        rule = {"when": {"deny": ["ec2:TerminateInstances"]}}
        simulator.control("POST", "faults", rule)
        found += refused(ec2.terminate_instances, "UnauthorizedOperation", InstanceIds=[launched])
        simulator.control("DELETE", "faults")
        simulator.control("POST", "faults", {"when": {"op": "ec2:DescribeInstances"}, "times": 1,
                                             "do": {"error": "ThrottlingException"}})
        return found + refused(ec2.describe_instances, "RequestLimitExceeded")

    def by_hand():
        change, = ec2.terminate_instances(InstanceIds=[launched])["TerminatingInstances"]
        names = [change["PreviousState"]["Name"], change["CurrentState"]["Name"]]
        states = []
        for seconds in (0, 60, 3600):
            simulator.advance(seconds)
            states.append(drs.describe_recovery_instances(
                filters={"recoveryInstanceIDs": [launched]})["items"][0]["ec2InstanceState"])
        return expect(names == ["running", "shutting-down"] and
                      states == ["SHUTTING-DOWN", "TERMINATED", "NOT_FOUND"], f"{names} {states}")

    for name, body in (("describe_instance_status", status), ("describe_instances, paged", pages),
                       ("create_tags, and filters by tag, id and state", filters),
                       ("errors under their EC2 names", errors),
                       ("terminate_instances, seen by DRS", by_hand)):
        claims.claim(f"boto3 ec2: {name}", body)


def templates(claims, drs, ec2):
    """The launch template of a server, as DRS and others write it."""
    def body():
        template = drs.get_launch_configuration(sourceServerID=SERVER)["ec2LaunchTemplateID"]
        data = {
            "InstanceType": "m6i.large", "IamInstanceProfile": {"Name": "web"},
            "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-0aa", "Groups": ["sg-0aa", "sg-0bb"],
                                   "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": "10.0.0.9"}]}],
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}],
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3"}}]}
        made = ec2.create_launch_template_version(
            LaunchTemplateId=template, SourceVersion="$Latest", VersionDescription="ours", LaunchTemplateData=data)
        read = made["LaunchTemplateVersion"]["LaunchTemplateData"]
        found = [f"{name}: {read.get(name)} instead of {value}" for name, value in data.items() if read.get(name) != value]
        number = made["LaunchTemplateVersion"]["VersionNumber"]
        ec2.modify_launch_template(LaunchTemplateId=template, DefaultVersion=str(number))
        default, = ec2.describe_launch_template_versions(
            LaunchTemplateId=template, Versions=["$Default"])["LaunchTemplateVersions"]
        found += expect(default["VersionNumber"] == number and default["DefaultVersion"], f"{default}")
        drs.update_launch_configuration(sourceServerID=SERVER, copyTags=True)
        default, = ec2.describe_launch_template_versions(
            LaunchTemplateId=template, Versions=["$Default"])["LaunchTemplateVersions"]
        found += expect(default["VersionNumber"] == number + 1 and
                        default["LaunchTemplateData"]["InstanceType"] == "m5.large", f"{default}")
        shown, = ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"]
        found += expect(shown["LatestVersionNumber"] == number + 1, f"{shown}")
        return found + refused(ec2.describe_launch_template_versions, "InvalidLaunchTemplateId.NotFound",
                               LaunchTemplateId="lt-0123456789abcdef0")

    claims.claim("boto3 ec2: versions of a launch template, and what DRS makes of them", body)


def with_commands(claims, simulator, home):
    """The same through the command line."""
    aws = CommandLine(simulator, home)

    def instances():
        listed = aws.run("ec2", "describe-instances", "--filters", "Name=instance-state-name,Values=running,stopped")
        ids = [one["InstanceId"] for reservation in listed["Reservations"] for one in reservation["Instances"]]
        simulator.advance(180)
        running = aws.run("ec2", "describe-instance-status")["InstanceStatuses"]
        aws.run("ec2", "create-tags", "--resources", ids[0], "--tags", "Key=owner,Value=platform")
        ended = aws.run("ec2", "terminate-instances", "--instance-ids", ids[0])["TerminatingInstances"]
        return expect(len(ids) == 3 and len(running) == 2 and ended[0]["InstanceId"] == ids[0], f"{ids} {running}")

    claims.claim("aws ec2 describe-instances, describe-instance-status, create-tags and terminate-instances", instances)
