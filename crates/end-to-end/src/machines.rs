//! The state machine's runs at the emulator: which there are, and the end of one of them.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::emulator::{Emulator, members, text};
use crate::stack::Stack;

/// The state machine that keeps time for executions.
#[derive(Clone, Debug)]
pub struct Machines {
    emulator: Emulator,
    arn: String,
}

impl Machines {
    /// The state machine of this stack.
    pub async fn of(stack: &Stack) -> Result<Self> {
        let emulator = stack.emulator();
        let known = call(&emulator, "ListStateMachines", &json!({})).await?;
        let arn = members(&known, "stateMachines")
            .iter()
            .map(|machine| text(machine, "stateMachineArn"))
            .find(|arn| arn.ends_with("-execution"))
            .context("no state machine of executions")?;
        Ok(Self { emulator, arn })
    }

    /// How the machine of this number stands: RUNNING, ABORTED and so on.
    pub async fn status(&self, execution: &str, start: u32) -> Result<Option<String>> {
        let request = json!({ "executionArn": self.run(execution, start) });
        let target = "AWSStepFunctions.DescribeExecution";
        let answer = self.emulator.try_call("states", target, &request).await?;
        match answer {
            Ok(answer) => Ok(Some(text(&answer, "status"))),
            Err(refusal) => {
                ensure!(refusal.contains("ExecutionDoesNotExist"), "{refusal}");
                Ok(None)
            }
        }
    }

    /// Ends the machine of this number, as a mishap would, without telling the product.
    pub async fn stop(&self, execution: &str, start: u32) -> Result<()> {
        let request = json!({ "executionArn": self.run(execution, start) });
        call(&self.emulator, "StopExecution", &request).await?;
        let status = self.status(execution, start).await?;
        ensure!(
            status.as_deref() == Some("ABORTED"),
            "the stopped machine is {status:?}"
        );
        Ok(())
    }

    fn run(&self, execution: &str, start: u32) -> String {
        let arn = self.arn.replace(":stateMachine:", ":execution:");
        format!("{arn}:{execution}-{start}")
    }
}

async fn call(emulator: &Emulator, operation: &str, request: &Value) -> Result<Value> {
    let target = format!("AWSStepFunctions.{operation}");
    emulator.call("states", &target, request).await
}
