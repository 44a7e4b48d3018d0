//! `deploy.toml`: where and how, for those who do not want to say it each time.

mod given_value;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use command_line::deploy::Place;
use deployment::rules::Environment;
use serde::Deserialize;

pub use given_value::{GivenValue, check_bucket};
use given_value::{check_project, check_region, first};

/// The file's name in a checkout, or in the folder where the tool runs.
const FILE: &str = "deploy.toml";

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    /// What the file is called.
    #[serde(skip)]
    pub name: String,
    /// The environment that is meant when none is named.
    pub environment: Option<Environment>,
    /// Beginning of every resource name.
    pub project: Option<String>,
    /// Region of the stacks and of the bucket.
    pub region: Option<String>,
    /// The deployment bucket.
    pub bucket: Option<String>,
    /// Profile of the shared AWS configuration.
    pub profile: Option<String>,
    /// Regions that AWS has opened since this program was built.
    #[serde(default)]
    pub new_regions: Vec<String>,
    /// Parameters of the master template.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// What holds for one environment alone.
    #[serde(default)]
    pub environments: BTreeMap<Environment, Section>,
}

/// What can be said for one environment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Beginning of every resource name.
    pub project: Option<String>,
    /// Region of the stacks and of the bucket.
    pub region: Option<String>,
    /// The deployment bucket.
    pub bucket: Option<String>,
    /// Profile of the shared AWS configuration.
    pub profile: Option<String>,
    /// Parameters of the master template.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// Where a command is meant, after flags, environment variables and file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resolved {
    /// Beginning of every resource name.
    pub project: String,
    /// The environment.
    pub environment: Environment,
    /// The Region.
    pub region: String,
    /// The bucket, where somebody named one.
    pub bucket: Option<String>,
    /// Regions that this program does not know and somebody vouches for.
    pub new_regions: Vec<String>,
    /// The profile, where somebody named one.
    pub profile: Option<String>,
    /// Parameters of the master template.
    pub parameters: BTreeMap<String, String>,
}

/// Reads the file, if there is one, and resolves.
pub fn resolve(place: &Place) -> Result<Resolved> {
    let file = match file(place) {
        Some(path) => read(&path)?,
        None => SettingsFile::default(),
    };
    resolve_with(place, &file)
}

/// Flags and variables first, then the environment's section, then what holds for all.
pub fn resolve_with(place: &Place, file: &SettingsFile) -> Result<Resolved> {
    let environment = environment(place, file)?;
    let unsaid = Section::default();
    let own = file.environments.get(&environment).unwrap_or(&unsaid);
    let section = format!("[environments.{environment}] of {}", file.name);
    let pick = |name: &'static str, flag, own, general| {
        let places = [
            (flag, format!("--{name} or {}", variable(name))),
            (own, section.clone()),
            (general, file.name.clone()),
        ];
        first(name, places)
    };
    let project = pick("project", &place.project, &own.project, &file.project)?;
    let region = pick("region", &place.region, &own.region, &file.region)?;
    let bucket = pick("bucket", &place.bucket, &own.bucket, &file.bucket)?;
    let project = project.with_context(|| missing("project"))?;
    let region = region.with_context(|| missing("region"))?;
    check_project(&project)?;
    let new_regions = [&place.new_regions[..], &file.new_regions[..]].concat();
    check_region(&region, &new_regions)?;
    bucket.as_ref().map_or(Ok(()), check_bucket)?;
    let mut parameters = file.parameters.clone();
    parameters.extend(own.parameters.clone());
    parameters.extend(place.parameters.iter().cloned());
    let profile = place.profile.as_ref().or(own.profile.as_ref());
    Ok(Resolved {
        project: project.text,
        region: region.text,
        bucket: bucket.map(|said: GivenValue| said.text),
        new_regions,
        profile: profile.or(file.profile.as_ref()).cloned(),
        environment,
        parameters,
    })
}

fn environment(place: &Place, file: &SettingsFile) -> Result<Environment> {
    match (&place.environment, file.environment) {
        (Some(name), _) => Ok(name.parse()?),
        (None, Some(environment)) => Ok(environment),
        (None, None) => bail!(missing("environment")),
    }
}

/// Reads the text of a file; a mistake is told with its line and column.
pub fn parse(text: &str) -> Result<SettingsFile, toml::de::Error> {
    toml::from_str(text)
}

fn file(place: &Place) -> Option<PathBuf> {
    if place.settings.is_some() {
        return place.settings.clone();
    }
    let folders = place.prepared.checkout.iter().map(PathBuf::as_path);
    let candidates = folders
        .chain([Path::new(".")])
        .map(|folder| folder.join(FILE));
    candidates.into_iter().find(|file| file.is_file())
}

fn read(path: &Path) -> Result<SettingsFile> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let file = parse(&text).with_context(|| format!("{} cannot be understood", path.display()))?;
    Ok(SettingsFile {
        name: path.display().to_string(),
        ..file
    })
}

fn variable(name: &str) -> String {
    format!("DRS_ORCHESTRATION_{}", name.to_uppercase())
}

fn missing(name: &str) -> String {
    let variable = variable(name);
    format!("which {name}? Say --{name}, set {variable}, or write `{name}` into {FILE}")
}
