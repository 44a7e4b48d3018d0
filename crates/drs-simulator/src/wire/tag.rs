//! Tags of any resource, by its ARN.

use super::{Tags, shape};

shape! { TagResourceRequest { resource_arn: String = "resourceArn", tags: Tags = "tags"; } }
shape! { UntagResourceRequest { resource_arn: String = "resourceArn", tag_keys: Vec<String> = "tagKeys"; } }
shape! { ListTagsForResourceRequest { resource_arn: String = "resourceArn"; } }
shape! { ListTagsForResourceResponse { ; tags: Tags = "tags" } }
