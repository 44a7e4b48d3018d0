//! A stub of `sts:AssumeRole`: the access key it gives is the account of the role, so that
//! requests that are signed with it reach that account's world.

use super::drs_routes::percent_decode;
use super::shared::Shared;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::SignedDuration;
use std::sync::Arc;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/", post(query))
}

async fn query(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let body = String::from_utf8_lossy(&body);
    let parameter = |name: &str| {
        body.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| percent_decode(&value.replace('+', " ")))
        })
    };
    let account = parameter("RoleArn").and_then(|arn| account_of_role(&arn));
    match (parameter("Action").as_deref(), account) {
        (Some("AssumeRole"), Some(account)) => {
            let expires = shared.with_world(|world| world.now()) + SignedDuration::from_hours(1);
            let arn = parameter("RoleArn").unwrap_or_default();
            xml(StatusCode::OK, assumed(&account, &arn, &expires.to_string()))
        }
        _ => xml(
            StatusCode::BAD_REQUEST,
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code>\
             <Message>Only AssumeRole with a RoleArn is simulated.</Message></Error></ErrorResponse>"
                .to_owned(),
        ),
    }
}

/// The account in `arn:aws:iam::111122223333:role/name`.
fn account_of_role(arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?;
    let valid = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| account.to_owned())
}

fn assumed(account: &str, arn: &str, expires: &str) -> String {
    let arn = arn.replace(['<', '>', '&'], "");
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <AssumeRoleResult><Credentials><AccessKeyId>{account}</AccessKeyId>\
         <SecretAccessKey>simulated</SecretAccessKey><SessionToken>simulated</SessionToken>\
         <Expiration>{expires}</Expiration></Credentials><AssumedRoleUser>\
         <AssumedRoleId>AROASIMULATED:session</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>\
         </AssumeRoleResult></AssumeRoleResponse>"
    )
}

fn xml(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    response
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("text/xml"));
    response
}
