//! A stub of `sts:AssumeRole`: the access key it gives is the account of the role, so that
//! requests that are signed with it reach that account's world.

use super::query::xml_response;
use super::shared::Shared;
use super::xml::{error, escaped};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use std::sync::Arc;

/// The answer to `AssumeRole` with these parameters.
pub(super) async fn assume_role(shared: &Arc<Shared>, parameters: &[(String, String)]) -> Response {
    let role = parameters.iter().find(|(name, _)| name == "RoleArn");
    let role = role.map(|(_, arn)| arn.as_str()).unwrap_or_default();
    let Some(account) = account_of_role(role) else {
        let message = "Only AssumeRole with a RoleArn is simulated.";
        let text = error("ValidationError", message, "simulated");
        return xml_response(StatusCode::BAD_REQUEST, text);
    };
    let expires = shared.with_world(|world| world.now()).await + SignedDuration::from_hours(1);
    xml_response(
        StatusCode::OK,
        assumed(&account, role, &expires.to_string()),
    )
}

/// The account in `arn:aws:iam::111122223333:role/name`.
fn account_of_role(arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?;
    let valid = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| account.to_owned())
}

fn assumed(account: &str, arn: &str, expires: &str) -> String {
    let arn = escaped(arn);
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <AssumeRoleResult><Credentials><AccessKeyId>{account}</AccessKeyId>\
         <SecretAccessKey>simulated</SecretAccessKey><SessionToken>simulated</SessionToken>\
         <Expiration>{expires}</Expiration></Credentials><AssumedRoleUser>\
         <AssumedRoleId>AROASIMULATED:session</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>\
         </AssumeRoleResult></AssumeRoleResponse>"
    )
}
