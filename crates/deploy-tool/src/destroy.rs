//! `destroy`: deletes the stacks of an environment; what holds data stays unless it is purged.

use anyhow::{Result, bail};
use deploy_options::DestroyOptions;
use deployment::apply::stack;
use deployment::cloud::Cloud;
use deployment::guard::{self, Intent, Said, UnderWay};
use deployment::instances::LeftInstance;
use deployment::observation::{self, Observation};
use deployment::progress::Event;
use deployment::retained::{self, REMEMBERED, Retained};
use deployment::rules::Source;
use deployment::settings::REPLICA_REGION;
use serde_json::json;

use crate::commands::End;
use crate::ground::Ground;
use crate::locked::locked;
use crate::say::{Audience, ask};

/// What is there to be destroyed, and what would be left.
struct Doomed {
    observation: Observation,
    retained: Vec<Retained>,
    instances: Vec<LeftInstance>,
    replica_region: Option<String>,
}

/// Shows, asks for the environment's name, deletes, and says what stays.
pub async fn run(options: &DestroyOptions) -> Result<End> {
    let showing = options.showing;
    let audience = Audience::of(showing.answering);
    let mut ground = Ground::open(&options.place, audience).await?;
    ground.check_owner().await?;
    let doomed = look(&ground).await?;
    let lines = lines(&ground, options, &doomed);
    let mut retained = doomed.retained.iter();
    let something =
        doomed.observation.stack.is_some() || retained.any(|one| is_purged(options, one));
    audience.answer(
        &lines.join("\n"),
        &json!({ "destroy": lines, "leftInstances": doomed.instances, "dryRun": showing.dry_run }),
    );
    let end = if showing.detailed_exitcode && something {
        End::Two
    } else {
        End::Fine
    };
    let live = guard::live(&ground.cloud, &ground.settings, &doomed.observation).await?;
    ground.tell_what_is_under_way(&live);
    if showing.dry_run {
        return Ok(end);
    }
    ground.check_rules(Source::Bucket, options.break_glass.as_ref())?;
    let said = if options.abandon_instances {
        Said::AbandonInstances
    } else {
        Said::Nothing
    };
    guard::check(&live, Intent::Destroy, said)?;
    guard::check_instances(&doomed.instances, said)?;
    confirm(&ground, options)?;
    let destroying = destroy(&ground, options, &doomed, &live);
    // Without a bucket nobody deploys either, and a lock has no place.
    match ground
        .cloud
        .keys(&ground.settings.bucket, &["cfn/"])
        .await?
    {
        Some(_) => locked(&ground, "a destruction", destroying).await?,
        None => destroying.await?,
    }
    if options.purge {
        ground.cloud.purge_bucket(&ground.settings.bucket).await?;
        audience.tell(&format!("deleted the bucket {}", ground.settings.bucket));
    }
    say_what_stays(&ground, options, &doomed);
    Ok(end)
}

async fn look(ground: &Ground) -> Result<Doomed> {
    let Ground {
        settings, cloud, ..
    } = ground;
    let stack = observation::stack(cloud, settings).await?;
    let observation = Observation {
        stack,
        ..Observation::default()
    };
    let parameters = observation.stack.as_ref().map(|stack| &stack.parameters);
    let replica_region = parameters.and_then(|named| named.get(REPLICA_REGION).cloned());
    Ok(Doomed {
        retained: retained::look(cloud, settings).await?,
        instances: guard::instances(cloud, settings, &observation).await?,
        replica_region: replica_region.filter(|region| !region.is_empty()),
        observation,
    })
}

fn lines(ground: &Ground, options: &DestroyOptions, doomed: &Doomed) -> Vec<String> {
    let mut lines = Vec::new();
    match &doomed.observation.stack {
        Some(stack) => lines.push(format!(
            "delete the stack {}, which is {}, with its nested stacks and its console",
            ground.settings.stack(),
            stack.status
        )),
        None => lines.push(format!("there is no stack {}", ground.settings.stack())),
    }
    let doomed_data = doomed.retained.iter().map(|retained| {
        let verb = if is_purged(options, retained) {
            "delete"
        } else {
            "keep"
        };
        format!("{verb} {retained}")
    });
    lines.extend(doomed_data);
    lines.push(format!(
        "{} the deployment bucket {}",
        if options.purge { "delete" } else { "keep" },
        ground.settings.bucket
    ));
    if let Some(region) = &doomed.replica_region {
        let bucket = ground.bucket_in(region);
        lines.push(format!("keep the replica {bucket} in {region}"));
    }
    let left = doomed.instances.iter();
    lines.extend(left.map(|instance| format!("leave the instance {instance}")));
    lines
}

fn is_purged(options: &DestroyOptions, retained: &Retained) -> bool {
    options.purge && retained.can_go()
}

fn confirm(ground: &Ground, options: &DestroyOptions) -> Result<()> {
    let name = &ground.settings.environment;
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
    ground: &Ground,
    options: &DestroyOptions,
    doomed: &Doomed,
    live: &UnderWay,
) -> Result<()> {
    let Ground {
        settings,
        cloud,
        audience,
        ..
    } = ground;
    let audience = *audience;
    let reason = options.break_glass.as_ref();
    ground.record_break_glass(reason).await?;
    if options.abandon_instances {
        let what = "abandon-instances";
        let reason = "destroyed with --abandon-instances";
        ground.record_in_bucket(what, reason, Some(live)).await?;
    }
    // While a stack knows of it: afterwards some of it has no name that anybody could guess.
    let has_bucket = cloud.keys(&settings.bucket, &[REMEMBERED]).await?.is_some();
    if !options.purge && !doomed.retained.is_empty() && has_bucket {
        retained::remember(cloud, settings, &doomed.retained).await?;
    }
    if doomed.observation.stack.is_some() {
        let mut progress = |event: Event| audience.tell(&event.to_string());
        stack::delete(cloud, &settings.stack(), &mut progress).await?;
    }
    for retained in &doomed.retained {
        if is_purged(options, retained) {
            retained.purge(cloud).await?;
            audience.tell(&format!("deleted {retained}"));
        }
    }
    Ok(())
}

fn say_what_stays(ground: &Ground, options: &DestroyOptions, doomed: &Doomed) {
    let stays = |retained: &&Retained| !is_purged(options, retained);
    let mut names: Vec<String> = doomed
        .retained
        .iter()
        .filter(stays)
        .map(ToString::to_string)
        .collect();
    if !options.purge {
        names.push(format!("the bucket {}", ground.settings.bucket));
    }
    if let Some(region) = &doomed.replica_region {
        names.push(format!(
            "the replica {} in {region}",
            ground.bucket_in(region)
        ));
    }
    let instances = doomed.instances.iter();
    names.extend(instances.map(|instance| format!("the instance {instance}")));
    if !names.is_empty() {
        ground
            .audience
            .tell(&format!("what stays: {}", names.join(", ")));
    }
}
