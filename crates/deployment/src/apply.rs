//! Carrying a plan out, step by step.

use crate::cloud::{Cloud, Operation, Target};
use crate::error::Failure;
use crate::plan::{Plan, Step};
use crate::progress::{Event, Progress};
use crate::release::Release;
use crate::settings::Settings;

/// Carries the plan out; the first step that fails ends it. What is done stays done, so that the
/// next plan begins where this one ended.
pub async fn apply(
    plan: &Plan,
    release: &Release,
    settings: &Settings,
    cloud: &Cloud,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    for step in &plan.steps {
        perform(step, release, settings, cloud, progress).await?;
    }
    Ok(())
}

async fn perform(
    step: &Step,
    release: &Release,
    settings: &Settings,
    cloud: &Cloud,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let stack = settings.stack();
    if !matches!(step, Step::Upload { .. }) {
        progress.report(Event::Begins(step.to_string()));
    }
    match step {
        Step::CreateBucket { bucket } => cloud.create_bucket(bucket, &settings.region).await,
        Step::Upload { key, size } => {
            let object = release.objects().find(|object| object.key == *key);
            let object = object.ok_or_else(|| Failure::File {
                file: key.clone(),
                reason: "the release has no such object".to_owned(),
            })?;
            cloud.upload(&settings.bucket, object).await?;
            progress.report(Event::Uploaded {
                key: key.clone(),
                size: *size,
            });
            Ok(())
        }
        Step::DeleteStack { .. } => cloud.delete(&stack, progress).await,
        Step::ContinueRollback => cloud.continue_rollback(&stack, progress).await,
        Step::CreateStack => change(Operation::Create, release, settings, cloud, progress).await,
        Step::UpdateStack { .. } => {
            change(Operation::Update, release, settings, cloud, progress).await
        }
    }
}

async fn change(
    operation: Operation,
    release: &Release,
    settings: &Settings,
    cloud: &Cloud,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let stack = settings.stack();
    let parameters = settings.parameters(release);
    let template = settings.address(&release.master().key);
    let target = Target {
        stack: &stack,
        template,
        parameters: &parameters,
    };
    cloud.change(operation, &target, progress).await
}
