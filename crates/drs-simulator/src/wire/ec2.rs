//! The few requests of EC2 that go with recovery instances, as its query protocol spells them.
//! Answers are trees with the names of its XML.

use super::Tags;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Declares a request: every member may be absent.
macro_rules! query {
    ($(#[$meta:meta])* $name:ident { $($member:ident: $type:ty = $wire:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $(#[serde(rename = $wire, default)]
            pub $member: $type,)*
        }
    };
}

query! { DescribeInstancesRequest {
    instance_ids: Vec<String> = "InstanceId", filters: Vec<Filter> = "Filter",
    max_results: Option<String> = "MaxResults", next_token: Option<String> = "NextToken",
} }
query! { DescribeInstanceStatusRequest {
    instance_ids: Vec<String> = "InstanceId", filters: Vec<Filter> = "Filter",
    include_all: Option<String> = "IncludeAllInstances",
    max_results: Option<String> = "MaxResults", next_token: Option<String> = "NextToken",
} }
query! { TerminateInstancesRequest { instance_ids: Vec<String> = "InstanceId" } }
query! { CreateTagsRequest { resources: Vec<String> = "ResourceId", tags: Vec<Tag> = "Tag" } }
query! { Filter { name: String = "Name", values: Vec<String> = "Value" } }
query! { Tag { key: String = "Key", value: String = "Value" } }
query! { DescribeLaunchTemplatesRequest { ids: Vec<String> = "LaunchTemplateId" } }
query! { DescribeLaunchTemplateVersionsRequest {
    id: String = "LaunchTemplateId", versions: Vec<String> = "LaunchTemplateVersion",
} }
query! { CreateLaunchTemplateVersionRequest {
    id: String = "LaunchTemplateId", source_version: Option<String> = "SourceVersion",
    description: Option<String> = "VersionDescription", data: Value = "LaunchTemplateData",
} }
query! { ModifyLaunchTemplateRequest {
    id: String = "LaunchTemplateId", default_version: Option<String> = "SetDefaultVersion",
} }

impl CreateTagsRequest {
    pub(crate) fn to_tags(&self) -> Tags {
        let pairs = self.tags.iter();
        pairs
            .map(|tag| (tag.key.clone(), tag.value.clone()))
            .collect()
    }
}
