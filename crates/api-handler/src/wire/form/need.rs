//! How many servers of a wave must launch: three shapes, each with its own number.

use domain::recovery_plan::{PERCENT_MAX, SERVERS_PER_PLAN_MAX};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::number::{bound, whole};

/// How many servers of a wave must launch, as a request says it.
pub(crate) struct Need;

impl PartialSchema for Need {
    fn schema() -> RefOr<Schema> {
        let count = whole(1, SERVERS_PER_PLAN_MAX);
        let percent = whole(1, bound(PERCENT_MAX));
        let counted = shape("COUNT", "At least this many.");
        let share = shape("PERCENT", "At least this share.");
        OneOfBuilder::new()
            .item(shape("ALL", "Every one."))
            .item(counted.property("count", count).required("count"))
            .item(share.property("percent", percent).required("percent"))
            .description(Some("How many servers of a wave must launch."))
            .into()
    }
}

impl ToSchema for Need {
    fn name() -> std::borrow::Cow<'static, str> {
        "NeedRequest".into()
    }
}

fn shape(word: &str, description: &str) -> ObjectBuilder {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .property("type", text.enum_values(Some([word])))
        .required("type")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .description(Some(description))
}
