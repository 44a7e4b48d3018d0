//! The operations of EC2. They have its names for faults: `ec2:TerminateInstances`.

use crate::call::{Operation, OperationKind};
use crate::error::ApiError;
use crate::wire::ec2::{
    CreateLaunchTemplateVersionRequest, CreateTagsRequest, DescribeInstanceStatusRequest,
    DescribeInstancesRequest, DescribeLaunchTemplateVersionsRequest,
    DescribeLaunchTemplatesRequest, ModifyLaunchTemplateRequest, TerminateInstancesRequest,
};
use crate::world::World;
use serde_json::Value;

macro_rules! ec2_operation {
    ($request:ty, $name:literal, $kind:ident, $perform:expr, $instances:expr) => {
        impl Operation for $request {
            type Response = Value;
            const NAME: &'static str = $name;
            const KIND: OperationKind = OperationKind::$kind;
            const NEEDS_INITIALIZED: bool = false;

            fn validate(&self) -> Result<(), ApiError> {
                Ok(())
            }

            fn perform(&self, world: &mut World, site: usize) -> Result<Value, ApiError> {
                let perform: fn(&mut World, usize, &Self) -> Result<Value, ApiError> = $perform;
                perform(world, site, self)
            }

            fn recovery_instances(&self) -> Vec<&str> {
                let instances: fn(&Self) -> &[String] = $instances;
                instances(self).iter().map(String::as_str).collect()
            }
        }
    };
}

ec2_operation!(
    DescribeInstancesRequest,
    "ec2:DescribeInstances",
    Read,
    |world, site, request| world.list_machines(site, request),
    |request| &request.instance_ids
);
ec2_operation!(
    DescribeInstanceStatusRequest,
    "ec2:DescribeInstanceStatus",
    Read,
    |world, site, request| world.list_machine_statuses(site, request),
    |request| &request.instance_ids
);
ec2_operation!(
    TerminateInstancesRequest,
    "ec2:TerminateInstances",
    Write,
    |world, site, request| world.terminate_machines(site, request),
    |request| &request.instance_ids
);
ec2_operation!(
    CreateTagsRequest,
    "ec2:CreateTags",
    Write,
    |world, site, request| world.tag_machines(site, &request.resources, &request.to_tags()),
    |request| &request.resources
);
ec2_operation!(
    DescribeLaunchTemplatesRequest,
    "ec2:DescribeLaunchTemplates",
    Read,
    |world, site, request| world.list_templates(site, request),
    |_| &[]
);
ec2_operation!(
    DescribeLaunchTemplateVersionsRequest,
    "ec2:DescribeLaunchTemplateVersions",
    Read,
    |world, site, request| world.list_template_versions(site, request),
    |_| &[]
);
ec2_operation!(
    CreateLaunchTemplateVersionRequest,
    "ec2:CreateLaunchTemplateVersion",
    Write,
    |world, site, request| world.write_template_version(site, request),
    |_| &[]
);
ec2_operation!(
    ModifyLaunchTemplateRequest,
    "ec2:ModifyLaunchTemplate",
    Write,
    |world, site, request| world.choose_template_version(site, request),
    |_| &[]
);
