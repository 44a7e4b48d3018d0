//! Who is not known is 401, in every way in which one can be unknown.

use anyhow::{Result, ensure};
use end_to_end::cognito::{PASSWORD, Tokens, signed_anew, tampered};
use end_to_end::fleet::unique;
use end_to_end::{Role, Stack};
use serde_json::{Value, json};

/// One path a kind of resource.
const PATHS: [&str; 5] = [
    "/executions",
    "/protection-groups",
    "/recovery-plans",
    "/drs/source-servers?region=us-east-1",
    "/user/permissions",
];

#[tokio::test]
async fn a_caller_without_a_good_id_token_is_401() -> Result<()> {
    let stack = Stack::of_environment()?;
    let places = &stack.places;
    let user = stack.user(Role::Administrator)?;
    let tokens = stack
        .cognito()
        .sign_in(&places.user_pool_client_id, &user.username, &user.password)
        .await?;
    // Signing anew works: what is refused below is refused for what the token says.
    let control = anew(&stack, &tokens, |_| {})?;
    for path in PATHS {
        stack
            .api_with(Some(&control))
            .get(path)
            .await?
            .expect(200)?;
    }
    let mut bad = forged(&stack, &tokens)?;
    bad.push(("no token", None));
    bad.push(("one of another pool", Some(of_another_pool(&stack).await?)));
    for (what, token) in &bad {
        let api = stack.api_with(token.as_deref());
        for path in PATHS {
            let answer = api.get(path).await?;
            ensure!(
                answer.status == 401,
                "{what} on {path}: {} {}",
                answer.status,
                answer.text
            );
            answer.check_problem()?;
        }
        let start = api.post("/executions", &json!({ "kind": "DRILL" })).await?;
        ensure!(
            start.status == 401,
            "{what} starts: {} {}",
            start.status,
            start.text
        );
    }
    Ok(())
}

/// Tokens that are wrong, each with what is wrong with it.
fn forged(stack: &Stack, tokens: &Tokens) -> Result<Vec<(&'static str, Option<String>)>> {
    let good = &tokens.id;
    let other_claims = |claims: &mut Value| {
        claims["cognito:groups"] = json!(["administrator"]);
        claims["email"] = json!("somebody@example.com");
    };
    let mut bad = vec![
        ("an empty one", Some(String::new())),
        ("nonsense", Some("nonsense".to_owned())),
        ("an access token", Some(tokens.access.clone())),
        ("a tampered one", Some(tampered(good, other_claims)?)),
        (
            "one without its signature",
            good.rsplit_once('.').map(|(head, _)| format!("{head}.")),
        ),
    ];
    for (what, claim, value) in [
        ("an expired one", "exp", json!(1_600_000_000)),
        ("one for another client", "aud", json!("another")),
        (
            "one of another issuer",
            "iss",
            json!("https://example.com/pool"),
        ),
        ("one of another use", "token_use", json!("access")),
    ] {
        let token = anew(stack, tokens, |claims| {
            claims[claim] = value;
        })?;
        bad.push((what, Some(token)));
    }
    Ok(bad)
}

fn anew(stack: &Stack, tokens: &Tokens, change: impl FnOnce(&mut Value)) -> Result<String> {
    let pool = &stack.places.user_pool_id;
    signed_anew(&tokens.id, pool, &stack.state_folder, change)
}

async fn of_another_pool(stack: &Stack) -> Result<String> {
    let cognito = stack.cognito();
    let (pool, client) = cognito.make_pool(&unique("pool").replace(' ', "-")).await?;
    let name = "administrator@example.com";
    cognito.make_user(&pool, name, &["administrator"]).await?;
    Ok(cognito.sign_in(&client, name, PASSWORD).await?.id)
}
