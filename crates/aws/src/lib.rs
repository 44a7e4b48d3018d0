//! The ports of the engine over the AWS SDK, and the only library that names a type of it.

mod failure;

pub mod dynamodb;

pub use dynamodb::{DynamoStore, TableNames};
