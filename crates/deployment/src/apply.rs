//! Carrying a plan out, step by step.

mod applying;
mod change_set;
mod creation;
mod objects;
pub mod proof;
mod refusal;
pub mod stack;

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::cloud::{Operation, Target, Update};
use crate::error::Failure;
use crate::plan::{Plan, Step};
use crate::progress::{Event, Progress};

use applying::AT_ONCE;
pub use applying::{Applying, Replacements};

/// How far a plan has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Everything in it is done.
    Done,
    /// What was waited for has changed the world: a new plan is needed.
    PlanAnew,
}

/// Carries the plan out; the first step that fails ends it. What is done stays done, so that the
/// next plan begins where this one ended.
pub async fn apply(
    plan: &Plan,
    applying: &Applying<'_>,
    progress: &mut dyn Progress,
) -> Result<Outcome, Failure> {
    let mut rest = plan.steps.as_slice();
    while let Some(step) = rest.first() {
        let alike = rest.iter().take_while(|other| are_alike(step, other));
        let (together, others) = rest.split_at(alike.count().max(1));
        rest = others;
        if applying.perform(together, progress).await? == Outcome::PlanAnew {
            return Ok(Outcome::PlanAnew);
        }
    }
    Ok(Outcome::Done)
}

/// Steps that are carried out side by side.
fn are_alike(one: &Step, other: &Step) -> bool {
    matches!(
        (one, other),
        (Step::Upload { .. }, Step::Upload { .. })
            | (Step::Remove { .. }, Step::Remove { .. })
            | (Step::UpdateCode { .. }, Step::UpdateCode { .. })
    )
}

impl Applying<'_> {
    async fn perform(
        &self,
        steps: &[Step],
        progress: &mut dyn Progress,
    ) -> Result<Outcome, Failure> {
        let Some(step) = steps.first() else {
            return Ok(Outcome::Done);
        };
        let stack = self.settings.stack();
        if !matches!(
            step,
            Step::Upload { .. } | Step::Remove { .. } | Step::UpdateCode { .. }
        ) {
            progress.report(Event::Begins(step.to_string()));
        }
        match step {
            Step::CreateBucket { bucket } | Step::SecureBucket { bucket } => {
                self.cloud.create_bucket(bucket).await?;
            }
            Step::Build { artifact, .. } => {
                return Err(Failure::Archive(format!("{artifact} has not been built")));
            }
            Step::Upload { .. } => self.upload(steps, progress).await?,
            Step::WriteManifest => self.write_manifest().await?,
            Step::Remove { .. } => self.remove(steps, progress).await?,
            Step::Await { .. } => {
                stack::settle(self.cloud, &stack, progress).await?;
                return Ok(Outcome::PlanAnew);
            }
            Step::DeleteStack { .. } => {
                stack::delete(self.cloud, &stack, progress).await?;
                return Ok(Outcome::PlanAnew);
            }
            Step::PutBack { key } => self.put_back(key, progress).await?,
            Step::ContinueRollback => {
                stack::continue_rollback(self.cloud, &stack, progress).await?;
            }
            Step::CreateStack => self.create(Operation::Create, &[], progress).await?,
            Step::AdoptTables { tables } => {
                let operation = Operation::CreateAdopting;
                self.create(operation, tables, progress).await?;
            }
            Step::EndCreation => self.end_creation(progress).await?,
            Step::NameInStack { parameters } => self.name_in_stack(parameters, progress).await?,
            Step::UpdateStack { .. } => {
                let target = stack::target(Operation::Update, self).await?;
                self.change(Operation::Update, &target, progress).await?;
            }
            Step::UpdateCode { .. } => self.update_code(steps, progress).await?,
            Step::PublishConsole { key } => self.publish(key, progress).await?,
        }
        Ok(Outcome::Done)
    }

    async fn change(
        &self,
        operation: Operation,
        target: &Target,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        stack::change(self.cloud, operation, target, self.replacements, progress).await
    }

    /// Every function at once: a new version of one must not meet the old one of another for long.
    async fn update_code(
        &self,
        steps: &[Step],
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        for step in steps {
            progress.report(Event::Begins(step.to_string()));
        }
        let mut updates = stream::iter(steps)
            .map(|step| self.update_one(step))
            .buffer_unordered(AT_ONCE);
        while let Some(function) = updates.try_next().await? {
            progress.report(Event::Note(format!("  {function} runs its new code")));
        }
        Ok(())
    }

    async fn update_one(&self, step: &Step) -> Result<String, Failure> {
        let Step::UpdateCode { function, key } = step else {
            return Ok(String::new());
        };
        let bucket = &self.settings.bucket;
        let not_taken = |reason: String| Failure::CodeNotTaken {
            function: function.clone(),
            reason,
        };
        self.cloud.update_code(function, bucket, key).await?;
        loop {
            let state = self.cloud.function(function).await?;
            let state = state.ok_or_else(|| not_taken("it is gone".to_owned()))?;
            match state.update {
                Update::Pending => self.cloud.pause().await,
                Update::Failed(reason) => return Err(not_taken(reason)),
                Update::Done if key.contains(&state.code_sha256) => return Ok(function.clone()),
                Update::Done => {
                    return Err(not_taken(format!("it runs {}", state.code_sha256)));
                }
            }
        }
    }

    async fn publish(&self, key: &str, progress: &mut dyn Progress) -> Result<(), Failure> {
        let outputs = self.cloud.stack(&self.settings.stack()).await?;
        let stack = outputs.ok_or_else(|| Failure::NoStack {
            stack: self.settings.stack(),
        })?;
        let console = crate::console::Console::of(&stack, self.settings, key)?;
        let invalidation = self.cloud.publish_console(&console).await?;
        progress.report(Event::Note(format!(
            "  published; invalidation {invalidation}"
        )));
        while !self
            .cloud
            .is_forgotten(&console.distribution, &invalidation)
            .await?
        {
            self.cloud.pause().await;
        }
        progress.report(Event::Note(
            "  the distribution has forgotten the old page".to_owned(),
        ));
        Ok(())
    }
}
