//! What `CloudFormation` asks for: the event of a custom resource, parsed in two steps, so that
//! an event with unusable properties still says whom to answer.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The physical id of the console. It never changes: a changed id would make `CloudFormation`
/// delete the "old" resource, which is the bucket that was published a moment before.
const PHYSICAL_ID: &str = "console";

/// The file that `Configuration` becomes.
pub const CONFIGURATION_FILE: &str = "config.json";

/// An event that cannot be served, with the reason in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(String);

/// Where the answer goes, and what it must repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// The signed address that takes the answer.
    pub response_url: ResponseUrl,
    /// The stack that holds the resource.
    pub stack_id: String,
    /// `CloudFormation`'s name for this request.
    pub request_id: String,
    /// The resource's name in its template.
    pub logical_resource_id: String,
    /// The id that `CloudFormation` already knows, else ours.
    pub physical_resource_id: String,
}

impl Addressee {
    /// Reads the addressee alone; nothing else of the event needs to be right.
    pub fn from_event(event: &Value) -> Result<Self, Malformed> {
        let text = |member: &str| {
            event
                .get(member)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| Malformed(format!("The event has no text member {member}.")))
        };
        Ok(Self {
            response_url: ResponseUrl(text("ResponseURL")?),
            stack_id: text("StackId")?,
            request_id: text("RequestId")?,
            logical_resource_id: text("LogicalResourceId")?,
            physical_resource_id: text("PhysicalResourceId")
                .unwrap_or_else(|_| PHYSICAL_ID.to_owned()),
        })
    }
}

/// A signed address. Whoever holds it can answer in our name, so it has no readable form
/// except the one that the sender asks for by name.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// The address itself, for the request that carries the answer and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseUrl(hidden)")
    }
}

/// What the event asks to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Create and update alike: make the bucket hold exactly this console.
    Publish(Console),
    /// Delete: give the bucket back empty, if the stack is really going.
    Withdraw {
        /// The stack whose status decides.
        stack_id: String,
        /// The bucket, if the properties name one; without a bucket nothing was ever published.
        bucket: Option<String>,
    },
}

/// The console that a stack wants, as its properties name it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Console {
    /// The bucket that `CloudFront` reads.
    pub bucket: String,
    /// The deployment bucket.
    pub archive_bucket: String,
    /// The archive in it, named by its own hash.
    pub archive_key: String,
    /// The distribution whose copies must go.
    pub distribution_id: String,
    /// The members of the console's configuration file.
    pub configuration: Map<String, Value>,
}

impl Work {
    /// Reads the request type and the properties that it needs.
    pub fn from_event(event: &Value) -> Result<Self, Malformed> {
        let properties = event.get("ResourceProperties").unwrap_or(&Value::Null);
        match event.get("RequestType").and_then(Value::as_str) {
            Some("Create" | "Update") => Ok(Self::Publish(console(properties)?)),
            Some("Delete") => Ok(Self::Withdraw {
                stack_id: Addressee::from_event(event)?.stack_id,
                bucket: properties
                    .get("Bucket")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            }),
            Some(other) => Err(Malformed(format!("The request type {other} is unknown."))),
            None => Err(Malformed("The event has no request type.".to_owned())),
        }
    }
}

fn console(properties: &Value) -> Result<Console, Malformed> {
    let console = Console::deserialize(properties)
        .map_err(|error| Malformed(format!("The properties cannot be used: {error}.")))?;
    let named = [
        ("Bucket", &console.bucket),
        ("ArchiveBucket", &console.archive_bucket),
        ("ArchiveKey", &console.archive_key),
        ("DistributionId", &console.distribution_id),
    ];
    for (name, value) in named {
        if value.is_empty() {
            return Err(Malformed(format!("The property {name} is empty.")));
        }
    }
    if console.configuration.is_empty() {
        return Err(Malformed("The property Configuration is empty.".to_owned()));
    }
    Ok(console)
}
