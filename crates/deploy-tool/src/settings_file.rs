//! `deploy.toml`: where and how, for those who do not want to say it each time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use deploy_options::Place;
use serde::Deserialize;

/// The file's name in a checkout, or in the folder where the tool runs.
const FILE: &str = "deploy.toml";

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    /// The environment that is meant when none is named.
    pub environment: Option<String>,
    /// What holds for all environments.
    #[serde(flatten)]
    pub general: Section,
    /// What holds for one.
    #[serde(default)]
    pub environments: BTreeMap<String, Section>,
}

/// What can be said for all environments, and for each.
#[derive(Clone, Debug, Default, Deserialize)]
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
    pub environment: String,
    /// The Region.
    pub region: String,
    /// The bucket, where somebody named one.
    pub bucket: Option<String>,
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
    let environment = place
        .environment
        .clone()
        .or_else(|| file.environment.clone());
    let environment = environment.with_context(|| missing("environment"))?;
    let general = &file.general;
    let unsaid = Section::default();
    let own = file.environments.get(&environment).unwrap_or(&unsaid);
    let first = |flag: &Option<String>, own: &Option<String>, general: &Option<String>| {
        flag.clone()
            .or_else(|| own.clone())
            .or_else(|| general.clone())
    };
    let project = first(&place.project, &own.project, &general.project);
    let region = first(&place.region, &own.region, &general.region);
    let mut parameters = general.parameters.clone();
    parameters.extend(own.parameters.clone());
    parameters.extend(place.parameters.iter().cloned());
    Ok(Resolved {
        project: project.with_context(|| missing("project"))?,
        region: region.with_context(|| missing("region"))?,
        bucket: first(&place.bucket, &own.bucket, &general.bucket),
        profile: first(&place.profile, &own.profile, &general.profile),
        environment,
        parameters,
    })
}

/// Reads the text of a file.
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
    parse(&text).with_context(|| format!("{} cannot be understood", path.display()))
}

fn missing(name: &str) -> String {
    let variable = name.to_uppercase();
    format!(
        "which {name}? Say --{name}, set DRS_ORCHESTRATION_{variable}, or write `{name}` into {FILE}"
    )
}
