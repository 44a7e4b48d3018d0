//! The plan of a publication: which objects, with which headers, in which order. A visitor
//! who loads the page in the middle of it gets a page whose files are all there.

mod headers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::archive::INDEX_FILE;
use crate::event::CONFIGURATION_FILE;

/// The addresses that `CloudFront` keeps although their content changes from one console to
/// the next. Everything else is named by its content.
pub const CHANGING_PATHS: [&str; 3] = ["/", "/index.html", "/config.json"];

/// One object as the bucket will hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The object's key.
    pub key: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its `Cache-Control`.
    pub cache_control: &'static str,
}

/// What is done, in this order; a step begins when the one before has ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Puts objects, in any order among themselves.
    Put(Vec<Object>),
    /// Makes `CloudFront` forget its copies of these addresses.
    Invalidate([&'static str; 3]),
    /// Deletes objects that belong to an earlier console.
    Delete(Vec<String>),
}

/// Plans the publication of `files` and `configuration` into a bucket that holds `present`.
pub fn plan(
    files: BTreeMap<String, Vec<u8>>,
    configuration: &Map<String, Value>,
    present: &BTreeSet<String>,
) -> Vec<Step> {
    let stale: Vec<String> = present
        .iter()
        .filter(|key| !files.contains_key(*key) && *key != CONFIGURATION_FILE)
        .cloned()
        .collect();
    let configuration = object(
        CONFIGURATION_FILE.to_owned(),
        format!("{:#}\n", Value::Object(configuration.clone())).into_bytes(),
    );
    let (page, assets): (Vec<Object>, Vec<Object>) = files
        .into_iter()
        .map(|(key, content)| object(key, content))
        .partition(|object| object.key == INDEX_FILE);
    let mut steps = vec![
        Step::Put(assets),
        Step::Put(vec![configuration]),
        Step::Put(page),
    ];
    // CloudFront's copy of the page must go before the files that it names.
    steps.push(Step::Invalidate(CHANGING_PATHS));
    if !stale.is_empty() {
        steps.push(Step::Delete(stale));
    }
    steps
}

fn object(key: String, content: Vec<u8>) -> Object {
    Object {
        content_type: headers::content_type(&key),
        cache_control: headers::cache_control(&key),
        key,
        content,
    }
}
