//! The rows of the comparison.

use std::collections::BTreeMap;

use domain::counted::counted;

use super::{Found, Row};
use crate::cloud::{Cloud, Keys, Nested, StackState};
use crate::console::Console;
use crate::deployed_templates;
use crate::error::Failure;
use crate::managed_keys::OWNED;
use crate::manifest::Manifest;
use crate::release::{
    Body, CONSOLE, DEFINITION, FUNCTIONS, Object, Release, TEMPLATES, TOOL, digest,
};
use crate::running_code::{self, Served, differing};
use crate::settings::{Settings, in_capitals};

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The working tree; nothing where there is none.
    pub tree: Option<&'a Release>,
    /// The bucket's manifest.
    pub manifest: &'a Manifest,
    /// Where.
    pub settings: &'a Settings,
    /// AWS.
    pub cloud: &'a dyn Cloud,
}

/// What was looked at.
struct Looks {
    keys: Keys,
    stack: StackState,
    templates: BTreeMap<String, String>,
    running: BTreeMap<&'static str, Option<String>>,
}

/// A row for every template, function and archive, and for the sources.
pub async fn compare(comparison: &Comparison<'_>) -> Result<Vec<Row>, Failure> {
    let Comparison {
        settings, cloud, ..
    } = comparison;
    let name = settings.stack();
    let (keys, stack, nested) = tokio::join!(
        cloud.keys(&settings.bucket, &OWNED),
        cloud.stack(&name),
        cloud.nested(&name),
    );
    let stack = stack?.ok_or_else(|| Failure::NoStack {
        stack: name.clone(),
    })?;
    let nested = nested?;
    let (templates, running) = tokio::join!(
        templates(*cloud, &name, &nested),
        running_code::digests(*cloud, settings)
    );
    let looks = Looks {
        keys: keys?.unwrap_or_default(),
        stack,
        templates: templates?,
        running: running?,
    };
    let mut rows: Vec<Row> = TEMPLATES
        .iter()
        .map(|name| comparison.template(name, &looks))
        .collect();
    rows.push(comparison.definition(&looks));
    rows.extend(
        FUNCTIONS
            .iter()
            .map(|name| comparison.function(name, &looks)),
    );
    let (served, console_files) = comparison.console_files(&looks).await?;
    rows.push(comparison.console(&looks, served));
    rows.push(comparison.tool(&looks));
    rows.extend(console_files);
    rows.push(comparison.built_console(&looks));
    rows.push(comparison.bills(&looks));
    rows.push(comparison.sources(&looks));
    Ok(rows)
}

async fn templates(
    cloud: &dyn Cloud,
    master: &str,
    nested: &[Nested],
) -> Result<BTreeMap<String, String>, Failure> {
    let texts = deployed_templates::read(cloud, master, nested).await?;
    let digests = texts
        .into_iter()
        .map(|template| (template.resource, digest(template.text.as_bytes())));
    Ok(digests.collect())
}

impl Comparison<'_> {
    fn template(&self, name: &str, looks: &Looks) -> Row {
        // The master goes by no name: nothing in a template names it.
        let resource = match name.strip_suffix("-stack.yaml") {
            Some(stem) => format!("{}Stack", in_capitals(stem)),
            None => String::new(),
        };
        let tree = self.tree.and_then(|release| {
            let mut templates = release.templates.iter();
            templates.find(|template| template.name == name)
        });
        let stack = match looks.templates.get(&resource) {
            Some(digest) => Found::Digest(digest.clone()),
            None => Found::Missing,
        };
        self.row(name, tree, "cfn/", stack, Found::Nothing, looks)
    }

    fn definition(&self, looks: &Looks) -> Row {
        let tree = self.tree.map(|release| &release.definition);
        let key = looks.stack.parameters.get("StateMachineDefinitionKey");
        let digest = key.and_then(|key| key.split('/').nth(1)).map(str::to_owned);
        let stack = digest.map_or(Found::Missing, Found::Digest);
        self.row(DEFINITION, tree, "cfn/", stack, Found::Nothing, looks)
    }

    fn function(&self, name: &str, looks: &Looks) -> Row {
        let running = match looks.running.get(name).cloned().flatten() {
            Some(digest) => Found::Digest(digest),
            None => Found::Missing,
        };
        let stack = parameter(name, looks);
        let mut row = self.row(
            name,
            self.artifact(name),
            "artifacts/",
            stack,
            running,
            looks,
        );
        let is_there = row.bucket != Found::Missing;
        if is_there && row.running == row.bucket && row.stack != row.bucket {
            row.drift = Some("code ahead of stack: the next full deploy catches up".to_owned());
        }
        row
    }

    /// Somebody may have published it alone; or the stack may have gone back to an earlier one.
    fn console(&self, looks: &Looks, served: Served) -> Row {
        let tree = self.artifact(CONSOLE);
        let stack = parameter(CONSOLE, looks);
        let mut row = self.row(CONSOLE, tree, "artifacts/", stack, Found::Nothing, looks);
        let is_ahead = match served {
            Served::AsReleased => row.bucket != Found::Missing && agree(&[&row.tree, &row.bucket]),
            Served::Otherwise | Served::Unknown => false,
        };
        if is_ahead && row.drift.is_some() {
            row.drift = Some("console ahead of stack: the next full deploy catches up".to_owned());
        }
        row
    }

    fn tool(&self, looks: &Looks) -> Row {
        let tree = self.artifact(TOOL);
        let nothing = || Found::Nothing;
        self.row(TOOL, tree, "artifacts/", nothing(), nothing(), looks)
    }

    /// The page and its configuration, as the distribution serves them.
    async fn console_files(&self, looks: &Looks) -> Result<(Served, Vec<Row>), Failure> {
        let Some(archive) = self.manifest.object(CONSOLE, "artifacts/") else {
            return Ok((Served::Unknown, Vec::new()));
        };
        let console = Console::of(&looks.stack, self.settings, &archive.key)?;
        let files = self.manifest.console_files();
        let (page, configuration, stored, differing) = tokio::join!(
            self.cloud.fetch(&console, "/index.html"),
            self.cloud.fetch(&console, "/config.json"),
            self.cloud.get(&self.settings.bucket, &archive.key),
            differing(self.cloud, &console, &files, &looks.keys),
        );
        let assets = published(files.len(), &differing?);
        let wanted = stored?.and_then(|stored| crate::archive::file(&stored.bytes, "index.html"));
        let page_row = served("console page", wanted.map(|bytes| digest(&bytes)), &page?);
        // The order of its members says nothing.
        let served_value: serde_json::Value =
            serde_json::from_slice(&configuration?).unwrap_or_default();
        let wanted_value = serde_json::Value::Object(console.configuration);
        let wanted = Some(digest(wanted_value.to_string().as_bytes()));
        let text = served_value.to_string();
        let is_released = page_row.drift.is_none() && assets.drift.is_none();
        let released = if is_released {
            Served::AsReleased
        } else {
            Served::Otherwise
        };
        let rows = vec![
            page_row,
            served("console configuration", wanted, text.as_bytes()),
            assets,
        ];
        Ok((released, rows))
    }

    fn sources(&self, looks: &Looks) -> Row {
        let tree = self.tree.map(|release| release.sources.as_slice());
        self.together("sources", tree, &self.manifest.sources(), looks)
    }

    fn bills(&self, looks: &Looks) -> Row {
        let tree = self.tree.map(|release| release.bills.as_slice());
        self.together("bills of materials", tree, &self.manifest.bills(), looks)
    }

    fn built_console(&self, looks: &Looks) -> Row {
        let tree = self.tree.map(|release| release.console_files.as_slice());
        self.together("console files", tree, &self.manifest.console_files(), looks)
    }

    /// Many files as one: the digest of their keys, which name their contents.
    fn together(
        &self,
        what: &str,
        tree: Option<&[Object]>,
        named: &[Object],
        looks: &Looks,
    ) -> Row {
        let together = |objects: &[Object]| {
            let mut keys: Vec<&str> = objects.iter().map(|object| object.key.as_str()).collect();
            keys.sort_unstable();
            digest(keys.join("\n").as_bytes())
        };
        let lost = named
            .iter()
            .filter(|object| !self.has(object, looks))
            .count();
        let tree = tree.map_or(Found::Nothing, |files| Found::Digest(together(files)));
        let bucket = Found::Digest(together(named));
        let drift = if lost > 0 {
            Some(format!(
                "the bucket lacks {} that its manifest names, or has other contents",
                counted(lost, "file", "files")
            ))
        } else if agree(&[&tree, &bucket]) {
            None
        } else {
            Some("working tree differs from bucket".to_owned())
        };
        Row {
            name: format!("{what} ({})", counted(named.len(), "file", "files")),
            tree,
            bucket,
            stack: Found::Nothing,
            running: Found::Nothing,
            drift,
        }
    }

    /// Whether the bucket has the object, with the size and the content that the manifest has seen.
    fn has(&self, object: &Object, looks: &Looks) -> bool {
        let before = Some(self.manifest);
        Manifest::is_stored(before, &object.key, object.size, Some(&looks.keys))
    }

    fn artifact(&self, name: &str) -> Option<&Object> {
        let mut artifacts = self.tree?.artifacts();
        artifacts.find(|artifact| artifact.name == name)
    }

    fn row(
        &self,
        name: &str,
        tree: Option<&Object>,
        prefix: &str,
        stack: Found,
        running: Found,
        looks: &Looks,
    ) -> Row {
        let tree = tree.map_or(Found::Nothing, |object| match object.body {
            // Its sources were never built: nothing that is anywhere can agree with them.
            Body::Unbuilt(_) => Found::Missing,
            Body::File(_) | Body::Bytes(_) | Body::Stored => Found::Digest(object.sha256.clone()),
        });
        let named = self.manifest.object(name, prefix);
        let bucket = match named {
            Some(object) if self.has(&object, looks) => Found::Digest(object.sha256),
            Some(_) | None => Found::Missing,
        };
        let places = [
            ("working tree", &tree),
            ("bucket", &bucket),
            ("stack", &stack),
            ("running code", &running),
        ];
        let drift = drift(&places);
        Row {
            name: name.to_owned(),
            tree,
            bucket,
            stack,
            running,
            drift,
        }
    }
}

fn parameter(name: &str, looks: &Looks) -> Found {
    let key = looks
        .stack
        .parameters
        .get(&format!("{}ArtifactKey", in_capitals(name)));
    let stem = key.and_then(|key| key.strip_suffix(".zip"));
    let digest = stem
        .and_then(|stem| stem.rsplit_once('-'))
        .map(|(_, digest)| digest.to_owned());
    digest.map_or(Found::Missing, Found::Digest)
}

/// The files in the console's own bucket.
fn published(count: usize, differing: &[String]) -> Row {
    let drift = (!differing.is_empty()).then(|| {
        format!(
            "the console's bucket lacks or has otherwise: {}",
            differing.join(", ")
        )
    });
    Row::whole(
        format!("console assets ({})", counted(count, "file", "files")),
        drift,
    )
}

fn served(name: &str, wanted: Option<String>, bytes: &[u8]) -> Row {
    let bucket = wanted.map_or(Found::Missing, Found::Digest);
    let running = Found::Digest(digest(bytes));
    let drift =
        (!agree(&[&bucket, &running])).then(|| "what is served differs from the bucket".to_owned());
    Row {
        name: name.to_owned(),
        tree: Found::Nothing,
        bucket,
        stack: Found::Nothing,
        running,
        drift,
    }
}

/// The bucket is the measure: each place that differs from it is named.
fn drift(places: &[(&str, &Found); 4]) -> Option<String> {
    let (_, bucket) = places[1];
    if *bucket == Found::Missing {
        return Some("missing in the bucket, or with another content there".to_owned());
    }
    let differs = |(_, found): &&(&str, &Found)| **found != Found::Nothing && *found != bucket;
    let different: Vec<&str> = places
        .iter()
        .filter(differs)
        .map(|(name, _)| *name)
        .collect();
    (!different.is_empty()).then(|| format!("{} differs from bucket", different.join(" and ")))
}

fn agree(found: &[&Found]) -> bool {
    let mut known = found.iter().filter(|found| ***found != Found::Nothing);
    let first = known.next();
    known.all(|other| Some(other) == first)
}
