//! The forms of what requests say, for the `OpenAPI` document. A bound stands here by the name of
//! the constant that the server checks it with, so that a client is told what is refused.

pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod need;
pub(crate) mod number;

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{idempotency, reader, time};
use crate::{cursor, entity_tag};

/// A text without bounds.
fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

macro_rules! text_form {
    ($(#[doc = $doc:literal])* $name:ident: $build:expr) => {
        $(#[doc = $doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = [$($doc.trim()),*].join(" ");
                let build: fn(ObjectBuilder) -> ObjectBuilder = $build;
                build(text()).description(Some(description)).build().into()
            }
        }

        impl ToSchema for $name {}
    };
}

macro_rules! id_forms {
    ($($(#[doc = $doc:literal])* $name:ident,)+) => {
        $(text_form!(
            $(#[doc = $doc])* $name: |text| text.pattern(Some(domain::$name::PATTERN))
        );)+
    };
}

id_forms!(
    /// A protection group of ours.
    ProtectionGroupId,
    /// A recovery plan of ours.
    RecoveryPlanId,
    /// One run of a recovery plan.
    ExecutionId,
    /// Something open that waits for a person; unique within its execution.
    HoldId,
    /// The key of a wave; unique within its plan.
    WaveKey,
    /// A server that DRS replicates.
    SourceServerId,
    /// A DRS job.
    JobId,
    /// A recovery instance; the same text as its EC2 instance id.
    RecoveryInstanceId,
    /// An AWS account.
    AccountId,
);

text_form!(
    /// An AWS Region, by its code. One that does not exist, or has no DRS, is refused as such.
    Region: |text| {
        let length_max = Some(domain::Region::LENGTH_MAX);
        text.pattern(Some(domain::Region::PATTERN)).max_length(length_max)
    }
);
text_form!(
    /// A name with something to see in it, on one line; unique without regard to case. White
    /// space around it counts for nothing.
    Name: |text| {
        text.pattern(Some(domain::name::NAME_PATTERN))
            .min_length(Some(1))
            .max_length(Some(domain::name::NAME_LENGTH_MAX))
    }
);
text_form!(
    /// What people should know.
    Description: |text| {
        text.max_length(Some(domain::protection_group::DESCRIPTION_LENGTH_MAX))
    }
);
text_form!(
    /// How drills are isolated.
    Statement: |text| {
        text.pattern(Some(domain::protection_group::STATEMENT_PATTERN))
            .min_length(Some(1))
            .max_length(Some(domain::protection_group::DESCRIPTION_LENGTH_MAX))
    }
);
text_form!(
    /// A reason: no control characters but line breaks and tabs, and something to see in it.
    Reason: |text| {
        text.pattern(Some(reader::REASON_PATTERN))
            .min_length(Some(1))
            .max_length(Some(reader::REASON_LENGTH_MAX))
    }
);
text_form!(
    /// A reason where none is asked for: no control characters but line breaks and tabs. One in
    /// which nothing can be seen counts as left out.
    Comment: |text| {
        text.pattern(Some(reader::COMMENT_PATTERN))
            .max_length(Some(reader::REASON_LENGTH_MAX))
    }
);
text_form!(
    /// What a person repeats to confirm. It is compared.
    Confirmation: |text| text.min_length(Some(1))
);
text_form!(
    /// Makes a repeated request the same one.
    ClientToken: |text| {
        text.min_length(Some(1)).max_length(Some(idempotency::LENGTH_MAX))
    }
);
text_form!(
    /// A point in time as RFC 3339 writes it.
    PointInTime: |text| {
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .pattern(Some(time::PATTERN))
    }
);
text_form!(
    /// Where the next page begins: `nextToken` of the page before, whatever it says.
    Cursor: |text| text.min_length(Some(1)).max_length(Some(cursor::LENGTH_MAX))
);
text_form!(
    /// The entity tag of one version, or `*`.
    OneEntityTag: |text| text.pattern(Some(entity_tag::ONE_PATTERN))
);
