//! Measures the release build of the five functions: how long from the start of the process to
//! its first poll, how large the program is, and how much memory the API takes at most.
//!
//! It runs beside a stack, whose tables and simulator the API uses:
//! `DRS_ORCHESTRATION_STACK=... cold-start FOLDER`, where the folder has the programs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use end_to_end::fleet::{REGION, unique};
use end_to_end::runtime_interface::Program;
use end_to_end::stack::{FUNCTIONS, function_name};
use end_to_end::statistics::quantile;
use end_to_end::{Fleet, Stack};
use serde_json::{Value, json};

const STARTS: usize = 30;
const REQUESTS: usize = 1_000;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
async fn main() -> Result<()> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .context("usage: cold-start FOLDER_OF_THE_RELEASE_PROGRAMS")?,
    );
    let stack = Stack::of_environment()?;
    println!("| Function | size MB | start median ms | start p95 ms | starts |");
    println!("|---|---|---|---|---|");
    for function in FUNCTIONS {
        let file = folder.join(function);
        let variables = variables(&stack, function).await?;
        let size = std::fs::metadata(&file)
            .with_context(|| file.display().to_string())?
            .len();
        let mut milliseconds = Vec::new();
        for _ in 0..STARTS {
            let program = Program::start(&file, &variables).await?;
            milliseconds.push(program.start.as_secs_f64() * 1_000.0);
            program.end().await?;
        }
        let of = |share| quantile(&milliseconds, share).context("nothing was measured");
        println!(
            "| {function} | {:.1} | {:.1} | {:.1} | {STARTS} |",
            megabytes(size),
            of(0.5)?,
            of(0.95)?
        );
    }
    let (answers, peak) = exercise(&stack, &folder).await?;
    println!();
    println!(
        "api-handler: {REQUESTS} mixed requests, answered {answers}; peak memory {peak:.1} MiB"
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// What the deployed function has, and what the service adds.
async fn variables(stack: &Stack, function: &str) -> Result<Vec<(String, String)>> {
    let name = function_name(function);
    let configuration = stack.emulator().function_configuration(&name).await?;
    let own = configuration["Environment"]["Variables"].as_object();
    let mut variables: Vec<(String, String)> = own
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let places = &stack.places;
    for (key, value) in [
        ("AWS_ENDPOINT_URL", places.aws_endpoint_url.as_str()),
        ("AWS_REGION", places.region.as_str()),
        ("AWS_ACCESS_KEY_ID", places.account_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("AWS_LAMBDA_FUNCTION_NAME", name.as_str()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "none"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "none"),
    ] {
        variables.push((key.to_owned(), value.to_owned()));
    }
    Ok(variables)
}

/// Sends the mixed requests; answers how many there were of each class, and the peak in MiB.
async fn exercise(stack: &Stack, folder: &Path) -> Result<(String, f64)> {
    let file = folder.join("api-handler");
    let mut program = Program::start(&file, &variables(stack, "api-handler").await?).await?;
    let events = Events::new(stack);
    let fleet = Fleet::take(stack, 3).await?;
    let group = Events::group(&fleet.servers);
    let made = program
        .invoke(events.post("/protection-groups", &group))
        .await?;
    let group_id = member(&made, "protectionGroupId")?;
    let plan = json!({ "name": unique("Measured"), "waves": [
        { "key": "db", "protectionGroupIds": [group_id] } ] });
    let made = program
        .invoke(events.post("/recovery-plans", &plan))
        .await?;
    let plan_id = member(&made, "recoveryPlanId")?;
    let mix = events.mix(&plan_id, &group_id);
    let mut classes = std::collections::BTreeMap::<u64, usize>::new();
    for event in mix.iter().cycle().take(REQUESTS) {
        let answer: Value = serde_json::from_slice(&program.invoke(event.clone()).await?)
            .context("an answer that is no JSON")?;
        let status = answer["statusCode"].as_u64().context("no status")?;
        ensure!(status < 500, "{answer}");
        *classes.entry(status).or_default() += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let peak = program.peak_memory_kib()? as f64 / 1_024.0;
    program.end().await?;
    let answers: Vec<String> = classes
        .iter()
        .map(|(status, count)| format!("{status} × {count}"))
        .collect();
    Ok((answers.join(", "), peak))
}

fn member(answer: &[u8], name: &str) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer).context("an answer that is no JSON")?;
    let body = answer["body"]
        .as_str()
        .context("an answer without a body")?;
    let body: Value = serde_json::from_str(body).context("a body that is no JSON")?;
    Ok(body[name]
        .as_str()
        .with_context(|| format!("no {name}: {body}"))?
        .to_owned())
}

/// Events as a REST API hands them to its function.
struct Events {
    pool: String,
    client: String,
    region: String,
}

impl Events {
    fn new(stack: &Stack) -> Self {
        Self {
            pool: stack.places.user_pool_id.clone(),
            client: stack.places.user_pool_client_id.clone(),
            region: stack.places.region.clone(),
        }
    }

    /// Reads, refusals, faults, what needs DRS, and what writes.
    fn mix(&self, plan: &str, group: &str) -> Vec<String> {
        let wrong = json!({ "name": "", "waves": [{ "key": "A B", "need": { "type": "COUNT" } }] });
        let unknown = Self::group(&["s-00000000000000bad".to_owned()]);
        let nobody = json!({ "recoveryPlanId": plan, "kind": "RECOVERY" });
        let long = json!({ "name": "n".repeat(100_000), "waves": [] });
        vec![
            self.get("/executions", None),
            self.get("/recovery-plans", None),
            self.get("/protection-groups", None),
            self.get(&format!("/recovery-plans/{plan}"), None),
            self.get(&format!("/protection-groups/{group}"), None),
            self.get("/health", None),
            self.get("/user/permissions", None),
            self.get("/drs/source-servers", Some(REGION)),
            self.get("/drs/quotas", Some(REGION)),
            self.get("/executions/00000000-0000-4000-8000-00000000ffff", None),
            self.post("/recovery-plans", &wrong),
            self.post("/recovery-plans", &long),
            self.post("/protection-groups", &unknown),
            self.post("/executions", &nobody),
            self.event("POST", "/executions", None, Some("{ \"kind\": ")),
        ]
    }

    fn group(servers: &[String]) -> Value {
        json!({ "name": unique("Measured"), "region": REGION, "sourceServerIds": servers })
    }

    fn get(&self, path: &str, region: Option<&str>) -> String {
        self.event("GET", path, region, None)
    }

    fn post(&self, path: &str, body: &Value) -> String {
        self.event("POST", path, None, Some(&body.to_string()))
    }

    fn event(&self, method: &str, path: &str, region: Option<&str>, body: Option<&str>) -> String {
        let issuer = format!(
            "https://cognito-idp.{}.amazonaws.com/{}",
            self.region, self.pool
        );
        json!({
            "resource": "/{proxy+}", "path": path, "httpMethod": method,
            "headers": { "content-type": "application/json" }, "multiValueHeaders": {},
            "queryStringParameters": region.map(|region| json!({ "region": region })),
            "multiValueQueryStringParameters": region.map(|region| json!({ "region": [region] })),
            "pathParameters": null,
            "stageVariables": { "userPoolId": self.pool, "userPoolClientId": self.client },
            "requestContext": {
                "stage": "api", "requestId": "measured", "httpMethod": method,
                "path": format!("/api{path}"), "identity": { "sourceIp": "127.0.0.1" },
                "authorizer": { "claims": {
                    "sub": "measured", "email": "administrator@example.com",
                    "cognito:username": "administrator", "token_use": "id",
                    "cognito:groups": "viewer,drill-operator,recovery-manager,administrator",
                    "iss": issuer, "aud": self.client, "exp": "4102444800",
                } },
            },
            "body": body, "isBase64Encoded": false,
        })
        .to_string()
    }
}
