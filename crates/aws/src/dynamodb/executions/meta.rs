//! The item META: the head of an execution, what indexes and lists need of it, and the members
//! that are no part of its version.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::execution::clean_up::CleanUpInstance;
use domain::execution::{Execution, Head, Status};
use domain::shared::Shared;
use domain::{ExecutionId, Kind, Place};
use engine::ports::StoreError;
use engine::ports::execution_store::{Stage, StoredExecution};
use engine::summary::{live_places, summary};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::pieces::further_pieces;
use crate::dynamodb::document::{DOCUMENT, PIECES, decode_text, divide, encode};
use crate::dynamodb::item::{
    Item, corrupt, number, number_of, parsed, sortable, text, text_of, time,
};
use crate::dynamodb::key::{EXECUTION_PREFIX, Key};

/// The attribute that a list reads.
pub(super) const SUMMARY: &str = "summary";
/// The partition of the index `live`.
pub(super) const LIVE: &str = "LIVE";

/// Clean-up instances of one item: 200 are about 50 KB.
const INSTANCES_PER_ITEM: usize = 200;

/// The head without the instances of its clean-up, which have items of their own, and how many
/// parts belong to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HeadDocument {
    pub(super) head: Shared<Head>,
    /// For each wave, how many batches it has.
    pub(super) batches: Vec<usize>,
    /// How many items hold instances of the clean-up.
    pub(super) clean_up_parts: usize,
}

impl HeadDocument {
    fn of(execution: &Execution) -> Self {
        let clean_up_parts = clean_up_parts(execution).len();
        let mut head = execution.head.clone();
        head.clean_up.instances = Vec::new();
        Self {
            head,
            batches: execution
                .waves
                .iter()
                .map(|wave| wave.batches.len())
                .collect(),
            clean_up_parts,
        }
    }
}

/// The instances of the clean-up, item by item.
pub(super) fn clean_up_parts(execution: &Execution) -> Vec<&[CleanUpInstance]> {
    let instances = &execution.head.clean_up.instances;
    instances.chunks(INSTANCES_PER_ITEM).collect()
}

/// META as it was read.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) document: HeadDocument,
    pub(super) version: u64,
    pub(super) stage: Stage,
    pub(super) events: u64,
    pub(super) last_hash: String,
    pub(super) driven_until: Timestamp,
    pub(super) starts: u32,
}

/// `document` is that of the item, put together.
pub(super) fn read(item: &Item, document: &str) -> Result<Meta, StoreError> {
    Ok(Meta {
        document: decode_text(item, DOCUMENT, document)?,
        version: number_of(item, "version")?,
        stage: stage(item)?,
        events: number_of(item, "events")?,
        last_hash: text_of(item, "lastHash")?.to_owned(),
        driven_until: parsed(item, "drivenUntil")?,
        starts: number_of(item, "starts")?,
    })
}

pub(super) fn stage(item: &Item) -> Result<Stage, StoreError> {
    match text_of(item, "stage")? {
        "ACQUIRING" => Ok(Stage::Acquiring),
        "LIVE" => Ok(Stage::Live),
        "OVER" => Ok(Stage::Over),
        _ => Err(corrupt(item, "stage")),
    }
}

pub(super) fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Acquiring => "ACQUIRING",
        Stage::Live => "LIVE",
        Stage::Over => "OVER",
    }
}

/// What a save sets, and what it removes.
#[derive(Debug)]
pub(super) struct Attributes {
    pub(super) set: Vec<(&'static str, AttributeValue)>,
    pub(super) removed: Vec<&'static str>,
}

/// All attributes of META that belong to a version.
///
/// The head can be long, because it keeps what people said of each server: its further pieces are
/// items of their own.
pub(super) fn attributes(stored: &StoredExecution) -> Result<(Attributes, Vec<Item>), StoreError> {
    let item = summary(stored);
    let document = encode(&HeadDocument::of(&stored.execution))?;
    let pieces = divide(&document);
    let key = Key::execution(&stored.execution.head.id);
    let further = further_pieces(&key, stored.version, &pieces).collect();
    let mut set = vec![
        (DOCUMENT, text(pieces[0])),
        (PIECES, number(pieces.len())),
        ("version", number(stored.version)),
        ("stage", text(stage_word(stored.stage))),
        ("events", number(stored.events)),
        ("lastHash", text(&stored.last_hash)),
        (SUMMARY, text(encode(&item)?)),
        ("status", text(status_word(item.status)?)),
        ("kind", text(kind_word(item.kind))),
        ("recoveryPlanId", text(item.plan.as_str())),
        ("livePlaces", places(&live_places(&stored.execution))),
    ];
    if let (Some(reason), Some(at)) = (&item.status_reason, item.ended_at) {
        set.push(("statusReason", text(reason)));
        set.push(("endedAt", text(at.to_string())));
    }
    let removed = match stored.stage {
        Stage::Acquiring | Stage::Live => {
            set.push(("live", text(LIVE)));
            Vec::new()
        }
        Stage::Over => vec!["live"],
    };
    match stored.stage {
        // Nobody sees an execution that has not been accepted.
        Stage::Acquiring => {}
        Stage::Live | Stage::Over => {
            set.push(("startedKey", text(started_key(item.created_at, &item.id))));
            set.push(("startedMonth", text(month(item.created_at))));
        }
    }
    Ok((Attributes { set, removed }, further))
}

/// The whole item of an execution that is new, and the further pieces of its document.
pub(super) fn new_item(stored: &StoredExecution) -> Result<(Item, Vec<Item>), StoreError> {
    let mut item = Key::execution(&stored.execution.head.id).with([
        ("drivenUntil", time(stored.driven_until)),
        ("starts", number(stored.starts)),
    ]);
    let (attributes, further) = attributes(stored)?;
    for (name, value) in attributes.set {
        item.insert(name.to_owned(), value);
    }
    Ok((item, further))
}

/// Sorts by the time of acceptance; unique by the id.
pub(super) fn started_key(created_at: Timestamp, id: &ExecutionId) -> String {
    format!("{}#{id}", sortable(created_at))
}

/// The bucket of a time: its year and month in UTC.
pub(super) fn month(time: Timestamp) -> String {
    sortable(time).chars().take(MONTH_LENGTH).collect()
}

/// The length of `2026-11`.
pub(super) const MONTH_LENGTH: usize = 7;

/// The word of a status, as it is written everywhere.
pub(super) fn status_word(status: Status) -> Result<String, StoreError> {
    match serde_json::to_value(status) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) | Err(_) => Err(StoreError::Corrupt("a status has no word".to_owned())),
    }
}

pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Drill => "DRILL",
        Kind::Recovery => "RECOVERY",
    }
}

fn places(places: &[Place]) -> AttributeValue {
    let texts = places
        .iter()
        .map(|place| text(format!("{}#{}", place.account, place.region)));
    AttributeValue::L(texts.collect())
}

/// Where an execution has launches in flight, by its item.
pub(super) fn read_places(item: &Item) -> Result<Vec<Place>, StoreError> {
    let malformed = || corrupt(item, "livePlaces");
    let list = item.get("livePlaces").and_then(|value| value.as_l().ok());
    list.ok_or_else(malformed)?
        .iter()
        .map(|value| {
            let (account, region) = value.as_s().ok()?.split_once('#')?;
            Some(Place {
                account: account.parse().ok()?,
                region: region.parse().ok()?,
            })
        })
        .map(|place| place.ok_or_else(malformed))
        .collect()
}

/// The execution that an item's partition belongs to.
pub(super) fn id_of(item: &Item) -> Result<ExecutionId, StoreError> {
    text_of(item, "pk")?
        .strip_prefix(EXECUTION_PREFIX)
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| corrupt(item, "pk"))
}
