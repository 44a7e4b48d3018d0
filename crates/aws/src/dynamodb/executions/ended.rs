//! What is kept of executions that have ended: one small item each, by the month of its end,
//! and one of each plan. The save that ends an execution writes both. No two saves meet at an
//! item, because a plan has one active execution, so nobody waits for statistics.

use async_trait::async_trait;
use domain::execution::Status;
use domain::{ExecutionId, Kind, RecoveryPlanId};
use engine::ports::execution_store::{ExecutionSummary, StoredExecution};
use engine::ports::statistics_store::{EndedExecution, LastRun, LastRuns};
use engine::ports::{Listing, PageRequest, StatisticsStore, StoreError};
use engine::summary::ended;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::meta::{self, SUMMARY};
use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, decode, decode_attribute, encode};
use crate::dynamodb::item::{Item, corrupt, text, text_of, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::Query;
use crate::dynamodb::transaction::Transaction;

/// The attributes of a plan's item, each with a [`LastRun`].
const DRILL: &str = "drill";
const COMPLETED_DRILL: &str = "completedDrill";
const RECOVERY: &str = "recovery";

#[async_trait]
impl StatisticsStore for DynamoStore {
    async fn ended_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Result<Vec<EndedExecution>, StoreError> {
        let mut found = Vec::new();
        for month in months(from, until) {
            self.ended_in(&month, (from, until), most, &mut found)
                .await?;
            if found.len() >= most {
                break;
            }
        }
        Ok(found)
    }

    async fn last_runs(&self, page: &PageRequest) -> Result<Listing<LastRuns>, StoreError> {
        let after = page.after.as_deref().map(str::parse::<RecoveryPlanId>);
        let after = after.transpose().map_err(|error| {
            StoreError::Corrupt(format!("a position of this list is a plan: {error}"))
        })?;
        let found = self
            .query(&Query {
                table: self.tables.execution_history.clone(),
                keys: Condition::new("#pk = :pk", [(":pk", text(Key::LAST_RUNS))]),
                limit: Some(page.limit.max(1)),
                after: after.map(|plan| Key::last_runs(&plan).item()),
                ..Query::default()
            })
            .await?;
        let items: Vec<LastRuns> = found
            .items
            .iter()
            .map(read_last_runs)
            .collect::<Result<_, _>>()?;
        let last = items.last().map(|runs| runs.plan.to_string());
        Ok(Listing {
            next: last.filter(|_| found.last.is_some()),
            items,
        })
    }

    async fn summaries(&self, ids: &[ExecutionId]) -> Result<Vec<ExecutionSummary>, StoreError> {
        let table = &self.tables.execution_history;
        let mut summaries = Vec::new();
        for item in self.get_all(table, ids.iter().map(Key::execution)).await? {
            summaries.push(decode_attribute::<ExecutionSummary>(&item, SUMMARY)?);
        }
        summaries.sort_by_key(|summary| ids.iter().position(|id| *id == summary.id));
        Ok(summaries)
    }
}

impl DynamoStore {
    /// Notes an execution that ends with this save.
    pub(super) fn note_end(
        &self,
        transaction: &mut Transaction,
        before: &StoredExecution,
        after: &StoredExecution,
    ) -> Result<(), StoreError> {
        let (None, Some(one)) = (ended(before), ended(after)) else {
            return Ok(());
        };
        let table = &self.tables.execution_history;
        transaction.put(table, item(&one)?);
        let run = LastRun {
            execution: one.id.clone(),
            status: one.status,
            ended_at: one.ended_at,
        };
        let run = text(encode(&run)?);
        let change = match (one.kind, one.status == Status::Completed) {
            (Kind::Drill, false) => Condition::new("SET #drill = :run", [(":run", run)]),
            (Kind::Drill, true) => {
                let both = "SET #drill = :run, #completedDrill = :run";
                Condition::new(both, [(":run", run)])
            }
            (Kind::Recovery, _) => Condition::new("SET #recovery = :run", [(":run", run)]),
        };
        transaction.update(table, &Key::last_runs(&one.plan), &change);
        Ok(())
    }

    async fn ended_in(
        &self,
        month: &str,
        (from, until): (Timestamp, Timestamp),
        most: usize,
        found: &mut Vec<EndedExecution>,
    ) -> Result<(), StoreError> {
        // A sort key is longer than any time, so the last time itself is left out.
        let mut query = Query {
            table: self.tables.execution_history.clone(),
            keys: Condition::new(
                "#pk = :pk AND #sk BETWEEN :from AND :until",
                [
                    (":pk", text(Key::ended_in(month))),
                    (":from", time(from)),
                    (":until", time(until)),
                ],
            ),
            newest_first: true,
            ..Query::default()
        };
        loop {
            query.limit = Some(most - found.len());
            let page = self.query(&query).await?;
            for item in &page.items {
                found.push(read(item)?);
            }
            match page.last {
                Some(last) if found.len() < most => query.after = Some(last),
                Some(_) | None => return Ok(()),
            }
        }
    }
}

/// What an item of an ended execution says besides its key.
#[derive(Serialize, Deserialize)]
struct End {
    plan: RecoveryPlanId,
    kind: Kind,
    status: Status,
}

fn item(one: &EndedExecution) -> Result<Item, StoreError> {
    let end = End {
        plan: one.plan.clone(),
        kind: one.kind,
        status: one.status,
    };
    let key = Key::ended(&meta::month(one.ended_at), one.ended_at, &one.id);
    Ok(key.with([(DOCUMENT, text(encode(&end)?))]))
}

fn read(item: &Item) -> Result<EndedExecution, StoreError> {
    let malformed = || corrupt(item, "sk");
    let (ended_at, id) = text_of(item, "sk")?.split_once('#').ok_or_else(malformed)?;
    let End { plan, kind, status } = decode(item)?;
    Ok(EndedExecution {
        id: id.parse().map_err(|_| malformed())?,
        plan,
        kind,
        status,
        ended_at: ended_at.parse().map_err(|_| malformed())?,
    })
}

fn read_last_runs(item: &Item) -> Result<LastRuns, StoreError> {
    let plan = text_of(item, "sk")?.parse();
    let run = |name: &str| {
        item.contains_key(name)
            .then(|| decode_attribute(item, name))
            .transpose()
    };
    Ok(LastRuns {
        plan: plan.map_err(|_| corrupt(item, "sk"))?,
        drill: run(DRILL)?,
        completed_drill: run(COMPLETED_DRILL)?,
        recovery: run(RECOVERY)?,
    })
}

/// The months that a span touches, the last one first.
fn months(from: Timestamp, until: Timestamp) -> Vec<String> {
    let mut months = Vec::new();
    let mut at = until;
    while at >= from {
        months.push(meta::month(at));
        at -= SignedDuration::from_hours(24);
    }
    months.push(meta::month(from));
    months.dedup();
    months
}
