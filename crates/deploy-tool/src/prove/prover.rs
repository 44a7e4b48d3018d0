//! Who does the steps: over the account, with the session of the user of this run.

use anyhow::{Context, Result};
use command_line::deploy::ProveOptions;
use deployment::aws::AwsCloud;
use deployment::cloud::{StackState, Stacks};
use deployment::error::Failure;
use deployment::proving::{Answered, DrsPlace, Pool, Proving, Secret, random};
use serde_json::{Value, json};

use super::api::{Api, success};
use super::files::Files;
use super::record::{Chosen, Made, Wish};
use super::run::StepRunner;
use super::step::Step;
use crate::clock;
use crate::deployment_context::DeploymentContext;

/// The roles of the user: enough for a drill, and no more.
pub(super) const GROUPS: [&str; 2] = ["viewer", "drill-operator"];
/// The answer to a token that is not, or no longer, good.
const UNAUTHORIZED: u16 = 401;
/// Letters of the kinds that a pool may ask for; the rest of a password is random.
const EVERY_KIND: &str = "aA1!";

/// Who proves.
#[derive(Debug)]
pub(super) struct Prover<'a> {
    pub(super) context: &'a DeploymentContext,
    pub(super) options: &'a ProveOptions,
    session: Option<Secret>,
}

impl<'a> Prover<'a> {
    pub(super) fn new(context: &'a DeploymentContext, options: &'a ProveOptions) -> Self {
        Self {
            context,
            options,
            session: None,
        }
    }

    pub(super) fn cloud(&self) -> &'a AwsCloud {
        &self.context.cloud
    }

    /// The master stack as it stands.
    pub(super) async fn stack(&self) -> Result<StackState> {
        let stack = self.context.settings.stack();
        let found = self.cloud().stack(&stack).await?;
        Ok(found.ok_or(Failure::NoStack { stack })?)
    }

    pub(super) async fn output(&self, name: &str) -> Result<String> {
        let stack = self.stack().await?;
        let value = stack.outputs.get(name).cloned();
        value.with_context(|| format!("the stack has no output {name}"))
    }

    pub(super) async fn api(&self) -> Result<Api<'a, AwsCloud>> {
        Ok(Api {
            cloud: self.cloud(),
            origin: self.output("ConsoleUrl").await?,
        })
    }

    pub(super) async fn pool(&self) -> Result<Pool> {
        Ok(Pool {
            id: self.output("UserPoolId").await?,
            client: self.output("UserPoolClientId").await?,
        })
    }

    /// Another DRS than AWS's, where the stack is told of one.
    pub(super) async fn drs_endpoint(&self) -> Result<Option<String>> {
        let stack = self.stack().await?;
        let endpoint = stack.parameters.get("DrsEndpointUrl").cloned();
        Ok(endpoint.filter(|endpoint| !endpoint.is_empty()))
    }

    /// Signs the user of the record in, with a new password that nobody keeps.
    pub(super) async fn sign_in_anew(&mut self, user: &str, groups: &[&str]) -> Result<Secret> {
        let pool = self.pool().await?;
        let password = format!("{EVERY_KIND}{}", hex::encode(random::<16>()?));
        let password = Secret::new(password);
        let cloud = self.cloud();
        cloud
            .provide_user(&pool.id, user, &password, groups)
            .await?;
        let token = cloud.sign_in(&pool, user, &password).await?;
        self.session = Some(token.clone());
        Ok(token)
    }

    /// The session of this run; a run that goes on begins one anew.
    async fn token(&mut self, files: &Files) -> Result<Secret> {
        if let Some(token) = &self.session {
            return Ok(token.clone());
        }
        let user = files.record.made.user.clone();
        let user = user.context("this run has made no user yet")?;
        self.sign_in_anew(&user, &GROUPS).await
    }

    /// One request as the user, whatever it answers. A session that has run out is begun anew.
    pub(super) async fn ask(
        &mut self,
        files: &Files,
        request: (&str, &str),
        body: Option<&Value>,
    ) -> Result<Answered> {
        let api = self.api().await?;
        let token = self.token(files).await?;
        let answered = api.ask(request, Some(&token), body).await?;
        if answered.status != UNAUTHORIZED {
            return Ok(answered);
        }
        self.session = None;
        let token = self.token(files).await?;
        api.ask(request, Some(&token), body).await
    }

    /// Reads as the user.
    pub(super) async fn get(&mut self, files: &Files, path: &str) -> Result<Value> {
        let answered = self.ask(files, ("GET", path), None).await?;
        success(path, answered)
    }

    /// Has the product make something once: the token is in the record before it is asked, the id
    /// after. Answers the id.
    pub(super) async fn fulfil(
        &mut self,
        files: &mut Files,
        which: fn(&mut Made) -> &mut Option<Wish>,
        (path, member): (&str, &str),
        mut body: Value,
    ) -> Result<String> {
        let wish = match which(&mut files.record.made) {
            Some(wish) => wish.clone(),
            none => {
                let wish = Wish {
                    token: hex::encode(random::<16>()?),
                    at: clock::now().to_string(),
                    id: None,
                };
                *none = Some(wish.clone());
                files.keep()?;
                wish
            }
        };
        if let Some(id) = wish.id {
            return Ok(id);
        }
        body["clientToken"] = json!(wish.token);
        let answered = self.ask(files, ("POST", path), Some(&body)).await?;
        let made = success(path, answered)?;
        let id = super::api::text(&made, member)?.to_owned();
        remember(files, which, &id)?;
        Ok(id)
    }
}

/// Writes the id of what was made down.
pub(super) fn remember(
    files: &mut Files,
    which: fn(&mut Made) -> &mut Option<Wish>,
    id: &str,
) -> Result<()> {
    if let Some(wish) = which(&mut files.record.made) {
        wish.id = Some(id.to_owned());
    }
    files.keep()
}

/// The server of the drill.
pub(super) fn chosen(files: &Files) -> Result<Chosen> {
    let chosen = files.record.chosen.clone();
    chosen.context(
        "no server is named for the drill: give the same command with --server and --drill-isolation",
    )
}

/// Where DRS is asked directly.
pub(super) fn place<'p>(region: &'p str, endpoint: Option<&'p String>) -> DrsPlace<'p> {
    DrsPlace {
        region,
        endpoint: endpoint.map(String::as_str),
    }
}

impl StepRunner for Prover<'_> {
    async fn perform(&mut self, step: Step, files: &mut Files) -> Result<Vec<String>> {
        match step {
            Step::Rights => self.rights().await,
            Step::Deployment => Box::pin(self.deployment(files)).await,
            Step::SignIn => self.sign_in(files).await,
            Step::Api => self.health_and_permissions(files).await,
            Step::Watchers => self.watchers().await,
            Step::DrsReading => self.drs_reading(files).await,
            Step::Group => self.group(files).await,
            Step::Plan => self.plan(files).await,
            Step::DryRun => self.dry_run(files).await,
            Step::Drill => self.drill(files).await,
            Step::CleanUp => self.clean_up(files).await,
            Step::FailedDeployment => Box::pin(self.failed_deployment()).await,
            Step::Removal => self.removal(files).await,
            Step::Destruction => Box::pin(self.destruction(files)).await,
        }
    }
}
