//! Source servers that nobody else has: each test gets its own, also when tests run side by side
//! and again on the same stack.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::stack::Stack;

/// The Region of the pool.
pub const REGION: &str = "us-west-2";
/// The servers that most tests take theirs from.
pub const POOL: Pool = Pool {
    region: REGION,
    beginning: "e2e00000000",
    size: 1_600,
};
/// A table of our own at the emulator, because that lives exactly as long as the product's.
const TABLE: &str = "end-to-end-servers";

/// Source servers of a scenario that are numbered from 1.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// Where they are.
    pub region: &'static str,
    /// What their ids begin with, after `s-`: eleven digits.
    pub beginning: &'static str,
    /// How many there are.
    pub size: u64,
}

/// Servers of one test, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Where they are.
    pub region: &'static str,
    /// Their ids.
    pub servers: Vec<String>,
}

impl Fleet {
    /// Takes servers out of the pool, for ever.
    pub async fn take(stack: &Stack, count: u64) -> Result<Self> {
        Self::take_of(stack, &POOL, count).await
    }

    /// The same out of another pool.
    pub async fn take_of(stack: &Stack, pool: &Pool, count: u64) -> Result<Self> {
        let taken = take_numbers(&stack.emulator(), pool, count).await?;
        let Pool {
            region,
            beginning,
            size,
        } = pool;
        ensure!(
            taken <= *size,
            "the {size} servers of {region} are used up; `cargo xtask local reset` fills it again"
        );
        let first = taken - count + 1;
        let servers = (first..=taken).map(|number| format!("s-{beginning}{number:06x}"));
        Ok(Self {
            region,
            servers: servers.collect(),
        })
    }

    /// The servers from one place to before another, as their own list.
    pub fn part(&self, from: usize, to: usize) -> Vec<String> {
        self.servers[from..to].to_vec()
    }
}

async fn take_numbers(emulator: &Emulator, pool: &Pool, count: u64) -> Result<u64> {
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
        "Key": { "pk": { "S": format!("servers {}", pool.beginning) } },
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
