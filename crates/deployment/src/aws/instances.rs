//! Every execution of the product, read by the product's own reader of its tables.

use aws::{DynamoStore, TableNames};
use engine::ports::execution_store::ExecutionFilter;
use engine::ports::{ExecutionStore, Listing, PageRequest, StoreError};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::AwsCloud;
use crate::error::Failure;
use crate::instances::{LeftInstance, of_execution};
use crate::settings::Settings;

const PAGE: usize = 100;
const AT_ONCE: usize = 16;

impl AwsCloud {
    pub(super) async fn instances_of(
        &self,
        settings: &Settings,
    ) -> Result<Vec<LeftInstance>, Failure> {
        let tables = TableNames {
            protection_groups: settings.function("protection-groups"),
            recovery_plans: settings.function("recovery-plans"),
            execution_history: settings.function("execution-history"),
        };
        let store = &DynamoStore::new(self.dynamodb.clone(), tables);
        let mut page = PageRequest {
            limit: PAGE,
            after: None,
        };
        let every = ExecutionFilter::default();
        let mut found = Vec::new();
        loop {
            let listed = store.list_executions(&every, &page).await;
            let Listing { items, next } = listed.map_err(|error| unread(&error))?;
            let read: Vec<_> = stream::iter(items)
                .map(|summary| async move { store.execution(&summary.id).await })
                .buffered(AT_ONCE)
                .try_collect()
                .await
                .map_err(|error| unread(&error))?;
            for stored in read.iter().flatten() {
                found.extend(of_execution(&stored.execution).into_values());
            }
            if next.is_none() {
                return Ok(found);
            }
            page.after = next;
        }
    }
}

fn unread(error: &StoreError) -> Failure {
    Failure::Call {
        operation: "reading executions",
        reason: error.to_string(),
    }
}
