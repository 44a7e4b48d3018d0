//! Create and Update.

use crate::fakes::{BUCKET, World, event};

const FIRST: [(&str, &str); 4] = [
    ("assets/index-0a1b2c3d.js", "code"),
    ("assets/index-0a1b2c3d.css", "style"),
    ("favicon.svg", "<svg/>"),
    ("index.html", "<html>first</html>"),
];

async fn publish(world: &World, request_type: &str, files: &[(&str, &str)]) {
    let key = world.archive(files);
    world
        .resource()
        .perform(event(request_type, &key))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_bucket_holds_exactly_the_archive_and_the_configuration() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    let current = world.current();
    assert_eq!(
        current.keys().collect::<Vec<_>>(),
        [
            "assets/index-0a1b2c3d.css",
            "assets/index-0a1b2c3d.js",
            "config.json",
            "favicon.svg",
            "index.html"
        ]
    );
    let configuration: serde_json::Value =
        serde_json::from_slice(&current["config.json"].content).unwrap();
    assert_eq!(
        configuration,
        serde_json::json!({ "apiUrl": "/api", "region": "us-east-1" })
    );
}

#[tokio::test]
async fn files_come_before_the_configuration_and_the_page_comes_last() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    let journal = world.state().journal.clone();
    let place = |line: &str| journal.iter().position(|found| found == line).unwrap();
    for (path, _) in &FIRST[..3] {
        assert!(place(&format!("put {path}")) < place("put config.json"));
    }
    assert!(place("put config.json") < place("put index.html"));
}

#[tokio::test]
async fn stale_files_go_after_the_new_page_and_after_the_invalidation() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    world.state().journal.clear();
    let second = [
        ("assets/index-99999999.js", "new code"),
        ("index.html", "<html>second</html>"),
    ];
    publish(&world, "Update", &second).await;
    assert_eq!(
        world.state().journal[1..],
        [
            "list",
            "put assets/index-99999999.js",
            "put config.json",
            "put index.html",
            "invalidate E1 / /index.html /config.json request-1",
            "delete assets/index-0a1b2c3d.css assets/index-0a1b2c3d.js favicon.svg",
        ]
    );
    assert_eq!(
        world.current().keys().collect::<Vec<_>>(),
        ["assets/index-99999999.js", "config.json", "index.html"]
    );
}

#[tokio::test]
async fn publishing_the_same_console_again_leaves_the_same_bucket() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    let before = world.current();
    publish(&world, "Update", &FIRST).await;
    assert_eq!(world.current(), before);
    let deletions = |line: &String| line.starts_with("delete");
    assert!(!world.state().journal.iter().any(deletions));
}

#[tokio::test]
async fn content_types_have_their_charset_and_only_hashed_names_are_kept_for_ever() {
    let world = World::new();
    let files = [
        ("index.html", "page"),
        ("favicon.svg", "<svg/>"),
        ("assets/index-0a1b2c3d.js", "code"),
        ("assets/index-0a1b2c3d.css", "style"),
        ("assets/font-0a1b2c3d.woff2", "font"),
        ("assets/some-component.js", "no hash in the name"),
        ("assets/unknown.bin", "bytes"),
    ];
    publish(&world, "Create", &files).await;
    let current = world.current();
    let kept = "public, max-age=31536000, immutable";
    for (key, content_type, cache_control) in [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("config.json", "application/json", "no-cache"),
        ("favicon.svg", "image/svg+xml; charset=utf-8", "no-cache"),
        (
            "assets/index-0a1b2c3d.js",
            "text/javascript; charset=utf-8",
            kept,
        ),
        ("assets/index-0a1b2c3d.css", "text/css; charset=utf-8", kept),
        ("assets/font-0a1b2c3d.woff2", "font/woff2", kept),
        (
            "assets/some-component.js",
            "text/javascript; charset=utf-8",
            "no-cache",
        ),
        ("assets/unknown.bin", "application/octet-stream", "no-cache"),
    ] {
        assert_eq!(current[key].content_type, content_type, "{key}");
        assert_eq!(current[key].cache_control, cache_control, "{key}");
    }
}

#[tokio::test]
async fn an_archive_with_the_wrong_hash_leaves_the_bucket_as_it_was() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    let before = world.current();
    let key = world.archive(&[("index.html", "good")]);
    let other = world.archive(&[("index.html", "evil")]);
    let evil = world.state().archives[&other].clone();
    world.state().archives.insert(key.clone(), evil);
    let failure = world
        .resource()
        .perform(event("Update", &key))
        .await
        .unwrap_err();
    assert!(failure.to_string().contains("its name says"), "{failure}");
    assert_eq!(world.current(), before);
}

#[tokio::test]
async fn a_failed_write_of_a_file_leaves_the_old_page_and_its_files_in_place() {
    let world = World::new();
    publish(&world, "Create", &FIRST).await;
    let before = world.current();
    world.state().broken = Some("PutObject");
    let key = world.archive(&[("assets/a-11111111.js", ""), ("index.html", "second")]);
    let failure = world
        .resource()
        .perform(event("Update", &key))
        .await
        .unwrap_err();
    assert_eq!(
        failure.to_string(),
        format!("PutObject of {BUCKET} failed: AccessDenied: Access Denied.")
    );
    assert_eq!(world.current(), before);
}
