//! No token and no header reaches a log. This test runs last, so that it reads what all others
//! have caused.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use end_to_end::stack::{FUNCTIONS, function_name};
use end_to_end::{Role, Stack};
use serde_json::json;

#[tokio::test]
async fn no_log_of_the_whole_run_contains_a_token_or_an_authorization_header() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let token = api.token().context("no token")?.to_owned();
    // A success, a refusal, a fault, a stranger: each has its own way to the log.
    api.get("/executions").await?.expect(200)?;
    api.post("/executions", &json!({ "kind": token })).await?;
    api.get("/executions/none").await?;
    stack
        .api_with(Some(&format!("{token}x")))
        .get("/executions")
        .await?;

    let mut lines = stack.emulator().log_lines("/aws/").await?;
    ensure!(
        lines.iter().any(|line| line.contains("\"http.")),
        "among {} lines there is none of the API",
        lines.len()
    );
    for function in FUNCTIONS {
        let group = format!("/aws/lambda/{}", function_name(function));
        let own = stack.emulator().log_lines(&group).await?;
        ensure!(!own.is_empty(), "{function} has logged nothing");
    }
    for file in files(&stack.state_folder.join("logs"))? {
        let text = std::fs::read(&file).with_context(|| file.display().to_string())?;
        lines.extend(String::from_utf8_lossy(&text).lines().map(str::to_owned));
    }
    for line in &lines {
        ensure!(
            !has_secret(line),
            "a log says: {}",
            line.chars().take(300).collect::<String>()
        );
        ensure!(!line.contains(&token), "a log has a token of this test");
    }
    println!("{} lines without a token or a header", lines.len());
    Ok(())
}

/// The beginning of every JWT, and what headers look like.
fn has_secret(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    line.contains("eyJ")
        || [
            "authorization",
            "bearer ",
            "x-amz-security-token",
            "set-cookie",
            "aws4-hmac",
        ]
        .iter()
        .any(|header| lower.contains(header))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}
