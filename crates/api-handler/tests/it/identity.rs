//! Who is known to call, and who is nobody.

use serde_json::{Value, json};

use crate::support::{CLIENT, Service, claims, get};

async fn answer(claims: Value) -> (u16, Value) {
    let service = Service::new();
    let reply = service
        .send(&get("/user/permissions").claims(Some(claims)))
        .await;
    (reply.status, reply.body)
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims("viewer");
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims("viewer");
    claims.as_object_mut().expect("claims").remove(name);
    claims
}

#[tokio::test]
async fn whoever_does_not_fit_is_nobody() {
    let cases = [
        ("no claims at all", Value::Null),
        ("empty claims", json!({})),
        ("claims that are no object", json!("operator")),
        ("an access token", with("token_use", json!("access"))),
        ("a token of no use", without("token_use")),
        (
            "another pool",
            with(
                "iss",
                json!("https://cognito-idp.us-west-2.amazonaws.com/us-west-2_x"),
            ),
        ),
        (
            "a pool whose name ends alike",
            with("iss", json!("https://issuer/not-us-west-2_pool")),
        ),
        ("no issuer", without("iss")),
        ("another client", with("aud", json!("another"))),
        ("no client", without("aud")),
        ("expired, in seconds", with("exp", json!(1_795_424_400))),
        ("expired, in digits", with("exp", json!("1795424399"))),
        (
            "expired, in words",
            with("exp", json!("Mon Nov 23 08:59:59 UTC 2026")),
        ),
        ("an expiry that cannot be read", with("exp", json!("soon"))),
        ("no expiry", without("exp")),
        ("no subject", without("sub")),
        ("an empty subject", with("sub", json!(""))),
    ];
    for (case, claims) in cases {
        let (status, body) = answer(claims).await;
        assert_eq!(status, 401, "{case}");
        assert_eq!(body["code"], "UNAUTHORIZED", "{case}");
    }
}

#[tokio::test]
async fn a_nameless_token_is_nobody_and_a_user_name_is_enough() {
    let mut claims = claims("viewer");
    let members = claims.as_object_mut().unwrap();
    members.remove("email");
    let (status, body) = answer(json!(members)).await;
    assert_eq!((status, &body["user"]), (200, &json!("operator")));
    members.remove("cognito:username");
    assert_eq!(answer(json!(members)).await.0, 401);
}

#[tokio::test]
async fn an_environment_that_does_not_say_which_tokens_it_takes_takes_none() {
    let service = Service::new();
    for variables in [
        Value::Null,
        json!({ "userPoolId": "us-west-2_pool" }),
        json!({ "userPoolClientId": CLIENT }),
        json!({ "userPoolId": "", "userPoolClientId": CLIENT }),
    ] {
        let reply = service
            .send(&get("/executions").stage_variables(variables.clone()))
            .await;
        assert_eq!(reply.status, 401, "{variables}");
    }
}

#[tokio::test]
async fn groups_come_in_every_form_that_gateways_write() {
    let both = json!(["viewer", "drill-operator"]);
    let cases = [
        (json!("viewer"), json!(["viewer"])),
        (json!("viewer,drill-operator"), both.clone()),
        (json!("[viewer drill-operator]"), both.clone()),
        (json!("[viewer, drill-operator]"), both.clone()),
        (json!(["drill-operator", "viewer"]), both),
        (json!("strangers,Viewer"), json!([])),
        (json!("[]"), json!([])),
        (Value::Null, json!([])),
    ];
    for (groups, roles) in cases {
        let (status, body) = answer(with("cognito:groups", groups.clone())).await;
        assert_eq!((status, &body["roles"]), (200, &roles), "{groups}");
    }
    assert_eq!(
        answer(without("cognito:groups")).await.1["permissions"],
        json!([])
    );
}

#[tokio::test]
async fn expiries_come_as_numbers_digits_and_words() {
    for expiry in [
        json!(1_795_424_401),
        json!("1795424401"),
        json!("Mon Nov 23 09:00:01 UTC 2026"),
    ] {
        assert_eq!(answer(with("exp", expiry.clone())).await.0, 200, "{expiry}");
    }
}

#[tokio::test]
async fn a_nobody_is_told_how_to_sign_in_and_headers_are_never_asked() {
    let service = Service::new();
    let call = get("/executions")
        .claims(None)
        .header("Authorization", "Bearer somebody")
        .header("x-user", "operator@example.com");
    let reply = service.send(&call).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.headers["www-authenticate"], "Bearer");
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    assert_eq!(reply.body["requestId"], "request-1");
}

#[tokio::test]
async fn health_needs_no_token() {
    let service = Service::new();
    let call = get("/health").claims(None).stage_variables(Value::Null);
    let reply = service.send(&call).await;
    assert_eq!((reply.status, reply.body), (200, json!({ "status": "OK" })));
}

#[tokio::test]
async fn the_caller_learns_what_they_may_do() {
    let service = Service::new();
    let reply = service
        .send(&get("/user/permissions").groups("recovery-manager"))
        .await;
    assert_eq!(
        reply.body,
        json!({ "user": "operator@example.com", "roles": ["recovery-manager"],
            "permissions": ["read", "edit-plans", "run-recoveries"] })
    );
}
