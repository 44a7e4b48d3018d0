//! The steps about the stacks: deployment, a failed one, destruction.

use anyhow::{Context, Result, bail, ensure};
use command_line::deploy::{
    Allowing, Answering, DeployOptions, DestroyOptions, Part, Place, Showing,
};
use deployment::apply::proof;
use deployment::cloud::{ObjectStore, Presence, Stacks};
use deployment::manifest::MANIFEST;
use deployment::progress::Event;
use deployment::retained;
use deployment::talk::listed;

use super::Files;
use super::api::success;
use super::prover::Prover;
use crate::locked::locked;
use crate::{deploy, destroy};

/// Everything is done, and text for a person.
const DOING: Showing = Showing {
    dry_run: false,
    answering: Answering { json: false },
    detailed_exitcode: false,
};

impl Prover<'_> {
    /// What stands here and is not in the record was made by somebody else, and is not touched.
    pub(super) async fn deployment(&self, files: &mut Files) -> Result<Vec<String>> {
        let settings = &self.context.settings;
        let name = settings.stack();
        if files.record.made.stack.is_none() {
            self.refuse_what_is_there().await?;
            if self.bucket().await? == Presence::Absent {
                files.record.made.bucket = Some(settings.bucket.clone());
            }
            files.record.made.stack = Some(name.clone());
            files.keep()?;
        }
        let options = DeployOptions {
            place: self.place(),
            showing: DOING,
            part: Part {
                code_only: None,
                frontend_only: false,
                from_bucket: self.options.from_bucket,
            },
            allowing: Allowing::default(),
            replica_region: None,
        };
        Box::pin(deploy::deploy(&options)).await?;
        let stack = self.stack().await?;
        ensure!(
            stack.status.ends_with("_COMPLETE"),
            "the stack {name} is {}",
            stack.status
        );
        let nested = self.cloud().nested(&name).await?;
        let nested: Vec<String> = nested
            .into_iter()
            .map(|nested| format!("{} {}", nested.resource, nested.status))
            .collect();
        Ok(vec![
            format!("{name} is {} with {}", stack.status, listed(&nested)),
            "what runs was compared with what was meant, and does not differ".to_owned(),
        ])
    }

    async fn refuse_what_is_there(&self) -> Result<()> {
        let settings = &self.context.settings;
        let name = settings.stack();
        if self.cloud().stack(&name).await?.is_some() {
            bail!("the stack {name} has appeared, and this run did not make it");
        }
        let left = retained::look(self.cloud(), settings).await?;
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        ensure!(
            left.is_empty(),
            "an earlier stack of this name left {}, which the destruction at the end would delete; \
             `destroy --purge` deletes them now, or choose another --project",
            listed(&left)
        );
        Ok(())
    }

    async fn bucket(&self) -> Result<Presence> {
        let bucket = &self.context.settings.bucket;
        Ok(match self.cloud().keys(bucket, &[MANIFEST]).await? {
            Some(_) => Presence::Present,
            None => Presence::Absent,
        })
    }

    /// The deployment that fails changes nothing but the name of the console's archive.
    pub(super) async fn failed_deployment(&self) -> Result<Vec<String>> {
        let context = self.context;
        let written = context.written();
        let output = context.output;
        let failing = async {
            let mut progress = |event: Event| output.tell(&event.to_string());
            let settings = &context.settings;
            let failing = proof::refused_update(&context.cloud, settings, &written, &mut progress);
            Ok(failing.await?)
        };
        let cause = Box::pin(locked(context, "a deployment that must fail", failing)).await?;
        let stack = self.stack().await?;
        let api = self.api().await?;
        let health = api.ask(("GET", "/health"), None, None).await?;
        success("/health", health)?;
        Ok(vec![
            format!("first cause: {cause}"),
            format!(
                "the stack is {}, with the parameters and outputs that it had",
                stack.status
            ),
            "the API answers /health".to_owned(),
        ])
    }

    /// All that this run made, and the bucket only where this run made it.
    pub(super) async fn destruction(&self, files: &Files) -> Result<Vec<String>> {
        let settings = &self.context.settings;
        let made = &files.record.made;
        let stack = made.stack.as_ref();
        let stack = stack.context("this run has made no stack")?;
        ensure!(
            *stack == settings.stack(),
            "the record names the stack {stack}"
        );
        let is_ours = made.bucket.as_ref() == Some(&settings.bucket);
        let options = DestroyOptions {
            place: self.place(),
            showing: DOING,
            confirm: Some(settings.environment.clone()),
            purge: is_ours,
            abandon_instances: false,
            break_glass: None,
        };
        Box::pin(destroy::run(&options)).await?;
        if !is_ours {
            for left in retained::look(self.cloud(), settings).await? {
                left.purge(self.cloud()).await?;
            }
        }
        let still = self.cloud().stack(stack).await?;
        ensure!(still.is_none(), "the stack {stack} is still there");
        let left = retained::look(self.cloud(), settings).await?;
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        ensure!(left.is_empty(), "{} are left", listed(&left));
        let bucket = match (is_ours, self.bucket().await?) {
            (true, Presence::Present) => bail!("the bucket {} is still there", settings.bucket),
            (true, Presence::Absent) => format!("the bucket {} is gone", settings.bucket),
            (false, _) => format!(
                "the bucket {} was there before, and stays as it is now",
                settings.bucket
            ),
        };
        Ok(vec![
            format!("the stack {stack} is gone, with its tables and its user pool"),
            bucket,
        ])
    }

    fn place(&self) -> Place {
        self.context.place.clone()
    }
}
