//! The stack's part of a plan, for every state in which a stack can be found.

use super::{Difference, Step};
use crate::error::Failure;
use crate::observation::{Observation, Stack, Standing};
use crate::release::{Object, Release};
use crate::runs::{Runs, Served};
use crate::settings::{Settings, in_capitals};

/// What becomes of tables that an earlier stack left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TablesLeft {
    /// They are named, and nothing is done.
    Refuse,
    /// The new stack takes them over.
    Adopt,
}

/// The steps from the stack as it stands to the release.
pub(super) fn steps(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
    tables_left: TablesLeft,
) -> Result<Vec<Step>, Failure> {
    let Some(stack) = &observation.stack else {
        return creation(observation, tables_left).map(|step| vec![step]);
    };
    let status = stack.status.clone();
    match stack.standing() {
        Standing::Stands => {
            let differences = differences(release, settings, stack);
            let update = (!differences.is_empty()).then_some(Step::UpdateStack { differences });
            let repairs = repairs(release, settings, stack, &observation.runs);
            Ok(update.into_iter().chain(repairs).collect())
        }
        Standing::NeverCreated => Ok(vec![Step::CreateStack]),
        Standing::Ruined => Ok(vec![Step::DeleteStack { status }, Step::CreateStack]),
        Standing::HalfWayBack => {
            let update = Step::UpdateStack {
                differences: vec![Difference::AfterRollback],
            };
            let back = put_back(release, observation);
            Ok(back.chain([Step::ContinueRollback, update]).collect())
        }
        Standing::Busy => Ok(vec![Step::Await { status }]),
        Standing::Unknown => Err(Failure::UnknownStatus {
            stack: settings.stack(),
            status,
        }),
    }
}

/// What runs otherwise although the stack names the release: the service sees nothing to change there.
fn repairs(release: &Release, settings: &Settings, stack: &Stack, runs: &Runs) -> Vec<Step> {
    let is_named = |artifact: &&Object| {
        let parameter = format!("{}ArtifactKey", in_capitals(&artifact.name));
        stack.parameters.get(&parameter) == Some(&artifact.key)
    };
    let functions = release.functions.iter().filter(is_named);
    let drifted = functions.filter(|artifact| {
        let code = runs.functions.get(&artifact.name);
        code.is_some_and(|code| *code != artifact.sha256)
    });
    let code = drifted.map(|artifact| Step::UpdateCode {
        function: settings.function(&artifact.name),
        key: artifact.key.clone(),
    });
    let console = Some(&release.console).filter(is_named);
    let console = console.filter(|_| runs.console == Served::Otherwise);
    let console = console.map(|console| Step::PublishConsole {
        key: console.key.clone(),
    });
    code.chain(console).collect()
}

/// What the stacks go back to and the bucket no longer has; what is the release's own is uploaded.
fn put_back<'a>(
    release: &'a Release,
    observation: &'a Observation,
) -> impl Iterator<Item = Step> + 'a {
    let is_there = |key: &str| {
        let present = observation.bucket.as_ref();
        present.is_some_and(|keys| keys.contains_key(key))
            || release.objects().any(|object| object.key == key)
    };
    let needed = observation.protected.needs.keys.iter();
    needed
        .filter(move |key| !is_there(key))
        .map(|key| Step::PutBack { key: key.clone() })
}

fn creation(observation: &Observation, tables_left: TablesLeft) -> Result<Step, Failure> {
    if observation.left_tables.is_empty() {
        return Ok(Step::CreateStack);
    }
    let tables = observation.left_tables.clone();
    match tables_left {
        TablesLeft::Adopt => Ok(Step::AdoptTables { tables }),
        TablesLeft::Refuse => Err(Failure::TablesLeft {
            tables: tables.join(", "),
        }),
    }
}

fn differences(release: &Release, settings: &Settings, stack: &Stack) -> Vec<Difference> {
    let template =
        (release.master().sha256 != stack.template_sha256).then_some(Difference::Template);
    let parameters = settings
        .parameters(release)
        .into_iter()
        .filter_map(|(name, to)| {
            let from = stack.parameters.get(&name).cloned();
            (from.as_ref() != Some(&to)).then_some(Difference::Parameter { name, from, to })
        });
    template.into_iter().chain(parameters).collect()
}
