//! A deployment from the first one on, until the environment is gone.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use deploy_end_to_end::ground::{BUCKET, Ground, run};
use serde_json::Value;

/// A deployment that changes nothing asks for each thing that stands there, 29 requests; there is
/// room for a few things more, and none for asking twice.
const REQUESTS_WITHOUT_CHANGES_MAX: usize = 35;

#[test]
fn an_environment_is_made_left_alone_changed_and_destroyed() {
    let ground = Ground::start(31_500).unwrap();
    let first = ground.succeed(&["deploy"]).unwrap();
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
    ground.succeed(&["verify"]).unwrap();
    nothing_changed(&ground);
    code_and_template_changed(&ground);
    let destroyed = ground.succeed(&["destroy", "--confirm", "dev"]).unwrap();
    assert!(
        destroyed
            .text
            .contains("the table shop-dev-protection-groups, ")
    );
    let stays = format!("the deployment bucket {BUCKET}");
    assert!(destroyed.text.contains(&stays), "{}", destroyed.text);
}

fn nothing_changed(ground: &Ground) {
    ground.proxy.writes();
    let again = ground.run(&["deploy", "--detailed-exitcode"]).unwrap();
    assert_eq!(again.code, Some(0), "{}", again.text);
    let requests = ground.proxy.count();
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
    assert!(
        requests <= REQUESTS_WITHOUT_CHANGES_MAX,
        "{requests} requests"
    );
    for command in ["sync", "deploy"] {
        let dry = ground
            .run(&[command, "--dry-run", "--json", "--detailed-exitcode"])
            .unwrap();
        assert_eq!(dry.code, Some(0), "{}", dry.text);
    }
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
}

fn code_and_template_changed(ground: &Ground) {
    ground.checkout.change_program("orchestration").unwrap();
    let file = "cfn/database-stack.yaml";
    ground
        .checkout
        .replace(file, "Table of recovery plans", "The recovery plans")
        .unwrap();
    ground.checkout.commit().unwrap();
    ground.proxy.writes();
    let dry = ground
        .run(&["deploy", "--dry-run", "--json", "--detailed-exitcode"])
        .unwrap();
    assert_eq!(dry.code, Some(2), "{}", dry.text);
    let line = dry.text.lines().find(|line| line.starts_with('{')).unwrap();
    let plan: Value = serde_json::from_str(line).unwrap();
    assert_eq!(plan["changes"], true);
    let steps = plan["plan"]["steps"].to_string();
    assert!(steps.contains("DatabaseTemplateKey") && steps.contains("OrchestrationArtifactKey"));
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
    let drifted = ground.run(&["verify"]).unwrap();
    assert_eq!(drifted.code, Some(2), "{}", drifted.text);
    ground.succeed(&["deploy"]).unwrap();
    ground.succeed(&["verify"]).unwrap();
}

#[test]
fn the_bucket_alone_is_enough_to_deploy_from() {
    let ground = Ground::start(31_510).unwrap();
    ground.succeed(&["sync"]).unwrap();
    let tool = tool_from_the_bucket(&ground);
    let away = ground.folder.path().join("moved-away");
    fs::rename(&ground.checkout.root, &away).unwrap();
    fs::rename(&ground.checkout.programs, away.join("programs")).unwrap();
    fs::rename(&ground.checkout.console, away.join("console")).unwrap();
    let empty = ground.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for arguments in [
        &["deploy", "--from-bucket"][..],
        &["verify", "--from-bucket"],
    ] {
        let mut command = ground.bare_tool(&tool, arguments);
        let ended = run(command.env_remove("PATH").current_dir(&empty)).unwrap();
        assert_eq!(ended.code, Some(0), "{}", ended.text);
    }
}

/// Takes the tool's archive out of the bucket and unpacks it, as docs/deploying.md says.
fn tool_from_the_bucket(ground: &Ground) -> PathBuf {
    let path = format!("/{BUCKET}/manifest.json");
    let manifest = ground.emulator().ask("GET", &path, &[], "").unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let objects = manifest["objects"].as_object().unwrap();
    let is_tool = |key: &&String| key.starts_with("artifacts/drs-deploy-");
    let key = objects.keys().find(is_tool).unwrap();
    let data = ground.folder.path().join("tool.zip");
    download(ground, key, &data);
    let mut archive = zip::ZipArchive::new(fs::File::open(&data).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_name("drs-deploy")
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let tool = ground.folder.path().join("drs-deploy");
    fs::write(&tool, bytes).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&tool, mode).unwrap();
    tool
}

fn download(ground: &Ground, key: &str, file: &Path) {
    let bytes = ground
        .emulator()
        .download(&format!("/{BUCKET}/{key}"))
        .unwrap();
    fs::write(file, bytes).unwrap();
}
