//! Executions by their indexes: what is live, and what was started, newest first.

use domain::RecoveryPlanId;
use engine::ports::execution_store::{Activity, ExecutionFilter, ExecutionSummary, LiveEntry};
use engine::ports::{Listing, PageRequest, StoreError};
use jiff::Timestamp;

use super::meta::{self, LIVE, MONTH_LENGTH, SUMMARY};
use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::decode_attribute;
use crate::dynamodb::item::{Item, parsed, sortable, text, text_of, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::Query;

/// Most items that one page reads while a filter looks for its own.
const READ_PER_PAGE_MAX: usize = 400;

impl DynamoStore {
    pub(super) async fn live_entries(
        &self,
        due: Option<Timestamp>,
    ) -> Result<Vec<LiveEntry>, StoreError> {
        let mut keys = Condition::new("#live = :live", [(":live", text(LIVE))]);
        if let Some(due) = due {
            keys.text.push_str(" AND #drivenUntil < :due");
            keys.values.insert(":due".to_owned(), time(due));
        }
        let items = self
            .query_all(Query {
                table: self.tables.execution_history.clone(),
                index: Some("live"),
                keys,
                attributes: Some("#pk, #sk, #stage, #drivenUntil, #livePlaces"),
                ..Query::default()
            })
            .await?;
        items
            .iter()
            .map(|item| {
                Ok(LiveEntry {
                    id: meta::id_of(item)?,
                    stage: meta::stage(item)?,
                    driven_until: parsed(item, "drivenUntil")?,
                    places: meta::read_places(item)?,
                })
            })
            .collect()
    }

    pub(super) async fn newest(
        &self,
        filter: &ExecutionFilter,
        page: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, StoreError> {
        if filter.activity == Some(Activity::Active) {
            return self.active(filter, page).await;
        }
        let mut search = Search {
            filter,
            limit: page.limit.max(1),
            items: Vec::new(),
            read: 0,
        };
        let after = page.after.as_deref();
        let partitions = match &filter.plan {
            Some(plan) => vec![Partition::Plan(plan.clone())],
            None => self.months(filter, after).await?,
        };
        for (index, partition) in partitions.iter().enumerate() {
            if search.is_over() {
                return Ok(search.page(Some(partition.attribute().1.to_owned())));
            }
            let after = after.filter(|_| index == 0);
            if let Some(last) = self.search(&mut search, partition, after).await? {
                return Ok(search.page(Some(last)));
            }
        }
        Ok(search.page(None))
    }

    /// One page of what has not ended. The index of what is live has all of it, with little
    /// else, and in another order; it is read whole for every page.
    async fn active(
        &self,
        filter: &ExecutionFilter,
        page: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, StoreError> {
        let keys = Condition::new("#live = :live", [(":live", text(LIVE))]);
        let items = self
            .query_all(Query {
                table: self.tables.execution_history.clone(),
                index: Some("live"),
                keys,
                filter: Some(Condition::new("attribute_exists(#startedKey)", [])),
                attributes: Some("#pk, #sk, #startedKey, #summary"),
                ..Query::default()
            })
            .await?;
        let mut found = Vec::new();
        for item in &items {
            let position = text_of(item, "startedKey")?.to_owned();
            let summary: ExecutionSummary = decode_attribute(item, SUMMARY)?;
            let is_left = page.after.as_ref().is_none_or(|after| position < *after);
            if is_left && filter.admits(&summary) {
                found.push((position, summary));
            }
        }
        found.sort_by(|one, other| other.0.cmp(&one.0));
        let limit = page.limit.max(1);
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().map(|(position, _)| position.clone());
        Ok(Listing {
            items: found.into_iter().map(|(_, summary)| summary).collect(),
            next: last.filter(|_| more),
        })
    }

    /// Reads on in one partition. Gives where it stopped; nothing where the partition is over.
    /// A position is the key of an item, or the month of which nothing is read yet.
    async fn search(
        &self,
        search: &mut Search<'_>,
        partition: &Partition,
        after: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        let mut query = Query {
            table: self.tables.execution_history.clone(),
            index: Some(partition.index()),
            keys: partition.keys(search.filter),
            filter: search.condition()?,
            newest_first: true,
            after: after
                .map(|after| partition.position(after))
                .transpose()?
                .flatten(),
            ..Query::default()
        };
        loop {
            query.limit = Some(search.limit_of_query(query.filter.is_some()));
            let found = self.query(&query).await?;
            search.read += found.read;
            for item in &found.items {
                if search.is_full() {
                    let last = search.items.last();
                    return Ok(last.map(|last| meta::started_key(last.created_at, &last.id)));
                }
                search.items.push(decode_attribute(item, SUMMARY)?);
            }
            let Some(last) = found.last else {
                return Ok(None);
            };
            if search.is_over() {
                return Ok(Some(text_of(&last, "startedKey")?.to_owned()));
            }
            query.after = Some(last);
        }
    }

    /// The months that can hold what is looked for, newest first.
    async fn months(
        &self,
        filter: &ExecutionFilter,
        after: Option<&str>,
    ) -> Result<Vec<Partition>, StoreError> {
        let table = &self.tables.execution_history;
        let Some(item) = self.get(table, &Key::months()).await? else {
            return Ok(Vec::new());
        };
        let set = item.get("months").and_then(|value| value.as_ss().ok());
        let mut months = set.cloned().unwrap_or_default();
        months.sort();
        months.reverse();
        let newest = after.map(|after| after.chars().take(MONTH_LENGTH).collect::<String>());
        let first = filter.started_after.map(meta::month);
        let last = filter.started_before.map(meta::month);
        months.retain(|month| {
            newest.as_ref().is_none_or(|newest| month <= newest)
                && first.as_ref().is_none_or(|first| month >= first)
                && last.as_ref().is_none_or(|last| month <= last)
        });
        Ok(months.into_iter().map(Partition::Month).collect())
    }
}

/// One page in the making.
struct Search<'filter> {
    filter: &'filter ExecutionFilter,
    limit: usize,
    items: Vec<ExecutionSummary>,
    read: usize,
}

impl Search<'_> {
    fn page(self, next: Option<String>) -> Listing<ExecutionSummary> {
        Listing {
            items: self.items,
            next,
        }
    }

    fn is_full(&self) -> bool {
        self.items.len() >= self.limit
    }

    fn is_over(&self) -> bool {
        self.is_full() || self.read >= READ_PER_PAGE_MAX
    }

    /// Without a filter no more is read than is shown.
    fn limit_of_query(&self, is_filtered: bool) -> usize {
        let wanted = self.limit - self.items.len();
        let left = READ_PER_PAGE_MAX.saturating_sub(self.read).max(1);
        if is_filtered { left } else { wanted.min(left) }
    }

    fn condition(&self) -> Result<Option<Condition>, StoreError> {
        let mut texts = Vec::new();
        let mut condition = Condition::default();
        if let Some(status) = self.filter.status {
            texts.push("#status = :status");
            let word = text(meta::status_word(status)?);
            condition.values.insert(":status".to_owned(), word);
        }
        if let Some(kind) = self.filter.kind {
            texts.push("#kind = :kind");
            let word = text(meta::kind_word(kind));
            condition.values.insert(":kind".to_owned(), word);
        }
        match self.filter.activity {
            None => {}
            Some(Activity::Active) => texts.push("attribute_not_exists(#endedAt)"),
            Some(Activity::Ended) => texts.push("attribute_exists(#endedAt)"),
        }
        condition.text = texts.join(" AND ");
        Ok((!texts.is_empty()).then_some(condition))
    }
}

/// Where executions of one kind stand in order of their start.
enum Partition {
    Plan(RecoveryPlanId),
    Month(String),
}

impl Partition {
    fn index(&self) -> &'static str {
        match self {
            Self::Plan(_) => "by-plan",
            Self::Month(_) => "by-start",
        }
    }

    fn attribute(&self) -> (&'static str, &str) {
        match self {
            Self::Plan(plan) => ("recoveryPlanId", plan.as_str()),
            Self::Month(month) => ("startedMonth", month),
        }
    }

    /// The bounds need no care about being inclusive: a key is longer than any time.
    fn keys(&self, filter: &ExecutionFilter) -> Condition {
        let (name, value) = self.attribute();
        let mut keys = Condition::new(
            format!("#{name} = :partition"),
            [(":partition", text(value))],
        );
        let bounds = (filter.started_after, filter.started_before);
        keys.text.push_str(match bounds {
            (Some(_), Some(_)) => " AND #startedKey BETWEEN :after AND :before",
            (Some(_), None) => " AND #startedKey >= :after",
            (None, Some(_)) => " AND #startedKey < :before",
            (None, None) => "",
        });
        if let Some(after) = bounds.0 {
            keys.values.insert(":after".to_owned(), time(after));
        }
        if let Some(before) = bounds.1 {
            keys.values.insert(":before".to_owned(), time(before));
        }
        keys
    }

    /// The key after which a query goes on; nothing where the position lies before the
    /// partition, so that all of it is still to be read.
    fn position(&self, after: &str) -> Result<Option<Item>, StoreError> {
        if after.len() == MONTH_LENGTH {
            return Ok(None);
        }
        let malformed = || StoreError::Corrupt(format!("`{after}` is no position of this list"));
        let (started, id) = after.split_once('#').ok_or_else(malformed)?;
        let started: Timestamp = started.parse().map_err(|_| malformed())?;
        let id = id.parse().map_err(|_| malformed())?;
        let (name, value) = self.attribute();
        if matches!(self, Self::Month(month) if *month != meta::month(started)) {
            return Ok(None);
        }
        let mut position = Key::execution(&id).item();
        position.insert(name.to_owned(), text(value));
        position.insert(
            "startedKey".to_owned(),
            text(format!("{}#{id}", sortable(started))),
        );
        Ok(Some(position))
    }
}
