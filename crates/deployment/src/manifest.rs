//! The manifest: what the deployment bucket holds, and of what it was built. It is the last thing
//! that a sync writes, and every key in it names its content, so an interrupted sync leaves the
//! earlier one true.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cloud::Keys;
use crate::error::Failure;
use crate::owner::{self, Owner, Recorded};
use crate::release::{
    BILLS, BUILT_CONSOLE, Body, CONSOLE, DEFINITION, FUNCTIONS, Object, Provenance, Release,
    TEMPLATES, TOOL,
};
use crate::settings::Settings;

/// The key of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// Where copies of manifests are kept, in the order of their times.
pub const MANIFESTS: &str = "manifests/";

/// How many earlier manifests keep what they name.
pub const KEPT_MANIFESTS: usize = 5;

/// How many builds are remembered for each artifact.
const KEPT_BUILDS: usize = 20;

/// The version of this format.
const FORMAT: u32 = 1;

/// What every version of a manifest says.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// One object of the bucket.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The service's tag of its content, where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// One build: what came of which sources.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Build {
    /// The artifact.
    pub artifact: String,
    /// Digest of all that it was built of.
    pub source: String,
    /// SHA-256 of the archive.
    pub sha256: String,
    /// Size of the archive.
    pub size: u64,
}

/// What the bucket holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format.
    pub format: u32,
    /// Project that the bucket belongs to.
    pub project: String,
    /// Environment that the bucket belongs to.
    pub environment: String,
    /// Commit and tree.
    pub provenance: Provenance,
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// When it was written.
    pub time: String,
    /// Parameters of the master template that somebody chose.
    pub parameters: BTreeMap<String, String>,
    /// Every object, by its key.
    pub objects: BTreeMap<String, Entry>,
    /// Builds, oldest first.
    pub builds: Vec<Build>,
}

impl Manifest {
    /// The manifest of a release that is built, remembering the builds of the one before.
    pub fn of(
        release: &Release,
        settings: &Settings,
        provenance: &Provenance,
        before: Option<&Self>,
        written: &Written,
    ) -> Self {
        let entry = |object: &Object| Entry {
            name: object.name.clone(),
            sha256: object.sha256.clone(),
            size: object.size,
            tag: None,
        };
        let objects = release.objects();
        Self {
            format: FORMAT,
            project: settings.project.clone(),
            environment: settings.environment.clone(),
            provenance: provenance.clone(),
            tool_version: written.tool_version.clone(),
            time: written.time.clone(),
            parameters: settings.chosen.clone(),
            objects: objects
                .map(|object| (object.key.clone(), entry(object)))
                .collect(),
            builds: builds(release, before),
        }
    }

    /// Reads a manifest, which must belong to this environment.
    pub fn read(bytes: &[u8], settings: &Settings) -> Result<Self, Failure> {
        if let Ok(Format { format }) = serde_json::from_slice(bytes)
            && format != FORMAT
        {
            return Err(Failure::ManifestFormat {
                format,
                known: FORMAT,
            });
        }
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|error| Failure::Manifest(format!("it cannot be read ({error})")))?;
        owner::check(&Recorded::By(manifest.owner()), settings)?;
        Ok(manifest)
    }

    /// Whose bucket it says that this is.
    pub fn owner(&self) -> Owner {
        Owner {
            project: self.project.clone(),
            environment: self.environment.clone(),
        }
    }

    /// The text that is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts, numbers and maps with text keys: nothing that JSON cannot say.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// The same with the tags of what has been seen in the bucket.
    #[must_use]
    pub fn seen(mut self, bucket: &Keys) -> Self {
        for (key, entry) in &mut self.objects {
            entry.tag = bucket.get(key).map(|listed| listed.tag.clone());
        }
        self
    }

    /// Whether the bucket has, under this key, an object of this size; and, where its tag was seen, of
    /// the content that it had then.
    pub fn is_stored(before: Option<&Self>, key: &str, size: u64, bucket: Option<&Keys>) -> bool {
        let Some(listed) = bucket.and_then(|bucket| bucket.get(key)) else {
            return false;
        };
        let entry = before.and_then(|manifest| manifest.objects.get(key));
        let seen = entry.and_then(|entry| entry.tag.as_ref());
        listed.size == size && seen.is_none_or(|seen| *seen == listed.tag)
    }

    /// Whether both say the same, whoever wrote them when.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let timeless = |manifest: &Self| {
            let mut manifest = Self {
                time: String::new(),
                tool_version: String::new(),
                ..manifest.clone()
            };
            for entry in manifest.objects.values_mut() {
                entry.tag = None;
            }
            manifest
        };
        timeless(self) == timeless(other)
    }

    /// The object of this name below this prefix.
    pub fn object(&self, name: &str, prefix: &str) -> Option<Object> {
        let mut found = self.objects.iter();
        found
            .find(|(key, entry)| entry.name == name && key.starts_with(prefix))
            .map(|(key, entry)| stored(key, entry))
    }

    /// The release that the bucket holds, by this manifest alone.
    pub fn release(&self) -> Result<Release, Failure> {
        let named = |name: &str, key: &str| {
            self.object(name, key)
                .ok_or_else(|| Failure::Manifest(format!("it names no {name}")))
        };
        let templates = TEMPLATES.iter().map(|name| named(name, "cfn/"));
        let functions = FUNCTIONS.iter().map(|name| named(name, "artifacts/"));
        Ok(Release {
            templates: templates.collect::<Result<_, _>>()?,
            definition: named(DEFINITION, "cfn/")?,
            functions: functions.collect::<Result<_, _>>()?,
            console: named(CONSOLE, "artifacts/")?,
            tool: Some(named(TOOL, "artifacts/")?),
            sources: self.sources(),
            bills: self.bills(),
            console_files: self.console_files(),
            provenance: Some(self.provenance.clone()),
        })
    }

    /// Every object.
    pub fn all(&self) -> Vec<Object> {
        self.files("", |_| true)
    }

    /// The objects that are sources.
    pub fn sources(&self) -> Vec<Object> {
        let of = |prefix: &str| self.files(prefix, |name| !name.starts_with(BUILT_CONSOLE));
        [of("frontend/"), of("lambda/")].concat()
    }

    /// The console's files as they were built.
    pub fn console_files(&self) -> Vec<Object> {
        self.files("frontend/", |name| name.starts_with(BUILT_CONSOLE))
    }

    /// What each artifact is made of.
    pub fn bills(&self) -> Vec<Object> {
        self.files(BILLS, |_| true)
    }

    fn files(&self, prefix: &str, wanted: impl Fn(&str) -> bool) -> Vec<Object> {
        let below = self.objects.iter();
        let below = below.filter(|(key, entry)| key.starts_with(prefix) && wanted(&entry.name));
        below.map(|(key, entry)| stored(key, entry)).collect()
    }

    /// The artifact that was built of these sources.
    pub fn built_of(&self, artifact: &str, source: &str) -> Option<&Build> {
        let mut builds = self.builds.iter().rev();
        builds.find(|build| build.artifact == artifact && build.source == source)
    }

    /// Where its copy is kept.
    pub fn copy_key(&self) -> String {
        let commit: String = self.provenance.commit.chars().take(12).collect();
        let time = self.time.replace([':', '.'], "-");
        format!("{MANIFESTS}{time}-{commit}.json")
    }

    /// The keys that it names.
    pub fn keys(&self) -> BTreeSet<String> {
        self.objects.keys().cloned().collect()
    }
}

/// Who writes a manifest, and when.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Written {
    /// Version of the tool.
    pub tool_version: String,
    /// The time.
    pub time: String,
}

fn stored(key: &str, entry: &Entry) -> Object {
    Object {
        name: entry.name.clone(),
        key: key.to_owned(),
        sha256: entry.sha256.clone(),
        size: entry.size,
        body: Body::Stored,
        source: None,
    }
}

fn builds(release: &Release, before: Option<&Manifest>) -> Vec<Build> {
    let mut builds = before.map_or_else(Vec::new, |manifest| manifest.builds.clone());
    for object in release.artifacts() {
        let Some(source) = &object.source else {
            continue;
        };
        let build = Build {
            artifact: object.name.clone(),
            source: source.clone(),
            sha256: object.sha256.clone(),
            size: object.size,
        };
        if !builds.contains(&build) {
            builds.retain(|other| other.artifact != build.artifact || other.source != build.source);
            builds.push(build);
        }
    }
    forget_the_oldest(&mut builds);
    builds
}

fn forget_the_oldest(builds: &mut Vec<Build>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut newest_first = std::mem::take(builds);
    newest_first.reverse();
    newest_first.retain(|build| {
        let count = seen.entry(build.artifact.clone()).or_default();
        *count += 1;
        *count <= KEPT_BUILDS
    });
    newest_first.reverse();
    *builds = newest_first;
}
