//! Reading an execution whole. A query is no snapshot: every part carries the version that
//! wrote it, and a part from after the META that was read shows that it must be read again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::ExecutionId;
use domain::execution::clean_up::CleanUpInstance;
use domain::execution::{Batch, Execution, Wave};
use engine::ports::StoreError;
use engine::ports::execution_store::StoredExecution;

use super::meta::{self, Meta};
use super::staged::STAGED;
use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, PIECES, decode_text};
use crate::dynamodb::item::{Item, number_of, optional_text_of, text, text_of};
use crate::dynamodb::key::{Key, PARTITION, PIECE, SORT};
use crate::dynamodb::request::{Query, pause};

/// How often an execution is read again that is being written.
const READS_MAX: u32 = 12;

impl DynamoStore {
    pub(super) async fn load(
        &self,
        id: &ExecutionId,
    ) -> Result<Option<StoredExecution>, StoreError> {
        let table = &self.tables.execution_history;
        for attempt in 0..READS_MAX {
            let Some(item) = self.get(table, &Key::execution(id)).await? else {
                return Ok(None);
            };
            if let Some(save) = optional_text_of(&item, STAGED) {
                self.finish_staged(id, save).await?;
                continue;
            }
            let (waves, rest) = futures::try_join!(
                self.query_all(self.parts(id, "WAVE#", "WAVE$")),
                // `$` follows `#`, so this is every BATCH# and every CLEANUP#.
                self.query_all(self.parts(id, "BATCH#", "CLEANUP$")),
            )?;
            let mut documents = Documents::default();
            for part in waves.iter().chain(&rest) {
                documents.add(part)?;
            }
            if let Some(stored) = documents.assemble(id, &item)? {
                return Ok(Some(stored));
            }
            pause(attempt).await;
        }
        let text = format!("the parts of execution {id} do not fit together");
        Err(StoreError::Corrupt(text))
    }

    fn parts(&self, id: &ExecutionId, first: &str, last: &str) -> Query {
        Query {
            table: self.tables.execution_history.clone(),
            keys: Condition::new(
                "#pk = :pk AND #sk BETWEEN :first AND :last",
                [
                    (":pk", text(Key::execution_partition(id))),
                    (":first", text(first)),
                    (":last", text(last)),
                ],
            ),
            ..Query::default()
        }
    }
}

/// Items as they were read, by their sort keys, and the further pieces of their documents.
#[derive(Debug, Default)]
struct Documents<'read> {
    items: Vec<&'read Item>,
    pieces: BTreeMap<&'read str, &'read Item>,
}

impl<'read> Documents<'read> {
    fn add(&mut self, item: &'read Item) -> Result<(), StoreError> {
        let sort = text_of(item, SORT)?;
        if sort.contains(PIECE) {
            self.pieces.insert(sort, item);
        } else {
            self.items.push(item);
        }
        Ok(())
    }

    /// The whole document of an item that stands at `version`; nothing where a piece is missing or
    /// from another version.
    fn whole(
        &self,
        key: &Key,
        item: &'read Item,
        version: u64,
    ) -> Result<Option<Cow<'read, str>>, StoreError> {
        let first = text_of(item, DOCUMENT)?;
        let count = match item.get(PIECES) {
            Some(_) => number_of::<usize>(item, PIECES)?,
            None => 1,
        };
        if count == 1 {
            return Ok(Some(Cow::Borrowed(first)));
        }
        let mut document = first.to_owned();
        for piece in 1..count {
            let Some(piece) = self.pieces.get(key.piece(piece).sort.as_str()) else {
                return Ok(None);
            };
            if number_of::<u64>(piece, "version")? != version {
                return Ok(None);
            }
            document.push_str(text_of(piece, DOCUMENT)?);
        }
        Ok(Some(Cow::Owned(document)))
    }

    /// The execution; nothing where a part is missing or from another version than META.
    fn assemble(
        &self,
        id: &ExecutionId,
        meta: &'read Item,
    ) -> Result<Option<StoredExecution>, StoreError> {
        let version = number_of(meta, "version")?;
        let Some(document) = self.whole(&Key::execution(id), meta, version)? else {
            return Ok(None);
        };
        let meta = meta::read(meta, &document)?;
        let mut parts = Parts::default();
        for item in &self.items {
            let written = number_of(item, "version")?;
            if written > version {
                return Ok(None);
            }
            let key = Key {
                partition: text_of(item, PARTITION)?.to_owned(),
                sort: text_of(item, SORT)?.to_owned(),
            };
            match self.whole(&key, item, written)? {
                Some(document) => parts.add(item, &document)?,
                None => return Ok(None),
            }
        }
        Ok(parts.assemble(meta))
    }
}

#[derive(Debug, Default)]
struct Parts {
    waves: BTreeMap<usize, domain::execution::wave::WaveHead>,
    batches: BTreeMap<(usize, usize), Batch>,
    clean_up: BTreeMap<usize, Vec<CleanUpInstance>>,
}

impl Parts {
    fn add(&mut self, item: &Item, document: &str) -> Result<(), StoreError> {
        let sort = text_of(item, SORT)?;
        if sort.starts_with("WAVE#") {
            let wave = decode_text(item, DOCUMENT, document)?;
            self.waves.insert(number_of(item, "wave")?, wave);
        } else if sort.starts_with("BATCH#") {
            let place = (number_of(item, "wave")?, number_of(item, "batch")?);
            let batch = decode_text(item, DOCUMENT, document)?;
            self.batches.insert(place, batch);
        } else {
            let instances = decode_text(item, DOCUMENT, document)?;
            self.clean_up.insert(number_of(item, "part")?, instances);
        }
        Ok(())
    }

    /// The execution; nothing where a part is missing.
    fn assemble(mut self, meta: Meta) -> Option<StoredExecution> {
        let mut head = meta.document.head;
        for part in 0..meta.document.clean_up_parts {
            head.clean_up.instances.extend(self.clean_up.remove(&part)?);
        }
        let mut waves = Vec::new();
        for (wave, &count) in meta.document.batches.iter().enumerate() {
            let mut batches = Vec::new();
            for batch in 0..count {
                batches.push(self.batches.remove(&(wave, batch))?);
            }
            let head = self.waves.remove(&wave)?;
            waves.push(Wave {
                head: head.into(),
                batches,
            });
        }
        Some(StoredExecution {
            execution: Execution { head, waves },
            version: meta.version,
            stage: meta.stage,
            events: meta.events,
            last_hash: meta.last_hash,
            driven_until: meta.driven_until,
            starts: meta.starts,
        })
    }
}
