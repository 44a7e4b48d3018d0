//! What has been done so far: a file that is true whenever the work ends, so that the next run goes
//! on where this one stopped and repeats no launch.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use super::observation::Observation;
use super::step::Step;

/// The version of this form.
const SCHEMA: u32 = 1;

/// Which environment is proved.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// Beginning of every resource name.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// The account.
    pub account: String,
    /// Region of the stacks.
    pub region: String,
}

/// The server of the drill, chosen once.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chosen {
    /// The source server.
    pub server: String,
    /// The Region that it recovers into.
    pub region: String,
    /// What keeps its drill from reaching production.
    pub isolation: String,
}

/// Something that the product was asked to make. The token is written before it is asked, so that an
/// answer that is lost leads to the same thing and to no second one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wish {
    /// The client token.
    pub token: String,
    /// When it was first asked; RFC 3339. The product remembers a token for 24 hours.
    pub at: String,
    /// Its id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// All that was made, and nothing that was there before.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Made {
    /// The master stack, by name.
    pub stack: Option<String>,
    /// The deployment bucket, where it was not there before.
    pub bucket: Option<String>,
    /// The name of the user.
    pub user: Option<String>,
    /// The protection group.
    pub group: Option<Wish>,
    /// The recovery plan.
    pub plan: Option<Wish>,
    /// The drill.
    pub execution: Option<Wish>,
}

/// How a step stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    tag = "state",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Standing {
    /// It was begun, and nobody has written down how it ended.
    Begun {
        /// RFC 3339.
        at: String,
    },
    /// It is proved.
    Proved {
        /// When it ended; RFC 3339.
        at: String,
        /// How long it took.
        seconds: u64,
        /// What shows it.
        evidence: Vec<String>,
    },
    /// It is not.
    NotProved {
        /// When it ended; RFC 3339.
        at: String,
        /// How long it took.
        seconds: u64,
        /// Why.
        reason: String,
    },
}

/// The record of one environment.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    /// Version of the form.
    pub schema: u32,
    /// Which environment.
    pub identity: Identity,
    /// What the names of all that is made end in.
    pub run: String,
    /// The server of the drill, once it is chosen.
    pub chosen: Option<Chosen>,
    /// What was made.
    pub made: Made,
    /// How each step stands; one that is not here was not tried.
    pub steps: BTreeMap<Step, Standing>,
    /// Answers to open questions about DRS.
    pub observations: Vec<Observation>,
}

impl Record {
    /// One of which nothing is done.
    pub fn new(identity: Identity, run: String) -> Self {
        Self {
            schema: SCHEMA,
            identity,
            run,
            chosen: None,
            made: Made::default(),
            steps: BTreeMap::new(),
            observations: Vec::new(),
        }
    }

    /// Reads the file, where it is there. One of another environment, account or Region is refused.
    pub fn read(file: &Path, identity: &Identity) -> Result<Option<Self>> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| file.display().to_string()),
        };
        let place = || format!("{} is no record of `prove`", file.display());
        let form: Form = serde_json::from_str(&text).with_context(place)?;
        ensure!(
            form.schema == SCHEMA,
            "{} has form {}, and this tool knows form {SCHEMA}: use the tool that wrote it",
            file.display(),
            form.schema
        );
        let record: Self = serde_json::from_str(&text).with_context(place)?;
        if record.identity != *identity {
            bail!(
                "{} is the record of {}, and {identity} is meant: choose another --folder",
                file.display(),
                record.identity
            );
        }
        Ok(Some(record))
    }

    /// Writes the file so that it is there whole or as it was before.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("the record")?;
        replace(file, &text)
    }

    /// Chooses the server; another one than before is refused, because its launch would be a second.
    pub fn choose(&mut self, chosen: Chosen) -> Result<()> {
        match &self.chosen {
            Some(before) if *before != chosen => bail!(
                "this record is about the server {} in {} with the isolation \"{}\": go on with the \
                 same, or choose another --folder",
                before.server,
                before.region,
                before.isolation
            ),
            Some(_) => {}
            None => self.chosen = Some(chosen),
        }
        Ok(())
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            project,
            environment,
            account,
            region,
        } = self;
        write!(formatter, "{project}-{environment} in {account}, {region}")
    }
}

/// What every form of a record says.
#[derive(Deserialize)]
struct Form {
    schema: u32,
}

/// Writes beside it first, so that whoever is killed leaves one of the two whole.
pub(super) fn replace(file: &Path, text: &str) -> Result<()> {
    let place = || file.display().to_string();
    let folder = file.parent().with_context(place)?;
    fs::create_dir_all(folder).with_context(place)?;
    let beside = file.with_extension("new");
    let mut new = fs::File::create(&beside).with_context(place)?;
    new.write_all(text.as_bytes()).with_context(place)?;
    new.sync_all().with_context(place)?;
    fs::rename(&beside, file).with_context(place)
}
