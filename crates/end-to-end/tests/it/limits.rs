//! What the gateway refuses before the function sees it, and what the function refuses.

use anyhow::Result;
use end_to_end::{Role, Stack};
use serde_json::json;

#[tokio::test]
async fn a_body_that_nobody_takes_is_refused_with_a_problem() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    // More than the product reads, than a function takes, and than the gateway takes.
    for megabytes in [1, 7, 11] {
        let body = json!({ "name": "x".repeat(megabytes * 1_048_576) });
        let answer = api.post("/protection-groups", &body).await?;
        answer.problem(413, "CONTENT_TOO_LARGE")?;
    }
    Ok(())
}
