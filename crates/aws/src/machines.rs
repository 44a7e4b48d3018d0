//! State machines over Step Functions, and pollers over Lambda.

use async_trait::async_trait;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::ExecutionStatus;
use domain::{ExecutionId, Place};
use engine::ports::machines::{MachineError, Started, Woken};
use engine::ports::{Machines, Pollers};
use serde::Serialize;

use crate::failure::describe;

/// The state machine that keeps time for executions.
#[derive(Debug, Clone)]
pub struct StateMachines {
    client: aws_sdk_sfn::Client,
    state_machine_arn: String,
}

impl StateMachines {
    /// The state machine of this ARN. Nothing is asked of it yet.
    pub fn new(client: aws_sdk_sfn::Client, state_machine_arn: String) -> Self {
        Self {
            client,
            state_machine_arn,
        }
    }

    /// What became of the machine that has this name already.
    async fn earlier(&self, name: &str) -> Result<Started, MachineError> {
        let arn = self
            .state_machine_arn
            .replace(":stateMachine:", ":execution:");
        let answer = self
            .client
            .describe_execution()
            .execution_arn(format!("{arn}:{name}"))
            .send()
            .await
            .map_err(|error| MachineError(describe(&error)))?;
        Ok(if *answer.status() == ExecutionStatus::Running {
            Started::Running
        } else {
            Started::OverAlready
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MachineInput<'execution> {
    execution_id: &'execution str,
    start: u32,
}

#[async_trait]
impl Machines for StateMachines {
    async fn start(&self, execution: &ExecutionId, start: u32) -> Result<Started, MachineError> {
        let input = MachineInput {
            execution_id: execution.as_str(),
            start,
        };
        let name = format!("{execution}-{start}");
        let answer = self
            .client
            .start_execution()
            .state_machine_arn(&self.state_machine_arn)
            .name(&name)
            .input(json(&input)?)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Started::Running),
            Err(error) if error.code() == Some("ExecutionAlreadyExists") => {
                self.earlier(&name).await
            }
            Err(error) => Err(MachineError(describe(&error))),
        }
    }

    async fn wake(&self, token: &str) -> Result<Woken, MachineError> {
        let answer = self
            .client
            .send_task_success()
            .task_token(token)
            .output("{}")
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Woken::Woken),
            Err(error) => match error.code() {
                Some("TaskDoesNotExist" | "TaskTimedOut" | "InvalidToken") => Ok(Woken::Gone),
                Some(_) | None => Err(MachineError(describe(&error))),
            },
        }
    }
}

/// Pollers, invoked and not waited for.
#[derive(Debug, Clone)]
pub struct PollerInvoker {
    client: aws_sdk_lambda::Client,
    function_name: String,
}

impl PollerInvoker {
    /// The poller function of this name. Nothing is asked of it yet.
    pub fn new(client: aws_sdk_lambda::Client, function_name: String) -> Self {
        Self {
            client,
            function_name,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PollerInput<'place> {
    account_id: &'place str,
    region: &'place str,
}

#[async_trait]
impl Pollers for PollerInvoker {
    async fn invoke(&self, place: &Place) -> Result<(), MachineError> {
        let input = PollerInput {
            account_id: place.account.as_str(),
            region: place.region.as_str(),
        };
        self.client
            .invoke()
            .function_name(&self.function_name)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(json(&input)?))
            .send()
            .await
            .map_err(|error| MachineError(describe(&error)))?;
        Ok(())
    }
}

fn json(value: &impl Serialize) -> Result<String, MachineError> {
    serde_json::to_string(value).map_err(|error| MachineError(error.to_string()))
}
