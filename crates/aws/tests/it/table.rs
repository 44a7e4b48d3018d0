//! A real DynamoDB engine in process, with the tables as the template makes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws::{DynamoStore, TableNames};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use dynoxide::Database;
use tokio::net::TcpListener;

/// Three tables in an engine of their own.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) reads: Arc<Reads>,
}

/// How many items were read, those that a filter took out among them.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    pub(crate) items: AtomicUsize,
}

impl Table {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let database = Database::memory().unwrap();
        tokio::spawn(dynoxide::server::serve_on(listener, database));
        let reads = Arc::new(Reads::default());
        let client = client(&url, SharedReads(Arc::clone(&reads)));
        let table = Self { url, client, reads };
        let name = Key("listing", "nameKey");
        table
            .create("protection-groups", &[("by-name", name)])
            .await;
        table.create("recovery-plans", &[("by-name", name)]).await;
        let indexes = [
            ("live", Key("live", "drivenUntil")),
            ("by-plan", Key("recoveryPlanId", "startedKey")),
            ("by-start", Key("startedMonth", "startedKey")),
        ];
        table.create("execution-history", &indexes).await;
        table
    }

    pub(crate) fn store(&self) -> DynamoStore {
        DynamoStore::new(self.client.clone(), names())
    }

    async fn create(&self, name: &str, indexes: &[(&str, Key)]) {
        let mut attributes = vec!["pk", "sk"];
        let mut create = self
            .client
            .create_table()
            .table_name(format!("test-{name}"))
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(Key("pk", "sk").schema()));
        for (index, key) in indexes {
            attributes.extend([key.0, key.1]);
            let projection = Projection::builder()
                .projection_type(ProjectionType::All)
                .build();
            let index = GlobalSecondaryIndex::builder()
                .index_name(*index)
                .set_key_schema(Some(key.schema()))
                .projection(projection)
                .build()
                .unwrap();
            create = create.global_secondary_indexes(index);
        }
        attributes.sort_unstable();
        attributes.dedup();
        for attribute in attributes {
            let definition = AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap();
            create = create.attribute_definitions(definition);
        }
        create.send().await.unwrap();
    }
}

pub(crate) fn names() -> TableNames {
    TableNames {
        protection_groups: "test-protection-groups".to_owned(),
        recovery_plans: "test-recovery-plans".to_owned(),
        execution_history: "test-execution-history".to_owned(),
    }
}

pub(crate) fn client(url: &str, interceptor: impl Intercept + 'static) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::new("us-west-2"))
        .credentials_provider(Credentials::new("111122223333", "x", None, None, "test"))
        .interceptor(interceptor)
        .build();
    Client::from_conf(config)
}

#[derive(Debug, Clone, Copy)]
struct Key(&'static str, &'static str);

impl Key {
    fn schema(self) -> Vec<KeySchemaElement> {
        [(self.0, KeyType::Hash), (self.1, KeyType::Range)]
            .into_iter()
            .map(|(name, kind)| {
                KeySchemaElement::builder()
                    .attribute_name(name)
                    .key_type(kind)
                    .build()
                    .unwrap()
            })
            .collect()
    }
}

#[derive(Debug)]
struct SharedReads(Arc<Reads>);

#[dyn_dispatch_hint]
impl Intercept for SharedReads {
    fn name(&self) -> &'static str {
        "reads"
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(Ok(output)) = context.output_or_error() {
            if let Some(query) = output.downcast_ref::<QueryOutput>() {
                let read = usize::try_from(query.scanned_count()).unwrap();
                self.0.items.fetch_add(read, Ordering::SeqCst);
            }
            if output.downcast_ref::<GetItemOutput>().is_some() {
                self.0.items.fetch_add(1, Ordering::SeqCst);
            }
        }
        Ok(())
    }
}
