//! The EC2 instances behind recovery instances: listed, ended by hand, forgotten, launched from the
//! default version of their launch template.

use crate::support::client::Client;
use crate::support::{
    ACCOUNT, FLEET, REGION, advance, drill, instance_ids, instances, launch, recovery, server,
    terminate, until_completed, world,
};
use drs_simulator::wire::ec2::{
    CreateLaunchTemplateVersionRequest, DescribeInstancesRequest, Filter,
    ModifyLaunchTemplateRequest, TerminateInstancesRequest,
};
use drs_simulator::wire::recovery_instance::DeleteRecoveryInstanceRequest;
use drs_simulator::wire::recovery_instance::DisconnectRecoveryInstanceRequest;
use drs_simulator::{ApiError, Caller, Operation, Reply, ViolationKind, World};
use serde_json::{Value, json};

fn ask<O: Operation>(world: &mut World, request: &O) -> Result<O::Response, ApiError> {
    let Reply::Answered(answer) = world.request(&Caller::new(ACCOUNT, REGION), request) else {
        panic!("no answer at once")
    };
    answer
}

/// Ids and states of the EC2 instances.
fn machines(world: &mut World) -> Vec<(String, String)> {
    let answer = ask(world, &DescribeInstancesRequest::default()).unwrap();
    let reservations = answer["reservationSet"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let machine = |reservation: &Value| {
        let instance = &reservation["instancesSet"][0];
        (
            text(&instance["instanceId"]),
            text(&instance["instanceState"]["name"]),
        )
    };
    reservations.iter().map(machine).collect()
}

#[test]
fn an_instance_that_drs_has_ended_is_shown_for_an_hour() {
    let mut world = world("");
    let launched = launch(&mut world, &drill([1]));
    let ids = instance_ids(&launched);
    let running = [(ids[0].clone(), "running".to_owned())];
    assert_eq!(machines(&mut world), running);
    let job = terminate(&mut world, &ids).unwrap();
    world.advance_until(&until_completed(&job));
    advance(&mut world, 60);
    assert!(instances(&mut world).is_empty());
    assert_eq!(machines(&mut world)[0].1, "terminated");
    advance(&mut world, 3600);
    assert!(machines(&mut world).is_empty());
}

#[test]
fn an_instance_whose_record_was_deleted_runs_on() {
    let mut world = world("");
    let ids = instance_ids(&launch(&mut world, &drill([1])));
    let recovery_instance_id = ids[0].clone();
    let disconnect = DisconnectRecoveryInstanceRequest {
        recovery_instance_id: recovery_instance_id.clone(),
    };
    ask(&mut world, &disconnect).unwrap();
    let delete = DeleteRecoveryInstanceRequest {
        recovery_instance_id,
    };
    ask(&mut world, &delete).unwrap();
    advance(&mut world, 86_400);
    assert!(instances(&mut world).is_empty());
    assert_eq!(
        machines(&mut world),
        [(ids[0].clone(), "running".to_owned())]
    );
}

#[test]
fn instances_are_ended_all_or_none_and_each_error_has_its_name() {
    let mut world = world("");
    let ids = instance_ids(&launch(&mut world, &drill([1, 2])));
    for (other, code) in [
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        ("i-?", "InvalidInstanceID.Malformed"),
    ] {
        let request = TerminateInstancesRequest {
            instance_ids: vec![ids[0].clone(), other.to_owned()],
        };
        let error = ask(&mut world, &request).unwrap_err();
        assert_eq!(error.details.ec2_code, Some(code));
    }
    assert!(
        machines(&mut world)
            .iter()
            .all(|(_, state)| state == "running")
    );
    let nothing = TerminateInstancesRequest::default();
    let error = ask(&mut world, &nothing).unwrap_err();
    assert_eq!(error.details.ec2_code, Some("MissingParameter"));
}

#[test]
fn ending_the_instance_of_a_recovery_by_hand_is_reported() {
    let mut world = world("");
    let instance_ids = instance_ids(&launch(&mut world, &recovery([1])));
    ask(&mut world, &TerminateInstancesRequest { instance_ids }).unwrap();
    let verdict = world.verify();
    assert_eq!(
        verdict.violations[0].kind,
        ViolationKind::RecoveryInstanceTerminated
    );
}

#[test]
fn filters_narrow_a_list_and_unknown_ones_are_refused() {
    let mut world = world("");
    launch(&mut world, &drill([1, 2, 3]));
    for (name, value, found) in [
        ("tag:tier", "web", 3),
        ("tag:Name", "web-0?", 3),
        ("tag:Name", "*-02", 1),
        (
            "tag:AWSElasticDisasterRecoverySourceServerID",
            &server(3),
            1,
        ),
        ("instance-state-name", "stopped", 0),
        ("tag-key", "tier", 3),
    ] {
        let request = DescribeInstancesRequest {
            filters: vec![Filter {
                name: name.to_owned(),
                values: vec!["nothing".to_owned(), value.to_owned()],
            }],
            ..DescribeInstancesRequest::default()
        };
        let answer = ask(&mut world, &request).unwrap();
        let list = answer["reservationSet"].as_array().unwrap();
        assert_eq!(list.len(), found, "{name}={value}");
    }
    let request = DescribeInstancesRequest {
        filters: vec![Filter::default()],
        ..DescribeInstancesRequest::default()
    };
    let error = ask(&mut world, &request).unwrap_err();
    assert_eq!(error.details.ec2_code, Some("InvalidParameterValue"));
}

#[test]
fn an_instance_is_launched_from_the_default_version_of_its_template() {
    let mut world = world("");
    let settings = source_settings(&mut world);
    let id = settings["ec2LaunchTemplateID"].as_str().unwrap().to_owned();
    let version = CreateLaunchTemplateVersionRequest {
        id: id.clone(),
        source_version: Some("1".to_owned()),
        description: None,
        data: json!({ "InstanceType": "m6i.4xlarge" }),
    };
    ask(&mut world, &version).unwrap();
    assert_eq!(launched_type(&mut world), "m5.large");
    let choice = ModifyLaunchTemplateRequest {
        id,
        default_version: Some("2".to_owned()),
    };
    ask(&mut world, &choice).unwrap();
    assert_eq!(launched_type(&mut world), "m6i.4xlarge");
    assert_eq!(world.launch_template_version(&server(1)), Some(2));
}

fn source_settings(world: &mut World) -> Value {
    let caller = Caller::new(ACCOUNT, REGION);
    let request = json!({ "sourceServerID": server(1) });
    let Reply::Answered(answer) = world.call(&caller, "GetLaunchConfiguration", &request) else {
        panic!("no answer at once")
    };
    answer.body.unwrap()
}

fn launched_type(world: &mut World) -> String {
    let request = DescribeInstancesRequest {
        instance_ids: instance_ids(&launch(world, &drill([1]))),
        ..DescribeInstancesRequest::default()
    };
    let answer = ask(world, &request).unwrap();
    let instance = &answer["reservationSet"][0]["instancesSet"][0];
    instance["instanceType"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn forms_are_read_and_answers_are_xml() {
    let client = Client::of(FLEET).await;
    let answer = client.ec2("Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-state-name&Filter.1.Value.1=running").await.unwrap();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/xml")
    );
    assert!(answer.text.starts_with("<DescribeInstancesResponse xmlns="));
    assert!(answer.text.contains("<reservationSet></reservationSet>"));
    let answer = client.ec2("Action=RunInstances").await.unwrap();
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("<Code>InvalidAction</Code>"));
    let answer = client
        .ec2("Action=TerminateInstances&InstanceId.1=i-%3Ca%26b%3E")
        .await
        .unwrap();
    assert!(answer.text.contains("i-&lt;a&amp;b&gt;"), "{}", answer.text);
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_faults_meet_ec2_too() {
    let rules = "rules: [ { when: { op: \"ec2:DescribeInstances\" }, do: { half_response: after_commit }, times: 1 } ]\n";
    let existing = "existing: { recovery_instances: [ { server: web-01, is_drill: true } ] }\n";
    let client = Client::of(&format!("{FLEET}{rules}{existing}")).await;
    assert!(client.ec2("Action=DescribeInstances").await.is_err());
    let listed = client.ec2("Action=DescribeInstances").await.unwrap().text;
    let (_, id) = listed.split_once("<instanceId>").unwrap();
    let (id, _) = id.split_once('<').unwrap();
    let form = format!("Action=TerminateInstances&InstanceId.1={id}&DryRun=true");
    let refused = client.ec2(&form).await.unwrap();
    assert_eq!(refused.status, 412);
    assert!(refused.text.contains("<Code>DryRunOperation</Code>"));
    let listed = client.ec2("Action=DescribeInstances").await.unwrap().text;
    assert!(listed.contains("<name>running</name>"), "{listed}");
}
