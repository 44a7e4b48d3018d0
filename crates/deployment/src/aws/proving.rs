//! What proving asks of AWS, over the SDKs.

mod drs;
mod http;
mod iam;
mod people;

use async_trait::async_trait;
use serde_json::Value;

use super::{AwsCloud, failed};
use crate::error::Failure;
use crate::proving::{
    Answered, Asked, CallAnswer, DrsPlace, FirstPage, Judged, Pool, Proving, Secret, SeenInstance,
    SeenJob, SeenLogItem,
};

/// What the service takes at once, by its documentation.
const ACTIONS_AT_ONCE: usize = 100;

#[async_trait]
impl Proving for AwsCloud {
    async fn caller(&self) -> Result<String, Failure> {
        let identity = self.sts.get_caller_identity().send().await;
        let identity = identity.map_err(failed("sts:GetCallerIdentity"))?;
        let arn = identity.arn.unwrap_or_default();
        let Some(role) = role_of_session(&arn) else {
            return Ok(arn);
        };
        // A session's ARN lacks the path of its role.
        self.role_arn(role).await
    }

    async fn simulate(&self, principal: &str, actions: &[&str]) -> Result<Vec<Judged>, Failure> {
        let mut judged = Vec::new();
        for some in actions.chunks(ACTIONS_AT_ONCE) {
            judged.extend(self.judged(principal, some).await?);
        }
        Ok(judged)
    }

    async fn provide_user(
        &self,
        pool: &str,
        name: &str,
        password: &Secret,
        groups: &[&str],
    ) -> Result<(), Failure> {
        self.provide(pool, name, password, groups).await
    }

    async fn remove_user(&self, pool: &str, name: &str) -> Result<(), Failure> {
        self.delete_user(pool, name).await
    }

    async fn sign_in(&self, pool: &Pool, name: &str, password: &Secret) -> Result<Secret, Failure> {
        self.prove_password(pool, name, password).await
    }

    async fn ask(&self, asked: Asked<'_>) -> Result<Answered, Failure> {
        self.send_to_api(asked).await
    }

    async fn invoke(&self, function: &str, event: &Value) -> Result<(), Failure> {
        let call = self.lambda.invoke().function_name(function);
        let call = call.payload(aws_sdk_lambda::primitives::Blob::new(event.to_string()));
        let answer = call.send().await.map_err(failed("lambda:Invoke"))?;
        let Some(error) = answer.function_error else {
            return Ok(());
        };
        let payload = answer
            .payload
            .map(aws_sdk_lambda::primitives::Blob::into_inner);
        let text = String::from_utf8_lossy(&payload.unwrap_or_default()).into_owned();
        Err(Failure::Call {
            operation: "lambda:Invoke",
            reason: format!(
                "{function} failed ({error}): {}",
                crate::talk::repeated(&text)
            ),
        })
    }

    async fn first_page_of_servers(&self, place: DrsPlace<'_>) -> Result<FirstPage, Failure> {
        self.servers_of_first_page(place).await
    }

    async fn first_page_of_log(
        &self,
        place: DrsPlace<'_>,
        job: &str,
    ) -> Result<FirstPage, Failure> {
        self.log_of_first_page(place, job).await
    }

    async fn job(&self, place: DrsPlace<'_>, job: &str) -> Result<Option<SeenJob>, Failure> {
        self.job_of(place, job).await
    }

    async fn job_log(&self, place: DrsPlace<'_>, job: &str) -> Result<Vec<SeenLogItem>, Failure> {
        self.log_of(place, job).await
    }

    async fn instance(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<Option<SeenInstance>, Failure> {
        self.instance_of(place, server).await
    }

    async fn describe_server(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure> {
        self.server_of(place, server).await
    }

    async fn launch_configuration(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure> {
        self.launch_configuration_of(place, server).await
    }
}

/// The name of the role of `arn:aws:sts::111122223333:assumed-role/ROLE/SESSION`.
fn role_of_session(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    rest.split('/').next()
}
