//! Releases to try things with.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use deployment::apply::{Applying, Outcome, Replacements, apply};
use deployment::error::Failure;
use deployment::manifest::{MANIFEST, Manifest, Written};
use deployment::observation::observe;
use deployment::plan::{Plan, TablesLeft, plan, sync};
use deployment::progress::Event;
use deployment::release::{
    CONSOLE, DEFINITION, FUNCTIONS, Provenance, Release, TEMPLATES, TOOL, Tree, artifact, source,
};
use deployment::settings::{Replica, Settings};

use crate::world::World;

pub(crate) fn settings() -> Settings {
    Settings {
        project: "drs-orchestration".to_owned(),
        environment: "test".to_owned(),
        region: "eu-west-1".to_owned(),
        bucket: "deployment-bucket".to_owned(),
        chosen: BTreeMap::from([("AdminEmail".to_owned(), "admin@example.com".to_owned())]),
        replica: Replica::Unsaid,
    }
}

/// Files that say their own names, except for those that `changed` names.
pub(crate) fn files(folder: &Path, changed: &[&str]) {
    let archives = FUNCTIONS
        .iter()
        .chain([&CONSOLE, &TOOL])
        .map(|name| format!("{name}.zip"));
    let templates = TEMPLATES
        .iter()
        .chain([&DEFINITION])
        .map(|name| (*name).to_owned());
    for name in archives.chain(templates).chain(["main.rs".to_owned()]) {
        let version = if changed.contains(&name.as_str()) {
            "two"
        } else {
            "one"
        };
        fs::write(folder.join(&name), format!("{name} {version}")).unwrap();
    }
}

/// A release with sources, as a checkout makes it once everything is built.
pub(crate) fn whole(folder: &Path, commit: &str, changed: &[&str]) -> Release {
    files(folder, changed);
    let mut release = Release::read(folder, folder).unwrap();
    release.tool = Some(artifact(TOOL, &folder.join(format!("{TOOL}.zip"))).unwrap());
    release.sources = vec![source("lambda", "main.rs", &folder.join("main.rs")).unwrap()];
    release.provenance = Some(Provenance {
        commit: commit.to_owned(),
        tree: Tree::Clean,
    });
    for artifact in release.artifacts_mut() {
        artifact.source = Some(format!("sources of {}", artifact.sha256));
    }
    release
}

/// Looks, plans and carries out; answers the plan.
pub(crate) async fn deployed(
    world: &World,
    release: &Release,
    time: &str,
    replacements: Replacements,
) -> Result<Plan, Failure> {
    let settings = settings();
    let observation = observe(world, &settings, release).await?;
    let plan = plan(release, &settings, &observation, TablesLeft::Refuse)?;
    let before = observation.manifest.as_ref();
    match applied(world, release, &plan, before, time, replacements).await? {
        Outcome::Done => Ok(plan),
        Outcome::PlanAnew => Box::pin(deployed(world, release, time, replacements)).await,
    }
}

/// A deployment that replaces nothing and succeeds; answers the plan.
pub(crate) async fn settled(world: &World, release: &Release, time: &str) -> Plan {
    let deployed = deployed(world, release, time, Replacements::Refused);
    deployed.await.unwrap()
}

/// The bucket after a sync without a deployment.
pub(crate) async fn synced(world: &World, release: &Release, time: &str) {
    let settings = settings();
    let observation = observe(world, &settings, release).await.unwrap();
    let plan = sync(release, &settings, &observation).unwrap();
    let before = observation.manifest.as_ref();
    let replacements = Replacements::Refused;
    let done = applied(world, release, &plan, before, time, replacements).await;
    assert_eq!(done.unwrap(), Outcome::Done);
}

async fn applied(
    world: &World,
    release: &Release,
    plan: &Plan,
    before: Option<&Manifest>,
    time: &str,
    replacements: Replacements,
) -> Result<Outcome, Failure> {
    let written = Written {
        tool_version: "1".to_owned(),
        time: time.to_owned(),
    };
    let applying = Applying {
        release,
        settings: &settings(),
        cloud: world,
        replacements,
        before,
        written: &written,
    };
    let mut nobody = |_: Event| {};
    apply(plan, &applying, &mut nobody).await
}

/// The manifest that the bucket has.
pub(crate) fn manifest(world: &World) -> Manifest {
    let state = world.state();
    let bytes = &state.objects.as_ref().unwrap()[MANIFEST];
    Manifest::read(bytes, &settings()).unwrap()
}
