//! Working tree, bucket, stacks and running code side by side, and the replica beside them.

use deployment::archive::{Entry, EntryKind, pack};
use deployment::cloud::{Nested, ObjectStore};
use deployment::manifest::MANIFEST;
use deployment::observation::observe;
use deployment::release::{CONSOLE, Release, artifact, console_files};
use deployment::replica::Elsewhere;
use deployment::running_code::Served;
use deployment::verify::{Comparison, Row, compare, replica};
use tempfile::TempDir;

use crate::releases::{manifest, settings, settled, whole};
use crate::world::World;

const AHEAD: &str = "console ahead of stack: the next full deploy catches up";

/// A release whose console has a page that says this.
fn painted(folder: &TempDir, text: &str) -> Release {
    let below = folder.path().join(text);
    std::fs::create_dir(&below).unwrap();
    let mut release = whole(&below, text, &[]);
    let page = Entry {
        name: "index.html".to_owned(),
        bytes: text.as_bytes().to_vec(),
        kind: EntryKind::Content,
    };
    let bytes = pack(vec![page]).unwrap();
    let archive = below.join("console.zip");
    std::fs::write(&archive, &bytes).unwrap();
    release.console = artifact(CONSOLE, &archive).unwrap();
    release.console_files = console_files(&bytes).unwrap();
    release
}

/// The world with this release, all of it agreeing.
async fn deployed(release: &Release, page: &str) -> World {
    let world = World::default();
    settled(&world, release, "1").await;
    serve(&world, page);
    let mut state = world.state();
    for template in &release.templates[1..] {
        let stem = template.name.strip_suffix("-stack.yaml").unwrap();
        let id = format!("arn:{stem}");
        state.nested.push(Nested {
            resource: format!("{}Stack", deployment::settings::in_capitals(stem)),
            id: id.clone(),
            status: "UPDATE_COMPLETE".to_owned(),
        });
        let text = state.objects.as_ref().unwrap()[&template.key].clone();
        let text = String::from_utf8(text).unwrap();
        state.nested_templates.insert(id, text);
    }
    drop(state);
    world
}

/// The console's bucket and what a browser gets are one here.
fn serve(world: &World, page: &str) {
    let configuration = r#"{"apiUrl":"/api","region":"eu-west-1","userPoolId":"somewhere",
        "userPoolClientId":"somewhere","environment":"test","projectName":"drs-orchestration",
        "signIn":"SRP"}"#;
    let files = [("index.html", page), ("config.json", configuration)];
    world.state().served = files
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into();
}

async fn rows(world: &World) -> Vec<Row> {
    let comparison = Comparison {
        tree: None,
        manifest: &manifest(world),
        settings: &settings(),
        cloud: world,
    };
    compare(&comparison).await.unwrap()
}

/// The rows that differ, and how.
async fn drifts(world: &World) -> Vec<String> {
    let rows = rows(world).await.into_iter();
    rows.filter_map(|row| Some(format!("{}: {}", row.name, row.drift?)))
        .collect()
}

/// Puts this into the bucket past everybody, or takes what is there out of it.
fn damage(world: &World, key: &str, bytes: Option<Vec<u8>>) {
    let mut state = world.state();
    let objects = state.objects.as_mut().unwrap();
    match bytes {
        Some(bytes) => drop(objects.insert(key.to_owned(), bytes)),
        None => drop(objects.remove(key)),
    }
}

#[tokio::test]
async fn what_the_bucket_lacks_or_has_with_another_size_or_content_is_named() {
    let folder = TempDir::new().unwrap();
    let release = painted(&folder, "one");
    let world = deployed(&release, "one").await;
    assert_eq!(drifts(&world).await, Vec::<String>::new());
    let missing = "missing in the bucket, or with another content there";
    let lost = "the bucket lacks 1 file that its manifest names, or has other contents";
    let tool = release.tool.as_ref().unwrap();
    let named = [
        (&release.templates[2], "lambda-stack.yaml", missing),
        (&release.definition, "state-machine.asl.json", missing),
        (&release.functions[1], "orchestration", missing),
        (&release.console, "console", missing),
        (tool, "drs-deploy", missing),
        (&release.sources[0], "sources (1 file)", lost),
        (&release.console_files[0], "console files (1 file)", lost),
    ];
    for (object, name, sentence) in named {
        let before = world.state().objects.as_ref().unwrap()[&object.key].clone();
        let same_size = vec![b'x'; before.len()];
        for damaged in [None, Some(b"x".to_vec()), Some(same_size)] {
            damage(&world, &object.key, damaged.clone());
            let told = drifts(&world).await;
            let expected = format!("{name}: {sentence}");
            assert!(told.contains(&expected), "{damaged:?}: {told:?}");
        }
        damage(&world, &object.key, Some(before));
        assert_eq!(drifts(&world).await, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn where_no_tag_was_ever_seen_the_size_alone_tells_contents_apart() {
    let folder = TempDir::new().unwrap();
    let release = painted(&folder, "one");
    let world = deployed(&release, "one").await;
    let mut untagged = manifest(&world);
    for entry in untagged.objects.values_mut() {
        entry.tag = None;
    }
    damage(&world, MANIFEST, Some(untagged.to_bytes()));
    assert_eq!(drifts(&world).await, Vec::<String>::new());
    damage(&world, &release.functions[1].key, Some(b"x".to_vec()));
    let missing = "orchestration: missing in the bucket, or with another content there";
    assert_eq!(drifts(&world).await, [missing]);
}

#[tokio::test]
async fn a_console_is_ahead_of_its_stack_only_where_it_is_what_is_served() {
    let folder = TempDir::new().unwrap();
    let before = painted(&folder, "one");
    let world = deployed(&before, "one").await;
    let standing = world.state().stack.clone();
    let after = painted(&folder, "two");
    settled(&world, &after, "2").await;
    // The update is rolled back: stack and console are the old ones again.
    world.state().stack = standing;
    let told = drifts(&world).await;
    assert!(
        told.contains(&"console: stack differs from bucket".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"console page: what is served differs from the bucket".to_owned()),
        "{told:?}"
    );
    // Somebody publishes the console alone.
    serve(&world, "two");
    let told = drifts(&world).await;
    assert!(told.contains(&format!("console: {AHEAD}")), "{told:?}");
    // What is served is of no use where its archive is gone.
    damage(&world, &after.console.key, None);
    let told = drifts(&world).await;
    assert!(!told.contains(&format!("console: {AHEAD}")), "{told:?}");
}

#[tokio::test]
async fn a_console_that_is_not_told_that_everybody_needs_a_second_factor_differs() {
    let folder = TempDir::new().unwrap();
    let release = painted(&folder, "one");
    let world = deployed(&release, "one").await;
    let require = ("MfaConfiguration".to_owned(), "ON".to_owned());
    let mut stack = world.state().stack.clone().unwrap();
    stack.parameters.extend([require]);
    world.state().stack = Some(stack);
    let told = "console configuration: what is served differs from the bucket";
    assert_eq!(drifts(&world).await, [told]);
}

#[tokio::test]
async fn whoever_plans_reads_the_stack_once_and_knows_what_is_served() {
    let folder = TempDir::new().unwrap();
    let release = painted(&folder, "one");
    let world = deployed(&release, "one").await;
    for (page, served) in [("one", Served::AsReleased), ("two", Served::Otherwise)] {
        serve(&world, page);
        world.state().stack_reads = 0;
        let observation = observe(&world, &settings(), &release).await.unwrap();
        assert_eq!(observation.runs.console, served);
        assert_eq!(world.state().stack_reads, 1);
    }
}

#[tokio::test]
async fn a_replica_is_compared_and_one_without_its_manifest_differs() {
    let folder = TempDir::new().unwrap();
    let release = painted(&folder, "one");
    let home = deployed(&release, "one").await;
    let there = World::default();
    let verdict = async || {
        let comparison = Comparison {
            tree: None,
            manifest: &manifest(&home),
            settings: &settings(),
            cloud: &home,
        };
        let elsewhere = Elsewhere {
            cloud: &there,
            bucket: "there",
        };
        let row = replica(&comparison, elsewhere).await;
        assert_eq!(row.name, "replica there");
        row.drift
    };
    assert_eq!(verdict().await.unwrap(), "there is no such bucket");
    there.create_bucket("there").await.unwrap();
    let all = home.state().objects.clone();
    there.state().objects.clone_from(&all);
    assert_eq!(verdict().await, None);
    damage(&there, MANIFEST, None);
    let lacks = verdict().await.unwrap();
    assert_eq!(lacks, "it lacks the manifest, or has another one");
    damage(&there, MANIFEST, Some(b"{".to_vec()));
    assert_eq!(verdict().await.unwrap(), lacks);
    there.state().objects.clone_from(&all);
    damage(&there, &release.functions[0].key, None);
    assert_eq!(verdict().await.unwrap(), "it lacks 1 object");
    there.state().unreadable = true;
    let failure = verdict().await.unwrap();
    assert_eq!(
        failure,
        "it cannot be compared: anything failed: the network is gone"
    );
}
