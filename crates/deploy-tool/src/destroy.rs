//! `destroy`: deletes the stacks of an environment; what holds data stays unless it is purged.

use anyhow::{Result, bail};
use command_line::deploy::DestroyOptions;
use deployment::apply::stack;
use deployment::aws::AwsCloud;
use deployment::cloud::{ObjectStore, Presence};
use deployment::destruction::{self, Data, Destruction, Seen, SeenReplica};
use deployment::error::Failure;
use deployment::guard::{self, GuardOverride, Intent, UnderWay};
use deployment::manifest::MANIFEST;
use deployment::observation::{self, Observation};
use deployment::owner::Recorded;
use deployment::progress::Event;
use deployment::retained::{self, Retained};
use deployment::rules::Source;
use deployment::settings::replica_region;
use deployment::talk::listed;
use serde_json::json;

use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::locked::locked;
use crate::terminal::{OutputFormat, ask};

/// What is there to be destroyed, and what becomes of it.
struct Doomed {
    observation: Observation,
    retained: Vec<Retained>,
    bucket: Presence,
    destruction: Destruction,
}

/// Shows, asks for the environment's name, deletes, and says what stays.
pub async fn run(options: &DestroyOptions) -> Result<CommandOutcome> {
    let showing = options.showing;
    let output = OutputFormat::of(showing.answering);
    let mut context = DeploymentContext::open(&options.place, output).await?;
    let bucket = match context.check_owner().await? {
        Recorded::NoBucket => Presence::Absent,
        Recorded::Nobody | Recorded::By(_) => Presence::Present,
    };
    let doomed = look(&context, options, bucket).await?;
    output.tell(&doomed.destruction.to_string());
    let live = guard::live(&context.cloud, &context.settings, &doomed.observation).await?;
    context.tell_what_is_under_way(&live);
    if !showing.dry_run {
        let reason = options.break_glass.as_ref();
        context.check_rules(Source::Bucket, reason)?;
        if doomed.destruction.deletes_something() {
            carry_out(&context, options, &doomed, &live).await?;
        } else {
            output.tell("there is nothing to delete");
        }
    }
    Ok(end(&context, options, &doomed))
}

fn end(context: &DeploymentContext, options: &DestroyOptions, doomed: &Doomed) -> CommandOutcome {
    let showing = options.showing;
    let changes = doomed.destruction.deletes_something();
    context.output.answer_a_program(&json!({
        "environment": context.settings.environment,
        "dryRun": showing.dry_run,
        "changes": changes,
        "things": doomed.destruction.things,
        "leftInstances": doomed.destruction.left_instances,
    }));
    if changes && showing.detailed_exitcode {
        CommandOutcome::DifferencesFound
    } else {
        CommandOutcome::Succeeded
    }
}

async fn carry_out(
    context: &DeploymentContext,
    options: &DestroyOptions,
    doomed: &Doomed,
    live: &UnderWay,
) -> Result<()> {
    let said = if options.abandon_instances {
        GuardOverride::AbandonInstances
    } else {
        GuardOverride::None
    };
    guard::check(live, Intent::Destroy, said)?;
    guard::check_instances(&doomed.destruction.left_instances, said)?;
    confirm(context, options)?;
    let bucket = presence(&context.cloud, &context.settings.bucket).await?;
    let destroying = Box::pin(async {
        // Somebody may have deployed or started something while the question stood.
        let still = look(context, options, bucket).await?;
        doomed.destruction.refuse_another(&still.destruction)?;
        let live = guard::live(&context.cloud, &context.settings, &still.observation).await?;
        guard::check(&live, Intent::Destroy, said)?;
        destroy(context, options, doomed, &live).await
    });
    // Without a bucket nobody deploys either, and a lock has no place.
    match bucket {
        Presence::Present => locked(context, "a destruction", destroying).await?,
        Presence::Absent => destroying.await?,
    }
    let output = context.output;
    if doomed.destruction.deletes_the_bucket() {
        let bucket = &context.settings.bucket;
        context.cloud.purge_bucket(bucket).await?;
        output.tell(&format!("deleted the deployment bucket {bucket}"));
    }
    let stays = doomed.destruction.what_stays();
    if !stays.is_empty() {
        output.tell(&format!("what stays: {}", listed(&stays)));
    }
    Ok(())
}

async fn look(
    context: &DeploymentContext,
    options: &DestroyOptions,
    bucket: Presence,
) -> Result<Doomed> {
    let DeploymentContext {
        settings, cloud, ..
    } = context;
    let stack = observation::stack(cloud, settings).await?;
    let observation = Observation {
        stack,
        ..Observation::default()
    };
    let stack = observation.stack.as_ref();
    let replica = match stack.and_then(|stack| replica_region(&stack.parameters)) {
        Some(region) => Some(seen_replica(context, region).await),
        None => None,
    };
    let retained = retained::look(cloud, settings).await?;
    let seen = Seen {
        stack: stack.map(|stack| stack.status.clone()),
        bucket,
        retained: retained.clone(),
        instances: guard::instances(cloud, settings, &observation).await?,
        replica,
    };
    let data = if options.purge {
        Data::Purged
    } else {
        Data::Kept
    };
    Ok(Doomed {
        destruction: destruction::plan(settings, seen, data),
        observation,
        retained,
        bucket,
    })
}

/// Nothing is done to it, so that a Region which does not answer stands in nobody's way.
async fn seen_replica(context: &DeploymentContext, region: String) -> SeenReplica {
    let (cloud, bucket) = context.elsewhere(&region).await;
    let presence = presence(&cloud, &bucket).await;
    SeenReplica {
        bucket,
        region,
        presence: presence.map_err(|failure| failure.to_string()),
    }
}

async fn presence(cloud: &AwsCloud, bucket: &str) -> Result<Presence, Failure> {
    Ok(match cloud.keys(bucket, &[MANIFEST]).await? {
        Some(_) => Presence::Present,
        None => Presence::Absent,
    })
}

fn confirm(context: &DeploymentContext, options: &DestroyOptions) -> Result<()> {
    let name = &context.settings.environment;
    let said = match &options.confirm {
        Some(said) => said.clone(),
        None => ask(&format!(
            "type the environment's name ({name}) to do all of this"
        ))?,
    };
    if said != *name {
        bail!("`{said}` is not the environment's name: nothing is destroyed");
    }
    Ok(())
}

async fn destroy(
    context: &DeploymentContext,
    options: &DestroyOptions,
    doomed: &Doomed,
    live: &UnderWay,
) -> Result<()> {
    let DeploymentContext {
        settings,
        cloud,
        output,
        ..
    } = context;
    let output = *output;
    let reason = options.break_glass.as_ref();
    context.break_glass(reason).await?;
    if options.abandon_instances {
        let what = "abandon-instances";
        let reason = "destroyed with --abandon-instances";
        context.record(what, reason, Some(live)).await?;
    }
    // While a stack knows of it: afterwards some of it has no name that anybody could guess.
    let has_bucket = doomed.bucket == Presence::Present;
    if !options.purge && !doomed.retained.is_empty() && has_bucket {
        retained::remember(cloud, settings, &doomed.retained).await?;
    }
    if doomed.observation.stack.is_some() {
        let mut progress = |event: Event| output.tell(&event.to_string());
        stack::delete(cloud, &settings.stack(), &mut progress).await?;
    }
    if options.purge {
        for retained in doomed.retained.iter().filter(|one| one.can_go()) {
            retained.purge(cloud).await?;
            output.tell(&format!("deleted {retained}"));
        }
    }
    Ok(())
}
