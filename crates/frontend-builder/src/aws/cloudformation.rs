//! A stack's status by its id.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_cloudformation::Client;

use super::failed::failure;
use crate::ports::{Stacks, WorldFailure};

/// `CloudFormation`.
#[derive(Debug)]
pub struct CloudFormationStacks(Client);

impl CloudFormationStacks {
    /// A client for the configuration's Region, which is the stack's own.
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }
}

#[async_trait]
impl Stacks for CloudFormationStacks {
    async fn status(&self, stack_id: &str) -> Result<String, WorldFailure> {
        const OPERATION: &str = "DescribeStacks";
        let answer = self
            .0
            .describe_stacks()
            .stack_name(stack_id)
            .send()
            .await
            .map_err(|error| failure(OPERATION, stack_id, &error))?;
        answer
            .stacks()
            .first()
            .and_then(|stack| stack.stack_status())
            .map(|status| status.as_str().to_owned())
            .ok_or_else(|| WorldFailure {
                operation: OPERATION,
                subject: stack_id.to_owned(),
                reason: "the answer holds no stack with a status".to_owned(),
            })
    }
}
