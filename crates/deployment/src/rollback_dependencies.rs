//! What the deployed stacks need of the bucket: CloudFormation fetches it again whenever it goes back
//! to what they are.

use std::collections::BTreeSet;

use futures::future::try_join_all;

use crate::cloud::{Cloud, StackState};
use crate::deployed_templates;
use crate::error::Failure;
use crate::observation::StackPhase;
use crate::release::{TEMPLATES, digest};
use crate::settings::{Settings, in_capitals};

/// Where a stack's code, console and templates lie.
const OF_STACKS: [&str; 2] = ["artifacts/", "cfn/"];

/// What must stay for the stacks' sake.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Needs {
    /// What their parameters name and what their templates were made from.
    pub keys: BTreeSet<String>,
    /// Whether they may go back to something else.
    pub change: Change,
}

/// Whether the last change of the stacks is over.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Change {
    /// It is: what they name is all that they can go back to.
    #[default]
    Over,
    /// It is not, or failed on its way back: nobody knows all that it may still fetch.
    Unfinished,
}

impl Needs {
    /// Whether the object must stay.
    pub fn include(&self, key: &str) -> bool {
        let may_be_fetched = OF_STACKS.iter().any(|prefix| key.starts_with(prefix));
        self.keys.contains(key) || (self.change == Change::Unfinished && may_be_fetched)
    }
}

/// Asks the master and the nested stacks, as CloudFormation has them now.
pub async fn look(cloud: &dyn Cloud, settings: &Settings) -> Result<Needs, Failure> {
    let name = settings.stack();
    let (master, nested) = tokio::join!(cloud.stack(&name), cloud.nested(&name));
    let Some(master) = master? else {
        return Ok(Needs::default());
    };
    let nested = nested?;
    let change = change(&master.status);
    let mut keys = named(&master);
    let states = try_join_all(nested.iter().map(|nested| cloud.stack(&nested.id))).await?;
    keys.extend(states.iter().flatten().flat_map(named));
    let templates = deployed_templates::read(cloud, &name, &nested).await?;
    let files = templates.iter().map(|template| {
        let file = match template.resource.as_str() {
            "" => TEMPLATES.first().copied(),
            resource => file(resource),
        };
        template_key(file?, &template.text)
    });
    keys.extend(files.flatten());
    Ok(Needs { keys, change })
}

fn change(status: &str) -> Change {
    match StackPhase::of(status) {
        StackPhase::Stands | StackPhase::NeverCreated | StackPhase::MustBeDeleted => Change::Over,
        StackPhase::RollbackFailed | StackPhase::Busy | StackPhase::Unknown => Change::Unfinished,
    }
}

fn named(stack: &StackState) -> BTreeSet<String> {
    let is_key = |value: &&String| OF_STACKS.iter().any(|prefix| value.starts_with(prefix));
    stack.parameters.values().filter(is_key).cloned().collect()
}

/// The file of a nested stack's template, by its name in the master.
fn file(resource: &str) -> Option<&'static str> {
    TEMPLATES.into_iter().find(|file| {
        let stem = file.strip_suffix("-stack.yaml");
        stem.is_some_and(|stem| format!("{}Stack", in_capitals(stem)) == resource)
    })
}

fn template_key(file: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("cfn/{}/{file}", digest(text.as_bytes())))
}
