//! The `OpenAPI` document of the API, made from the handlers and the types that they use.

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

use crate::handlers::{
    commands, drs, execution_servers, executions, groups, health, phases, plans, statistics, user,
};
use crate::problem::ProblemView;
use crate::wire::enumeration::Activity;
use crate::wire::form;

/// The name under which handlers ask for the token.
const TOKEN: &str = "idToken";

/// The document as it is committed: JSON with a line break at its end.
pub fn document() -> serde_json::Result<String> {
    let mut text = Document::openapi().to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "DRS Orchestration",
        description = "Protection groups, recovery plans and executions.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api", description = "The console's origin serves the API as well.")),
    paths(
        health::get,
        user::permissions,
        groups::list,
        groups::create,
        groups::read,
        groups::update,
        groups::remove,
        plans::list,
        plans::create,
        plans::read,
        plans::update,
        plans::remove,
        executions::list,
        executions::start,
        executions::read,
        executions::events,
        executions::job_logs,
        execution_servers::list,
        phases::read,
        phases::servers,
        commands::pause,
        commands::resume,
        commands::cancel,
        commands::retry,
        commands::skip,
        commands::resolve,
        commands::terminate_instances,
        drs::source_servers,
        drs::quotas,
        statistics::executions,
        statistics::recovery_plans,
    ),
    components(schemas(
        ProblemView,
        Activity,
        form::Cursor,
        form::OneEntityTag,
        form::number::PageLimit,
        form::number::LargePageLimit,
    )),
    modifiers(&Common),
)]
struct Document;

/// What holds for every operation: how it fails, and that it needs a token.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The Cognito ID token."))
            .build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
        }
        for path in document.paths.paths.values_mut() {
            let operations = [
                &mut path.get,
                &mut path.post,
                &mut path.put,
                &mut path.delete,
            ];
            operations.into_iter().flatten().for_each(complete);
        }
    }
}

fn complete(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.content.values_mut().for_each(refuse_null);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "It is done, or shown.".clone_into(&mut response.description);
        }
    }
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let problem = ResponseBuilder::new()
        .description("What went wrong.")
        .content("application/problem+json", content)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), problem.into());
    operation
        .security
        .get_or_insert_with(|| vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
}

/// A body that may be left out is an object where there is one, and never `null`.
fn refuse_null(content: &mut RefOr<Content>) {
    let RefOr::T(content) = content else {
        return;
    };
    let Some(RefOr::T(Schema::OneOf(choice))) = &mut content.schema else {
        return;
    };
    choice.items.retain(|item| !is_null(item));
    if let [only] = choice.items.as_slice() {
        content.schema = Some(only.clone());
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == Type::Null.into())
}
