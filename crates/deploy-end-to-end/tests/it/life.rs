//! A deployment from the first one on, until the environment is gone.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment, run};
use serde_json::Value;

/// A deployment that changes nothing asks for each thing that stands there, 29 requests; there is
/// room for a few things more, and none for asking twice.
const REQUESTS_WITHOUT_CHANGES_MAX: usize = 35;

#[test]
fn an_environment_is_made_left_alone_changed_and_destroyed() {
    let environment = TestEnvironment::start(31_500).unwrap();
    let first = environment.succeed(&["deploy"]).unwrap();
    for stack in [
        "DatabaseStack",
        "LambdaStack",
        "ApiStack",
        "FrontendStack",
        "SecurityStack",
    ] {
        assert!(
            first.text.contains(&format!("{stack:<24} CREATE_COMPLETE")),
            "{}",
            first.text
        );
    }
    environment.succeed(&["verify"]).unwrap();
    nothing_changed(&environment);
    code_and_template_changed(&environment);
    let destroyed = environment
        .succeed(&["destroy", "--confirm", "dev"])
        .unwrap();
    assert!(
        destroyed
            .text
            .contains("the table shop-dev-protection-groups, ")
    );
    let stays = format!("the deployment bucket {BUCKET}");
    assert!(destroyed.text.contains(&stays), "{}", destroyed.text);
}

fn nothing_changed(environment: &TestEnvironment) {
    environment.proxy.writes();
    let again = environment.run(&["deploy", "--detailed-exitcode"]).unwrap();
    assert_eq!(again.code, Some(0), "{}", again.text);
    let requests = environment.proxy.count();
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    assert!(
        requests <= REQUESTS_WITHOUT_CHANGES_MAX,
        "{requests} requests"
    );
    for command in ["sync", "deploy"] {
        let dry = environment
            .run(&[command, "--dry-run", "--json", "--detailed-exitcode"])
            .unwrap();
        assert_eq!(dry.code, Some(0), "{}", dry.text);
    }
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}

fn code_and_template_changed(environment: &TestEnvironment) {
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    let file = "cfn/database-stack.yaml";
    environment
        .checkout
        .replace(file, "Table of recovery plans", "The recovery plans")
        .unwrap();
    environment.checkout.commit().unwrap();
    environment.proxy.writes();
    let dry = environment
        .run(&["deploy", "--dry-run", "--json", "--detailed-exitcode"])
        .unwrap();
    assert_eq!(dry.code, Some(2), "{}", dry.text);
    let line = dry.text.lines().find(|line| line.starts_with('{')).unwrap();
    let plan: Value = serde_json::from_str(line).unwrap();
    assert_eq!(plan["changes"], true);
    let steps = plan["plan"]["steps"].to_string();
    assert!(steps.contains("DatabaseTemplateKey") && steps.contains("OrchestrationArtifactKey"));
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    let drifted = environment.run(&["verify"]).unwrap();
    assert_eq!(drifted.code, Some(2), "{}", drifted.text);
    environment.succeed(&["deploy"]).unwrap();
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn the_bucket_alone_is_enough_to_deploy_from() {
    let environment = TestEnvironment::start(31_510).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let tool = tool_from_the_bucket(&environment);
    let away = environment.folder.path().join("moved-away");
    fs::rename(&environment.checkout.root, &away).unwrap();
    fs::rename(&environment.checkout.programs, away.join("programs")).unwrap();
    fs::rename(&environment.checkout.console, away.join("console")).unwrap();
    let empty = environment.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for arguments in [
        &["deploy", "--from-bucket"][..],
        &["verify", "--from-bucket"],
    ] {
        let mut command = environment.bare_tool(&tool, arguments);
        let ended = run(command.env_remove("PATH").current_dir(&empty)).unwrap();
        assert_eq!(ended.code, Some(0), "{}", ended.text);
    }
}

/// Takes the tool's archive out of the bucket and unpacks it, as docs/deploying.md says.
fn tool_from_the_bucket(environment: &TestEnvironment) -> PathBuf {
    let path = format!("/{BUCKET}/manifest.json");
    let manifest = environment.emulator().ask("GET", &path, &[], "").unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let objects = manifest["objects"].as_object().unwrap();
    let is_tool = |key: &&String| key.starts_with("artifacts/drs-deploy-");
    let key = objects.keys().find(is_tool).unwrap();
    let data = environment.folder.path().join("tool.zip");
    download(environment, key, &data);
    let mut archive = zip::ZipArchive::new(fs::File::open(&data).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_name("drs-deploy")
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let tool = environment.folder.path().join("drs-deploy");
    fs::write(&tool, bytes).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&tool, mode).unwrap();
    tool
}

fn download(environment: &TestEnvironment, key: &str, file: &Path) {
    let bytes = environment
        .emulator()
        .download(&format!("/{BUCKET}/{key}"))
        .unwrap();
    fs::write(file, bytes).unwrap();
}
