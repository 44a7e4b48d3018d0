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
    CONSOLE, DEFINITION, FUNCTIONS, Provenance, Release, TEMPLATES, TOOL, Tree, artifact,
    read_templates, source,
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

/// The same with the templates of this repository.
pub(crate) fn of_templates(folder: &Path, commit: &str, changed: &[&str]) -> Release {
    let mut release = whole(folder, commit, changed);
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cfn");
    release.templates = read_templates(&templates).unwrap();
    release
}

/// The settings of another environment.
pub(crate) fn settings_of(environment: &str) -> Settings {
    Settings {
        environment: environment.to_owned(),
        ..settings()
    }
}

/// A deployment from beginning to end, with every plan that is made on the way and what was told.
#[derive(Debug, Default)]
pub(crate) struct Deployment {
    pub(crate) plans: Vec<String>,
    pub(crate) told: Vec<String>,
}

/// Deploys somewhere, as often as the plan has to be made anew.
pub(crate) async fn deploy_to(
    world: &World,
    release: &Release,
    settings: &Settings,
    tables_left: TablesLeft,
    time: &str,
) -> (Deployment, Result<(), Failure>) {
    let mut deployment = Deployment::default();
    let result = deploy_on(world, release, settings, tables_left, time, &mut deployment);
    let result = result.await;
    (deployment, result)
}

async fn deploy_on(
    world: &World,
    release: &Release,
    settings: &Settings,
    tables_left: TablesLeft,
    time: &str,
    deployment: &mut Deployment,
) -> Result<(), Failure> {
    let written = Written {
        tool_version: "1".to_owned(),
        time: time.to_owned(),
    };
    loop {
        let observation = observe(world, settings, release).await?;
        let plan = plan(release, settings, &observation, tables_left)?;
        deployment.plans.push(plan.to_string());
        let applying = Applying {
            release,
            settings,
            cloud: world,
            replacements: Replacements::Refused,
            before: observation.manifest.as_ref(),
            written: &written,
        };
        let told = &mut deployment.told;
        let mut progress = |event: Event| told.push(event.to_string());
        match apply(&plan, &applying, &mut progress).await? {
            Outcome::Done => return Ok(()),
            Outcome::PlanAnew => {}
        }
    }
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
