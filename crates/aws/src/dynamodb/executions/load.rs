//! Reading an execution whole. A query is no snapshot: every part carries the version that
//! wrote it, and a part from after the META that was read shows that it must be read again.

use std::collections::BTreeMap;

use domain::ExecutionId;
use domain::execution::clean_up::CleanUpInstance;
use domain::execution::{Batch, Execution, Wave};
use engine::ports::StoreError;
use engine::ports::execution_store::StoredExecution;

use super::meta::{self, Meta};
use crate::dynamodb::DynamoStore;
use crate::dynamodb::document::decode;
use crate::dynamodb::item::{Item, number_of, text, text_of};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::{Query, pause};
use crate::dynamodb::transaction::Condition;

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
            let meta = meta::read(&item)?;
            let (waves, rest) = futures::try_join!(
                self.query_all(self.parts(id, "WAVE#", "WAVE$")),
                // `$` follows `#`, so this is every BATCH# and every CLEANUP#.
                self.query_all(self.parts(id, "BATCH#", "CLEANUP$")),
            )?;
            let mut parts = Parts::default();
            for item in waves.iter().chain(&rest) {
                parts.add(item, meta.version)?;
            }
            if let Some(stored) = parts.assemble(meta) {
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

#[derive(Debug, Default)]
struct Parts {
    waves: BTreeMap<usize, domain::execution::wave::WaveHead>,
    batches: BTreeMap<(usize, usize), Batch>,
    clean_up: BTreeMap<usize, Vec<CleanUpInstance>>,
    /// Whether a part was written after the META that was read.
    is_torn: bool,
}

impl Parts {
    fn add(&mut self, item: &Item, version: u64) -> Result<(), StoreError> {
        if number_of::<u64>(item, "version")? > version {
            self.is_torn = true;
            return Ok(());
        }
        let sort = text_of(item, "sk")?;
        if sort.starts_with("WAVE#") {
            self.waves.insert(number_of(item, "wave")?, decode(item)?);
        } else if sort.starts_with("BATCH#") {
            let place = (number_of(item, "wave")?, number_of(item, "batch")?);
            self.batches.insert(place, decode(item)?);
        } else {
            self.clean_up
                .insert(number_of(item, "part")?, decode(item)?);
        }
        Ok(())
    }

    /// The execution; nothing where a part is missing or from another version.
    fn assemble(mut self, meta: Meta) -> Option<StoredExecution> {
        if self.is_torn {
            return None;
        }
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
