//! Numbers with bounds.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::query_parameters::PageSize;

/// A whole number from `min` to `max`.
pub(super) fn whole(min: usize, max: usize) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(min))
        .maximum(Some(max))
}

/// A `u32` as a bound of a document.
pub(super) const fn bound(number: u32) -> usize {
    number as usize
}

macro_rules! number_form {
    ($(#[doc = $doc:literal])* $name:ident: $min:expr, $max:expr) => {
        $(#[doc = $doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = [$($doc.trim()),*].join(" ");
                whole($min, $max).description(Some(description)).build().into()
            }
        }

        impl ToSchema for $name {}
    };
}

number_form!(
    /// How many items a page has at most; left out, 50.
    PageLimit: 1, PageSize::USUAL.max()
);
number_form!(
    /// How many items a page has at most; left out, as many as an answer carries.
    LargePageLimit: 1, PageSize::LARGE.max()
);
number_form!(
    /// A number of servers.
    ServerCount: 0, bound(u32::MAX)
);
number_form!(
    /// How long a wave may have jobs in flight, in minutes.
    TimeLimitMinutes: 1, bound(domain::recovery_plan::TIME_LIMIT_MINUTES_MAX)
);
