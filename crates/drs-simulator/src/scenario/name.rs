//! Names of operations, actions and errors as files write them. A misspelt one would make a fault
//! that never happens, so it is refused.

use crate::call::OPERATIONS;
use crate::error::ErrorName;
use serde::Deserialize;

/// The permission of DRS that is no operation.
const REGISTRATION: &str = "drs:CreateRecoveryInstanceForDrs";

/// What DRS does in EC2 with its caller's permissions, beside the operations served here.
const INSIDE_JOBS: [&str; 62] = [
    "AllocateAddress",
    "AssociateAddress",
    "AssociateIamInstanceProfile",
    "AttachNetworkInterface",
    "AttachVolume",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateFleet",
    "CreateImage",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "CreateSecurityGroup",
    "CreateSnapshot",
    "CreateTags",
    "CreateVolume",
    "DeleteLaunchTemplate",
    "DeleteLaunchTemplateVersions",
    "DeleteNetworkInterface",
    "DeleteSnapshot",
    "DeleteTags",
    "DeleteVolume",
    "DeregisterImage",
    "DescribeAccountAttributes",
    "DescribeAvailabilityZones",
    "DescribeCapacityReservations",
    "DescribeHosts",
    "DescribeImages",
    "DescribeInstanceAttribute",
    "DescribeInstanceStatus",
    "DescribeInstanceTypeOfferings",
    "DescribeInstanceTypes",
    "DescribeInstances",
    "DescribeKeyPairs",
    "DescribeLaunchTemplateVersions",
    "DescribeLaunchTemplates",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeSubnets",
    "DescribeVolumeAttribute",
    "DescribeVolumes",
    "DetachVolume",
    "DisassociateAddress",
    "GetConsoleOutput",
    "GetConsoleScreenshot",
    "GetEbsDefaultKmsKeyId",
    "GetEbsEncryptionByDefault",
    "GetInstanceTypesFromInstanceRequirements",
    "ModifyInstanceAttribute",
    "ModifyLaunchTemplate",
    "ModifyNetworkInterfaceAttribute",
    "ModifySnapshotAttribute",
    "ModifyVolume",
    "RegisterImage",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RunInstances",
    "StartInstances",
    "StopInstances",
    "TerminateInstances",
];

/// An operation; those of EC2 are like `ec2:TerminateInstances`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct OperationName(pub(super) String);

impl TryFrom<String> for OperationName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if OPERATIONS.contains(&name.as_str()) {
            return Ok(Self(name));
        }
        let known = OPERATIONS.join(", ");
        Err(format!("there is no operation `{name}`; known: {known}"))
    }
}

/// An action such as `drs:StartRecovery`, or the beginning of some with `*`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Action(pub(super) String);

impl TryFrom<String> for Action {
    type Error = String;

    fn try_from(action: String) -> Result<Self, String> {
        let fits = |known: &str| match action.strip_suffix('*') {
            Some(beginning) => beginning.contains(':') && known.starts_with(beginning),
            None => known == action,
        };
        if actions().any(|known| fits(&known)) {
            return Ok(Self(action));
        }
        Err(format!(
            "there is no action `{action}` that anything here needs; write one like \
             drs:StartRecovery, {REGISTRATION} or ec2:RunInstances, or the beginning of some like ec2:*"
        ))
    }
}

fn actions() -> impl Iterator<Item = String> {
    let served = OPERATIONS
        .iter()
        .map(|operation| match operation.split_once(':') {
            Some(_) => (*operation).to_owned(),
            None => format!("drs:{operation}"),
        });
    let inside = INSIDE_JOBS.iter().map(|name| format!("ec2:{name}"));
    served.chain(inside).chain([REGISTRATION.to_owned()])
}

/// An error, with or without its `Exception` ending.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WrittenError(pub(super) ErrorName);

impl TryFrom<String> for WrittenError {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = || ErrorName::ALL.map(ErrorName::as_str).join(", ");
        ErrorName::parse(&name)
            .map(Self)
            .ok_or_else(|| format!("there is no error `{name}`; known: {}", known()))
    }
}

/// Whether this is the name of an operation, or the beginning of one.
pub(super) fn begins_an_operation(group: &str) -> bool {
    !group.is_empty()
        && OPERATIONS
            .iter()
            .any(|operation| operation.starts_with(group))
}

#[cfg(feature = "schema")]
mod schema {
    use super::{Action, OPERATIONS, OperationName, WrittenError};
    use crate::error::ErrorName;
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for OperationName {
        fn schema_name() -> Cow<'static, str> {
            Cow::Borrowed("Operation")
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "enum": OPERATIONS })
        }
    }

    impl JsonSchema for Action {
        fn schema_name() -> Cow<'static, str> {
            Cow::Borrowed("Action")
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "pattern": "^(drs|ec2):[A-Za-z0-9]*\\*?$" })
        }
    }

    impl JsonSchema for WrittenError {
        fn schema_name() -> Cow<'static, str> {
            Cow::Borrowed("Error")
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let names = ErrorName::ALL.map(ErrorName::as_str);
            let bare = names.map(|name| name.trim_end_matches("Exception"));
            let mut written: Vec<&str> = names.into_iter().chain(bare).collect();
            written.sort_unstable();
            written.dedup();
            json_schema!({ "type": "string", "enum": written })
        }
    }
}
