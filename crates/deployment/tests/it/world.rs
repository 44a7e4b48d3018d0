//! AWS in memory: a bucket, stacks and five functions that behave as the services document it, and a
//! count of every write. Whatever the services do in their own time goes on while somebody waits.

mod change_sets;
mod cloud_formation;
mod template;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use deployment::cloud::{
    ChangeSet, ChangeSetName, Cloud, Condition, ConsoleDistribution, Creation, Detection, Drifted,
    FailedChangeSet, FailedEvent, FunctionState, Functions, Keys, Listed, LiveExecution, Nested,
    ObjectStore, Operation, Presence, ProductTables, StackState, Stacks, Stored, Taken, Target,
    Update, UserPools, Written,
};
use deployment::console::Console;
use deployment::error::Failure;
use deployment::failure::StackEvent;
use deployment::instances::LeftInstance;
use deployment::progress::Change;
use deployment::release::{Body, digest};
use deployment::settings::Settings;

pub(crate) use change_sets::{Made, Phase};
pub(crate) use cloud_formation::{Broken, GoingOn};

/// Looks until a drift detection is over.
const DETECTION_TICKS: usize = 2;

const TABLE: &str = "AWS::DynamoDB::Table";

/// What every output of the stack says, the console's bucket among them.
const CONSOLE_BUCKET: &str = "somewhere";

/// What is in it.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) objects: Option<BTreeMap<String, Vec<u8>>>,
    pub(crate) stack: Option<StackState>,
    pub(crate) template: String,
    pub(crate) functions: BTreeMap<String, String>,
    pub(crate) tables: BTreeSet<String>,
    /// Those of them that are protected from deletion.
    pub(crate) protected: BTreeSet<String>,
    /// Names of the user pools, by their ids.
    pub(crate) pools: BTreeMap<String, String>,
    pub(crate) live: Vec<LiveExecution>,
    pub(crate) changes: Vec<Change>,
    pub(crate) writes: Vec<String>,
    /// How often a stack was read.
    pub(crate) stack_reads: usize,
    pub(crate) change_sets: BTreeMap<String, Made>,
    /// How many looks the deletion of a change set takes, where not as many as usual.
    pub(crate) deletion_takes: Option<usize>,
    /// For so many looks no change set is carried out.
    pub(crate) busy_for: usize,
    /// Nested change sets that fail, whatever is wanted.
    pub(crate) planted_refusals: Vec<(FailedChangeSet, Vec<FailedEvent>)>,
    /// The events of change sets may not be read.
    pub(crate) events_forbidden: bool,
    pub(crate) going_on: Option<GoingOn>,
    /// What the next operation cannot make or change.
    pub(crate) broken: Option<Broken>,
    /// Tables that nobody sees before the stack is deleted which holds them.
    pub(crate) left_by_deletion: BTreeSet<String>,
    /// What the next deletion cannot delete.
    pub(crate) undeletable: Option<Broken>,
    /// How many events there have been.
    pub(crate) happened: usize,
    /// What differs, by the ids of nested stacks.
    pub(crate) drift: BTreeMap<String, Vec<Drifted>>,
    /// Why a detection cannot look at everything, by the ids of nested stacks.
    pub(crate) undetectable: BTreeMap<String, String>,
    /// Drift detections with the looks that are left.
    pub(crate) detections: BTreeMap<String, usize>,
    /// The nested stacks: by their ids, what each is.
    pub(crate) nested: Vec<Nested>,
    pub(crate) nested_states: BTreeMap<String, StackState>,
    pub(crate) nested_templates: BTreeMap<String, String>,
    /// What has happened, by stack.
    pub(crate) events: BTreeMap<String, Vec<StackEvent>>,
    /// What happens, by stack, when a rollback is continued; it fails then.
    pub(crate) continuation_fails: Vec<(String, StackEvent)>,
    /// Earlier versions of what was removed.
    pub(crate) removed: BTreeMap<String, Vec<u8>>,
    /// What the console's bucket holds, which is what a browser gets.
    pub(crate) served: BTreeMap<String, Vec<u8>>,
    /// No bucket can be listed.
    pub(crate) unreadable: bool,
    /// After so many writes the network is gone.
    pub(crate) dies_after: Option<usize>,
    /// At this write the network is gone.
    pub(crate) dies_at: Option<&'static str>,
    /// What goes on ends with this status when somebody waits.
    pub(crate) ends_as: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct World(Mutex<State>);

impl World {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn write(&self, what: &str) -> Result<MutexGuard<'_, State>, Failure> {
        let mut state = self.state();
        if state
            .dies_after
            .is_some_and(|count| state.writes.len() >= count)
            || state.dies_at.is_some_and(|place| place == what)
        {
            return Err(gone());
        }
        state.writes.push(what.to_owned());
        Ok(state)
    }
}

fn gone() -> Failure {
    Failure::Call {
        operation: "anything",
        reason: "the network is gone".to_owned(),
    }
}

fn listed(objects: &BTreeMap<String, Vec<u8>>, prefixes: &[&str]) -> Keys {
    let is_asked = |key: &str| prefixes.iter().any(|prefix| key.starts_with(prefix));
    let asked = objects.iter().filter(|(key, _)| is_asked(key));
    asked
        .map(|(key, bytes)| {
            let listed = Listed {
                size: bytes.len() as u64,
                tag: digest(bytes),
            };
            (key.clone(), listed)
        })
        .collect()
}

impl State {
    /// Gives the master this status.
    pub(crate) fn set(&mut self, status: &str) {
        self.set_status(status);
    }

    fn object_text(&self, key: &str) -> String {
        let object = self.objects.as_ref().and_then(|objects| objects.get(key));
        object.map_or_else(String::new, |bytes| {
            String::from_utf8_lossy(bytes).into_owned()
        })
    }
}

#[async_trait]
impl ObjectStore for World {
    async fn keys(&self, bucket: &str, prefixes: &[&str]) -> Result<Option<Keys>, Failure> {
        let state = self.state();
        if state.unreadable {
            return Err(gone());
        }
        if bucket == CONSOLE_BUCKET {
            return Ok(Some(listed(&state.served, prefixes)));
        }
        let objects = state.objects.as_ref();
        Ok(objects.map(|objects| listed(objects, prefixes)))
    }

    async fn create_bucket(&self, _bucket: &str) -> Result<(), Failure> {
        self.write("create bucket")?.objects.get_or_insert_default();
        Ok(())
    }

    async fn get(&self, _bucket: &str, key: &str) -> Result<Option<Stored>, Failure> {
        let state = self.state();
        let bytes = state
            .objects
            .as_ref()
            .and_then(|objects| objects.get(key))
            .cloned();
        Ok(bytes.map(|bytes| Stored {
            tag: digest(&bytes),
            bytes,
        }))
    }

    async fn earlier(&self, _bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.state().removed.get(key).cloned())
    }

    async fn put(
        &self,
        _bucket: &str,
        key: &str,
        body: &Body,
        _about: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let bytes = match body {
            Body::File(file) => std::fs::read(file).unwrap(),
            Body::Bytes(bytes) => bytes.to_vec(),
            Body::Stored | Body::Unbuilt(_) => panic!("{key} has no content"),
        };
        let mut state = self.write(&format!("put {key}"))?;
        state
            .objects
            .as_mut()
            .unwrap()
            .insert(key.to_owned(), bytes);
        Ok(())
    }

    async fn put_if(
        &self,
        _bucket: &str,
        key: &str,
        bytes: Vec<u8>,
        condition: Condition<'_>,
    ) -> Result<Written, Failure> {
        let mut state = self.write(&format!("put {key} if"))?;
        let objects = state.objects.as_mut().unwrap();
        let holds = match (condition, objects.get(key)) {
            (Condition::Absent, there) => there.is_none(),
            (Condition::Unchanged(tag), Some(there)) => digest(there) == tag,
            (Condition::Unchanged(_), None) => false,
        };
        if !holds {
            return Ok(Written::Refused);
        }
        let tag = digest(&bytes);
        objects.insert(key.to_owned(), bytes);
        Ok(Written::Done(tag))
    }

    async fn remove(&self, _bucket: &str, keys: &[String]) -> Result<(), Failure> {
        let mut state = self.write(&format!("remove {}", keys.len()))?;
        for key in keys {
            if let Some(bytes) = state.objects.as_mut().unwrap().remove(key) {
                state.removed.insert(key.clone(), bytes);
            }
        }
        Ok(())
    }

    async fn purge_bucket(&self, _bucket: &str) -> Result<(), Failure> {
        self.write("purge")?.objects = None;
        Ok(())
    }
}

#[async_trait]
impl Stacks for World {
    async fn stack(&self, stack: &str) -> Result<Option<StackState>, Failure> {
        let mut state = self.state();
        state.stack_reads += 1;
        let nested = state.nested_states.get(stack).cloned();
        Ok(nested.or_else(|| state.stack.clone()))
    }

    async fn template(&self, stack: &str) -> Result<String, Failure> {
        let state = self.state();
        let nested = state.nested_templates.get(stack).cloned();
        Ok(nested.unwrap_or_else(|| state.template.clone()))
    }

    async fn resources(&self, _stack: &str) -> Result<Vec<(String, String)>, Failure> {
        Ok(Vec::new())
    }

    async fn nested(&self, _stack: &str) -> Result<Vec<Nested>, Failure> {
        Ok(self.state().nested.clone())
    }

    async fn events(&self, stack: &str) -> Result<Vec<StackEvent>, Failure> {
        Ok(self.state().events.get(stack).cloned().unwrap_or_default())
    }

    async fn create_change_set(
        &self,
        operation: Operation,
        target: &Target,
    ) -> Result<Creation, Failure> {
        let mut state = self.write("create change set")?;
        Ok(state.make_change_set(operation, target))
    }

    async fn change_sets(&self, _stack: &str) -> Result<Vec<String>, Failure> {
        Ok(self.state().waiting_change_sets())
    }

    async fn change_set(&self, name: ChangeSetName<'_>) -> Result<ChangeSet, Failure> {
        Ok(self.state().described_change_set(name))
    }

    async fn failed_events(&self, change_set: &str) -> Result<Vec<FailedEvent>, Failure> {
        let state = self.state();
        if state.events_forbidden {
            return Err(Failure::Call {
                operation: "cloudformation:DescribeEvents",
                reason: "AccessDenied".to_owned(),
            });
        }
        Ok(state.failed_events_of(change_set))
    }

    async fn delete_change_set(&self, _stack: &str, name: &str) -> Result<Taken, Failure> {
        Ok(self.write("delete change set")?.delete_change_set_of(name))
    }

    async fn execute_change_set(&self, _stack: &str, name: &str) -> Result<Taken, Failure> {
        Ok(self
            .write("execute change set")?
            .execute_change_set_of(name))
    }

    async fn delete_stack(&self, stack: &str) -> Result<(), Failure> {
        self.write("delete stack")?.begin_deletion(stack);
        Ok(())
    }

    async fn continue_rollback(&self, stack: &str) -> Result<(), Failure> {
        self.write("continue rollback")?.begin_way_back(stack);
        Ok(())
    }

    async fn begin_drift_detection(&self, stack: &str) -> Result<String, Failure> {
        let id = format!("detection of {stack}");
        self.state().detections.insert(id.clone(), DETECTION_TICKS);
        Ok(id)
    }

    async fn drift_detection(&self, stack: &str, detection: &str) -> Result<Detection, Failure> {
        let state = self.state();
        if state.detections[detection] > 0 {
            return Ok(Detection::Pending);
        }
        let found = state.drift.get(stack).cloned().unwrap_or_default();
        Ok(match state.undetectable.get(stack).cloned() {
            Some(reason) => Detection::Incomplete { found, reason },
            None => Detection::Done(found),
        })
    }
}

#[async_trait]
impl Functions for World {
    async fn function(&self, function: &str) -> Result<Option<FunctionState>, Failure> {
        let code = self.state().functions.get(function).cloned();
        Ok(code.map(|code_sha256| FunctionState {
            code_sha256,
            update: Update::Done,
        }))
    }

    async fn update_code(&self, function: &str, _bucket: &str, key: &str) -> Result<(), Failure> {
        let mut state = self.write(&format!("update {function}"))?;
        let code = digest(&state.objects.as_ref().unwrap()[key]);
        state.functions.insert(function.to_owned(), code);
        Ok(())
    }
}

#[async_trait]
impl ConsoleDistribution for World {
    async fn publish_console(&self, _console: &Console) -> Result<String, Failure> {
        drop(self.write("publish")?);
        Ok("I1".to_owned())
    }

    async fn is_forgotten(&self, _distribution: &str, _id: &str) -> Result<bool, Failure> {
        Ok(true)
    }

    async fn fetch(&self, _console: &Console, path: &str) -> Result<Vec<u8>, Failure> {
        let served = self
            .state()
            .served
            .get(path.trim_start_matches('/'))
            .cloned();
        Ok(served.unwrap_or_default())
    }
}

#[async_trait]
impl ProductTables for World {
    async fn table(&self, table: &str) -> Result<Presence, Failure> {
        Ok(if self.state().tables.contains(table) {
            Presence::Present
        } else {
            Presence::Absent
        })
    }

    async fn delete_table(&self, table: &str) -> Result<(), Failure> {
        self.write(&format!("delete {table}"))?.tables.remove(table);
        Ok(())
    }

    async fn left_instances(&self, _settings: &Settings) -> Result<Vec<LeftInstance>, Failure> {
        Ok(Vec::new())
    }

    async fn live_executions(&self, _table: &str) -> Result<Vec<LiveExecution>, Failure> {
        Ok(self.state().live.clone())
    }
}

#[async_trait]
impl UserPools for World {
    async fn user_pool(&self, pool: &str) -> Result<Option<String>, Failure> {
        Ok(self.state().pools.get(pool).cloned())
    }

    async fn delete_user_pool(&self, pool: &str) -> Result<(), Failure> {
        self.write(&format!("delete {pool}")).map(drop)
    }
}

#[async_trait]
impl Cloud for World {
    async fn account(&self) -> Result<String, Failure> {
        Ok("111122223333".to_owned())
    }

    /// Whoever waits sees what goes on come to its end.
    async fn pause(&self) {
        let mut state = self.state();
        if let (Some(status), Some(stack)) = (state.ends_as.take(), state.stack.as_mut()) {
            stack.status = status;
        }
        state.busy_for = state.busy_for.saturating_sub(1);
        state.tick_change_sets();
        state.tick_operation();
        let left = state.detections.values_mut();
        left.for_each(|left| *left = left.saturating_sub(1));
    }
}
