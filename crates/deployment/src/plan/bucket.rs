//! The bucket's part of a plan.

use std::collections::BTreeSet;

use super::step::Step;
use crate::error::Failure;
use crate::managed_keys::{is_copy, is_made_by_a_sync};
use crate::manifest::{KEPT_MANIFESTS, Manifest, Written};
use crate::observation::Observation;
use crate::release::{Body, Object, Release};
use crate::settings::Settings;

/// What has to be built and transferred, and what can go. The manifest comes between both: what is
/// removed is removed when nothing names it any longer.
pub fn bucket_steps(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
) -> Result<Vec<Step>, Failure> {
    let bucket = settings.bucket.clone();
    let creation = match (&observation.bucket, &observation.manifest) {
        (None, _) => Some(Step::CreateBucket { bucket }),
        // Nobody has finished a sync into it: who made it may have been interrupted.
        (Some(_), None) if release.provenance.is_some() => Some(Step::SecureBucket { bucket }),
        (Some(_), _) => None,
    };
    let builds: Vec<Step> = release.artifacts().filter_map(build).collect();
    let mut uploads = Vec::new();
    for object in release.objects() {
        uploads.extend(upload(object, settings, observation)?);
    }
    let unchanged = uploads.is_empty() && builds.is_empty();
    let manifest = (!unchanged || manifest_differs(release, settings, observation))
        .then_some(Step::WriteManifest)
        .filter(|_| release.provenance.is_some());
    let steps = creation.into_iter().chain(builds).chain(uploads);
    let removed = removals(release, observation, manifest.as_ref(), When::Before);
    Ok(steps.chain(manifest).chain(removed).collect())
}

fn build(object: &Object) -> Option<Step> {
    match &object.body {
        Body::Unbuilt(because) => Some(Step::Build {
            artifact: object.name.clone(),
            because: because.clone(),
        }),
        Body::File(_) | Body::Bytes(_) | Body::Stored => None,
    }
}

/// The name says the content: an object of this name, of its size and of the tag that the manifest
/// has seen is this object.
fn upload(
    object: &Object,
    settings: &Settings,
    observation: &Observation,
) -> Result<Option<Step>, Failure> {
    let present = observation.bucket.as_ref();
    let before = observation.manifest.as_ref();
    let is_there = Manifest::is_stored(before, &object.key, object.size, present);
    match &object.body {
        Body::Stored if !is_there => Err(Failure::Missing {
            bucket: settings.bucket.clone(),
            key: object.key.clone(),
        }),
        Body::File(_) | Body::Bytes(_) if !is_there => Ok(Some(Step::Upload {
            key: object.key.clone(),
            size: object.size,
        })),
        Body::File(_) | Body::Bytes(_) | Body::Stored | Body::Unbuilt(_) => Ok(None),
    }
}

fn manifest_differs(release: &Release, settings: &Settings, observation: &Observation) -> bool {
    let Some(provenance) = &release.provenance else {
        return false;
    };
    let written = Written::default();
    let before = observation.manifest.as_ref();
    let manifest = Manifest::of(release, settings, provenance, before, &written);
    !before.is_some_and(|before| manifest.says_the_same_as(before))
}

/// When something is removed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum When {
    /// Before the stacks are changed: what they need stays.
    Before,
    /// After they have been changed: nothing but the release is needed then.
    After,
}

/// What nobody names any longer. A run that writes a manifest leaves as many as are kept, its own
/// among them, so that the next run finds nothing to remove.
pub(super) fn removals(
    release: &Release,
    observation: &Observation,
    manifest: Option<&Step>,
    when: When,
) -> Vec<Step> {
    // Whoever keeps no manifest does not know what else is named; and while something is unbuilt,
    // the release does not know all of its own keys.
    let is_whole = release
        .artifacts()
        .all(|artifact| !matches!(artifact.body, Body::Unbuilt(_)));
    if release.provenance.is_none() || !is_whole {
        return Vec::new();
    }
    let kept = KEPT_MANIFESTS - manifest.iter().count();
    let protected = &observation.protected;
    let copies = protected.copies.iter().take(kept);
    let named: BTreeSet<&str> = release
        .objects()
        .map(|object| object.key.as_str())
        .chain(copies.flat_map(|copy| {
            [&copy.key]
                .into_iter()
                .chain(&copy.names)
                .map(String::as_str)
        }))
        .collect();
    let is_foreign_copy =
        |key: &str| is_copy(key) && !protected.copies.iter().any(|copy| copy.key == key);
    let keys = observation.bucket.iter().flat_map(|keys| keys.keys());
    keys.filter(|key| is_made_by_a_sync(key) && !is_foreign_copy(key))
        .filter(|key| !named.contains(key.as_str()))
        .filter(|key| is_needed(key, observation) == (when == When::After))
        .map(|key| Step::Remove { key: key.clone() })
        .collect()
}

/// Whether the stacks as they stand need it, or a function runs it.
fn is_needed(key: &str, observation: &Observation) -> bool {
    let protected = &observation.protected;
    let mut running = protected.running.iter();
    let is_run =
        key.starts_with("artifacts/") && running.any(|digest| key.contains(digest.as_str()));
    is_run || protected.needs.include(key)
}
