//! Source servers that nobody else has: each test gets its own, also when tests run side by side
//! and again on the same stack.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::stack::Stack;

/// The Region of the pool.
pub const REGION: &str = "us-west-2";
/// How many servers the scenario has there.
pub const POOL: u64 = 1_600;
/// A table of our own at the emulator, because that lives exactly as long as the product's.
const TABLE: &str = "end-to-end-servers";

/// Servers of one test, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Their ids.
    pub servers: Vec<String>,
}

impl Fleet {
    /// Takes servers out of the pool, for ever.
    pub async fn take(stack: &Stack, count: u64) -> Result<Self> {
        let taken = take_numbers(&stack.emulator(), count).await?;
        ensure!(
            taken <= POOL,
            "the pool of {POOL} servers is used up; `cargo xtask local reset` fills it again"
        );
        let first = taken - count + 1;
        let servers = (first..=taken).map(id).collect();
        Ok(Self { servers })
    }

    /// The servers from one place to before another, as their own list.
    pub fn part(&self, from: usize, to: usize) -> Vec<String> {
        self.servers[from..to].to_vec()
    }
}

/// The id of a server of the pool by its number, from 1.
fn id(number: u64) -> String {
    format!("s-e2e00000000{number:06x}")
}

async fn take_numbers(emulator: &Emulator, count: u64) -> Result<u64> {
    let table = json!({
        "TableName": TABLE,
        "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let made = emulator
        .try_call("dynamodb", "DynamoDB_20120810.CreateTable", &table)
        .await?;
    if let Err(refusal) = made {
        ensure!(refusal.contains("ResourceInUse"), "{refusal}");
    }
    let update = json!({
        "TableName": TABLE,
        "Key": { "pk": { "S": "servers" } },
        "UpdateExpression": "ADD taken :count",
        "ExpressionAttributeValues": { ":count": { "N": count.to_string() } },
        "ReturnValues": "UPDATED_NEW",
    });
    let answer = emulator.dynamodb("UpdateItem", &update).await?;
    answer["Attributes"]["taken"]["N"]
        .as_str()
        .and_then(|number| number.parse().ok())
        .with_context(|| format!("no number: {answer}"))
}

/// A name that nobody else has.
pub fn unique(beginning: &str) -> String {
    let tail: String = std::iter::repeat_with(fastrand::alphanumeric)
        .take(10)
        .collect();
    format!("{beginning} {tail}")
}

/// A client token that nobody else has.
pub fn client_token() -> Value {
    json!(
        std::iter::repeat_with(fastrand::alphanumeric)
            .take(32)
            .collect::<String>()
    )
}
