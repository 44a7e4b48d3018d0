//! What runs: the functions' code and the console, looked at where a stack stands.

use std::collections::BTreeMap;

use futures::future::try_join_all;

use crate::cloud::{Cloud, Keys};
use crate::console::Console;
use crate::error::Failure;
use crate::observation::Stack;
use crate::release::{BUILT_CONSOLE, FUNCTIONS, Object, Release, digest};
use crate::settings::Settings;

/// What was found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Runs {
    /// Digests of the code that functions run, by the names of their programs.
    pub functions: BTreeMap<String, String>,
    /// What is served.
    pub console: Served,
}

/// Whether the console is the release's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Served {
    /// Nobody can say: there is none yet, or the release's files are not known.
    #[default]
    Unknown,
    /// Page, configuration and every file are.
    AsReleased,
    /// Something is not.
    Otherwise,
}

/// Looks at functions and console.
pub async fn look(
    cloud: &dyn Cloud,
    settings: &Settings,
    release: &Release,
    stack: &Stack,
    bucket: &Keys,
) -> Result<Runs, Failure> {
    let (functions, console) = tokio::join!(
        functions(cloud, settings),
        console(cloud, settings, release, stack, bucket)
    );
    Ok(Runs {
        functions: functions?,
        console: console?,
    })
}

async fn functions(
    cloud: &dyn Cloud,
    settings: &Settings,
) -> Result<BTreeMap<String, String>, Failure> {
    let found = digests(cloud, settings).await?.into_iter();
    Ok(found
        .filter_map(|(name, digest)| Some((name.to_owned(), digest?)))
        .collect())
}

/// The digest of the code that each function runs, by the name of its program; nothing where there
/// is no such function.
pub async fn digests(
    cloud: &dyn Cloud,
    settings: &Settings,
) -> Result<BTreeMap<&'static str, Option<String>>, Failure> {
    let names = FUNCTIONS.map(|name| settings.function(name));
    let states = try_join_all(names.iter().map(|name| cloud.function(name))).await?;
    let digests = states.into_iter().map(|state| Some(state?.code_sha256));
    Ok(FUNCTIONS.into_iter().zip(digests).collect())
}

async fn console(
    cloud: &dyn Cloud,
    settings: &Settings,
    release: &Release,
    stack: &Stack,
    bucket: &Keys,
) -> Result<Served, Failure> {
    let files = &release.console_files;
    let page = format!("{BUILT_CONSOLE}index.html");
    let Some(page) = files.iter().find(|file| file.name == page) else {
        return Ok(Served::Unknown);
    };
    let Ok(console) = Console::of(&stack.state(), settings, &release.console.key) else {
        return Ok(Served::Unknown);
    };
    let (served, configuration, differing) = tokio::join!(
        cloud.fetch(&console, "/index.html"),
        cloud.fetch(&console, "/config.json"),
        differing(cloud, &console, files, bucket),
    );
    // What cannot be fetched is not what should be served either.
    let configuration: serde_json::Value =
        serde_json::from_slice(&configuration.unwrap_or_default()).unwrap_or_default();
    let is_released = digest(&served.unwrap_or_default()) == page.sha256
        && configuration == serde_json::Value::Object(console.configuration)
        && differing?.is_empty();
    Ok(if is_released {
        Served::AsReleased
    } else {
        Served::Otherwise
    })
}

/// The console's files that its bucket lacks or has otherwise: by size, and by the tag that the
/// deployment bucket has of the same content.
pub async fn differing(
    cloud: &dyn Cloud,
    console: &Console,
    files: &[Object],
    bucket: &Keys,
) -> Result<Vec<String>, Failure> {
    let published = cloud
        .keys(&console.bucket, &[""])
        .await?
        .unwrap_or_default();
    let is_there = |path: &str, file: &Object| {
        let wanted = bucket.get(&file.key).map(|listed| &listed.tag);
        published.get(path).is_some_and(|listed| {
            listed.size == file.size && wanted.is_none_or(|wanted| *wanted == listed.tag)
        })
    };
    let paths = files
        .iter()
        .filter_map(|file| Some((file.name.strip_prefix(BUILT_CONSOLE)?, file)));
    Ok(paths
        .filter(|(path, file)| !is_there(path, file))
        .map(|(path, _)| path.to_owned())
        .collect())
}
