//! `destroy`: deletes the stacks of an environment; what holds data stays unless it is purged.

use anyhow::{Result, bail};
use deploy_options::DestroyOptions;
use deployment::apply::stack;
use deployment::cloud::{Cloud, Presence};
use deployment::guard::{self, Intent, Said};
use deployment::observation::{self, Observation, TABLES};
use deployment::progress::Event;
use deployment::rules::Source;
use serde_json::json;

use crate::commands::End;
use crate::ground::Ground;
use crate::locked::locked;
use crate::say::{Audience, ask};

/// What is there to be destroyed.
struct Doomed {
    observation: Observation,
    tables: Vec<String>,
    user_pool: Option<String>,
}

/// Shows, asks for the environment's name, deletes, and says what stays.
pub async fn run(options: &DestroyOptions) -> Result<End> {
    let showing = options.showing;
    let audience = Audience::of(showing);
    let ground = Ground::open(&options.place, audience).await?;
    let doomed = look(&ground).await?;
    let lines = lines(&ground, options, &doomed);
    let something =
        doomed.observation.stack.is_some() || (options.purge && !doomed.tables.is_empty());
    audience.answer(
        &lines.join("\n"),
        &json!({ "destroy": lines, "dryRun": showing.dry_run }),
    );
    let end = if showing.detailed_exitcode && something {
        End::Two
    } else {
        End::Fine
    };
    let live = guard::live(&ground.cloud, &ground.settings, &doomed.observation).await?;
    for execution in &live {
        audience.tell(&format!("under way: {}", guard::named(execution)));
    }
    if showing.dry_run {
        return Ok(end);
    }
    ground.check_rules(Source::Bucket, options.break_glass.as_deref())?;
    let said = if options.abandon_instances {
        Said::AbandonInstances
    } else {
        Said::Nothing
    };
    guard::check(&live, Intent::Destroy, said)?;
    confirm(&ground, options)?;
    let destroying = destroy(&ground, options, &doomed);
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
    let mut tables = Vec::new();
    for table in TABLES {
        let name = settings.function(table);
        if cloud.table(&name).await? == Presence::Present {
            tables.push(name);
        }
    }
    let state = cloud.stack(&settings.stack()).await?.unwrap_or_default();
    Ok(Doomed {
        observation: Observation {
            stack,
            ..Observation::default()
        },
        tables,
        user_pool: state.outputs.get("UserPoolId").cloned(),
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
    let verb = if options.purge { "delete" } else { "keep" };
    lines.extend(
        doomed
            .tables
            .iter()
            .map(|table| format!("{verb} the table {table}")),
    );
    lines.push(format!(
        "{verb} the deployment bucket {}",
        ground.settings.bucket
    ));
    lines
}

fn confirm(ground: &Ground, options: &DestroyOptions) -> Result<()> {
    let name = &ground.settings.environment;
    let said = match &options.confirm {
        Some(said) => said.clone(),
        None => ask(&format!(
            "type the environment's name ({name}) to destroy it"
        ))?,
    };
    if said != *name {
        bail!("`{said}` is not the environment's name: nothing is destroyed");
    }
    Ok(())
}

async fn destroy(ground: &Ground, options: &DestroyOptions, doomed: &Doomed) -> Result<()> {
    let Ground {
        settings,
        cloud,
        audience,
        ..
    } = ground;
    let audience = *audience;
    if doomed.observation.stack.is_some() {
        let mut progress = |event: Event| audience.tell(&event.to_string());
        stack::delete(cloud, &settings.stack(), &mut progress).await?;
    }
    if options.purge {
        for table in &doomed.tables {
            cloud.delete_table(table).await?;
            audience.tell(&format!("deleted the table {table}"));
        }
    }
    Ok(())
}

fn say_what_stays(ground: &Ground, options: &DestroyOptions, doomed: &Doomed) {
    let mut stays: Vec<String> = Vec::new();
    if !options.purge {
        stays.extend(
            doomed
                .tables
                .iter()
                .map(|table| format!("the table {table}")),
        );
        stays.push(format!("the bucket {}", ground.settings.bucket));
    }
    if let Some(pool) = &doomed.user_pool {
        stays.push(format!(
            "the user pool {pool} (aws cognito-idp delete-user-pool --user-pool-id {pool})"
        ));
    }
    if !stays.is_empty() {
        ground
            .audience
            .tell(&format!("what stays: {}", stays.join(", ")));
    }
}
