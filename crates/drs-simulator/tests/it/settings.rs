//! Launch and replication settings (S18) and tags (S19).

use crate::support::{
    ACCOUNT, REGION, drill, instances, launch, server, source_server, start, world,
};
use drs_simulator::wire::configuration::{
    GetLaunchConfigurationRequest, GetReplicationConfigurationRequest, LaunchDisposition,
    RightSizingMethod, UpdateLaunchConfigurationRequest,
};
use drs_simulator::wire::job::DeleteJobRequest;
use drs_simulator::wire::tag::{
    ListTagsForResourceRequest, TagResourceRequest, UntagResourceRequest,
};
use drs_simulator::{ApiError, ErrorName, World};
use std::collections::BTreeMap;

#[test]
fn launch_settings_change_only_where_the_request_says_so() {
    let mut world = world("");
    let get = GetLaunchConfigurationRequest {
        source_server_id: server(1),
    };
    let before = world
        .get_launch_configuration(ACCOUNT, REGION, &get)
        .unwrap();
    assert!(
        before
            .ec2_launch_template_id
            .as_ref()
            .unwrap()
            .starts_with("lt-")
    );
    let update = UpdateLaunchConfigurationRequest {
        source_server_id: server(1),
        launch_disposition: Some(LaunchDisposition::Stopped),
        ..UpdateLaunchConfigurationRequest::default()
    };
    let after = world
        .update_launch_configuration(ACCOUNT, REGION, &update)
        .unwrap();
    assert_eq!(after.launch_disposition, Some(LaunchDisposition::Stopped));
    assert_eq!(after.right_sizing_method, Some(RightSizingMethod::Basic));
    assert_eq!(after.ec2_launch_template_id, before.ec2_launch_template_id);
    assert_eq!(
        world
            .get_launch_configuration(ACCOUNT, REGION, &get)
            .unwrap(),
        after
    );
}

#[test]
fn each_change_of_settings_writes_a_version_of_the_launch_template() {
    let mut world = world("");
    assert_eq!(world.launch_template_version("web-01"), Some(1));
    let update = UpdateLaunchConfigurationRequest {
        source_server_id: server(1),
        ..UpdateLaunchConfigurationRequest::default()
    };
    world
        .update_launch_configuration(ACCOUNT, REGION, &update)
        .unwrap();
    assert_eq!(world.launch_template_version("web-01"), Some(2));
    assert_eq!(world.launch_template_version("web-02"), Some(1));
}

#[test]
fn settings_of_an_unknown_server_are_not_found() {
    let mut world = world("");
    let get = GetLaunchConfigurationRequest {
        source_server_id: server(999),
    };
    assert_eq!(
        world
            .get_launch_configuration(ACCOUNT, REGION, &get)
            .unwrap_err()
            .name,
        ErrorName::ResourceNotFound
    );
    let get = GetReplicationConfigurationRequest {
        source_server_id: server(999),
    };
    assert_eq!(
        world
            .get_replication_configuration(ACCOUNT, REGION, &get)
            .unwrap_err()
            .name,
        ErrorName::ResourceNotFound
    );
}

#[test]
fn a_point_in_time_policy_has_exactly_three_rules() {
    let mut world = world("");
    let get = GetReplicationConfigurationRequest {
        source_server_id: server(1),
    };
    let settings = world
        .get_replication_configuration(ACCOUNT, REGION, &get)
        .unwrap();
    assert_eq!(settings.pit_policy.unwrap().len(), 3);
}

fn tags(world: &mut World, arn: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let request = ListTagsForResourceRequest {
        resource_arn: arn.to_owned(),
    };
    let answer = world.list_tags_for_resource(ACCOUNT, REGION, &request)?;
    Ok(answer.tags.unwrap())
}

#[test]
fn servers_jobs_and_instances_are_tagged_by_their_arns() {
    let mut world = world("");
    let mut request = drill([1]);
    request.tags = Some([("execution".to_owned(), "e-1".to_owned())].into());
    let job = launch(&mut world, &request);
    let arns = [
        source_server(&mut world, 1).arn.unwrap(),
        job.arn.clone().unwrap(),
        instances(&mut world).remove(0).arn.unwrap(),
    ];
    for arn in &arns {
        let add = TagResourceRequest {
            resource_arn: arn.clone(),
            tags: [("new".to_owned(), "1".to_owned())].into(),
        };
        world.tag_resource(ACCOUNT, REGION, &add).unwrap();
        assert_eq!(tags(&mut world, arn).unwrap()["new"], "1");
        let remove = UntagResourceRequest {
            resource_arn: arn.clone(),
            tag_keys: vec!["new".to_owned()],
        };
        world.untag_resource(ACCOUNT, REGION, &remove).unwrap();
        assert!(!tags(&mut world, arn).unwrap().contains_key("new"));
    }
    assert_eq!(tags(&mut world, &arns[1]).unwrap()["execution"], "e-1");
    assert_eq!(source_server(&mut world, 1).tags.unwrap()["tier"], "web");
}

#[test]
fn tags_of_another_region_or_of_nothing_are_not_found() {
    let mut world = world("");
    for arn in [
        "arn:aws:drs:us-east-1:111122223333:source-server/s-00000000000000001",
        "arn:aws:drs:us-west-2:111122223333:source-server/s-99999999999999999",
        "arn:aws:drs:us-west-2:111122223333:source-network/sn-00000000000000001",
        "arn:aws:drs:us-west-2:111122223333:nonsense",
    ] {
        assert_eq!(
            tags(&mut world, arn).unwrap_err().name,
            ErrorName::ResourceNotFound,
            "{arn}"
        );
    }
}

#[test]
fn tags_of_the_source_are_copied_to_its_instance_unless_that_is_switched_off() {
    let mut world = world(
        "  - { id: s-000000000000000a1, tags: { tier: db }, launch: { copy_tags: false } }\n",
    );
    launch(&mut world, &drill([1, 0xa1]));
    for instance in instances(&mut world) {
        let copied = instance.source_server_id == Some(server(1));
        assert_eq!(instance.tags.unwrap().contains_key("tier"), copied);
    }
}

#[test]
fn a_job_is_deleted_only_when_it_has_ended() {
    let mut world = world("");
    let id = start(&mut world, &drill([1])).unwrap();
    let delete = DeleteJobRequest { job_id: id.clone() };
    assert_eq!(
        world.delete_job(ACCOUNT, REGION, &delete).unwrap_err().name,
        ErrorName::Conflict
    );
    world.advance_until(&"job:*:COMPLETED".parse().unwrap());
    world.delete_job(ACCOUNT, REGION, &delete).unwrap();
    assert_eq!(crate::support::job(&mut world, &id), None);
    assert_eq!(
        world.delete_job(ACCOUNT, REGION, &delete).unwrap_err().name,
        ErrorName::ResourceNotFound
    );
}
