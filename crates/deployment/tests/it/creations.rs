//! The creation of a stack of this repository's templates, over CloudFormation as it behaves: around
//! tables that are there, protected from deletion afterwards, and after one that failed.

use std::collections::BTreeSet;

use deployment::plan::TablesLeft;
use deployment::template::creation::{CreationTemplates, Protection, literal_names};
use tempfile::TempDir;

use crate::releases::{Deployment, deploy_to, of_templates, settings_of};
use crate::world::{Broken, World};

const CODE: &str = "LambdaStack/OrchestrationFunction";

fn tables(environment: &str) -> BTreeSet<String> {
    let names = ["protection-groups", "recovery-plans", "execution-history"];
    names
        .map(|name| format!("drs-orchestration-{environment}-{name}"))
        .into()
}

fn break_code(world: &World) {
    world.state().broken = Some(Broken {
        place: CODE.to_owned(),
        reason: "The role defined for the function cannot be assumed by Lambda.".to_owned(),
    });
}

fn status(world: &World) -> String {
    world.state().stack.as_ref().unwrap().status.clone()
}

/// The templates that lie in the bucket.
fn stored(world: &World) -> BTreeSet<String> {
    let state = world.state();
    let keys = state.objects.as_ref().unwrap().keys();
    keys.filter(|key| key.starts_with("cfn/"))
        .cloned()
        .collect()
}

#[tokio::test]
async fn production_is_protected_from_deletion_by_the_step_after_its_creation() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("prod");
    let refuse = TablesLeft::Refuse;
    let (done, result) = deploy_to(&world, &release, &settings, refuse, "1").await;
    result.unwrap();
    let plan = &done.plans[0];
    let steps = "  create stack\n  update stack to the release's own templates, with what protects \
                 from deletion\n";
    assert!(plan.ends_with(steps), "{plan}");
    assert_eq!(world.state().tables, tables("prod"));
    assert_eq!(world.state().protected, tables("prod"));
    let own = release.templates.iter().chain([&release.definition]);
    assert_eq!(stored(&world), own.map(|one| one.key.clone()).collect());
    world.state().writes.clear();
    let (again, result) = deploy_to(&world, &release, &settings, refuse, "2").await;
    result.unwrap();
    assert_eq!(
        again.plans,
        ["stack drs-orchestration-prod: nothing to do\n"]
    );
    assert_eq!(world.state().writes, Vec::<String>::new());
}

#[tokio::test]
async fn a_first_creation_of_production_that_fails_is_rolled_back_whole_and_made_again() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("prod");
    break_code(&world);
    let refuse = TablesLeft::Refuse;
    let (_, result) = deploy_to(&world, &release, &settings, refuse, "1").await;
    insta::assert_snapshot!(result.unwrap_err());
    assert_eq!(status(&world), "ROLLBACK_COMPLETE");
    assert!(world.state().tables.is_empty());
    let (again, result) = deploy_to(&world, &release, &settings, refuse, "2").await;
    result.unwrap();
    assert_eq!(
        again.plans.len(),
        2,
        "the plan is made anew after a deletion"
    );
    assert_eq!(world.state().protected, tables("prod"));
}

#[tokio::test]
async fn a_creation_that_was_interrupted_before_its_second_step_is_finished_by_the_next_deployment()
{
    let folder = TempDir::new().unwrap();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("prod");
    for count in 0..40 {
        let world = World::default();
        world.state().dies_after = Some(count);
        let refuse = TablesLeft::Refuse;
        let (_, result) = deploy_to(&world, &release, &settings, refuse, "1").await;
        world.state().dies_after = None;
        let (_, again) = deploy_to(&world, &release, &settings, refuse, "2").await;
        again.unwrap();
        assert_eq!(
            world.state().protected,
            tables("prod"),
            "after {count} writes"
        );
        if result.is_ok() {
            return;
        }
    }
    panic!("a creation takes less than 40 writes");
}

#[tokio::test]
async fn tables_that_are_there_are_taken_over_by_their_names() {
    let folder = TempDir::new().unwrap();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    for environment in ["test", "prod"] {
        let world = World::default();
        let settings = settings_of(environment);
        // One of them is missing, and is made.
        let mut there = tables(environment);
        there.pop_last();
        world.state().tables = there.clone();
        world.state().protected = there;
        let refuse = TablesLeft::Refuse;
        let (_, refused) = deploy_to(&world, &release, &settings, refuse, "1").await;
        assert!(refused.unwrap_err().to_string().contains("--adopt-tables"));
        let adopt = TablesLeft::Adopt;
        let (done, result) = deploy_to(&world, &release, &settings, adopt, "2").await;
        result.unwrap();
        assert!(done.plans[0].contains("create stack around the tables"));
        assert_eq!(world.state().tables, tables(environment));
        let stack = world.state().stack.clone().unwrap();
        let own = &release.templates[1].key;
        assert_eq!(&stack.parameters["DatabaseTemplateKey"], own);
    }
}

#[tokio::test]
async fn a_failed_creation_around_tables_leaves_them_and_their_protection() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("prod");
    let there = tables("prod");
    world.state().tables = there.clone();
    world.state().protected = there.clone();
    break_code(&world);
    let adopt = TablesLeft::Adopt;
    let (_, result) = deploy_to(&world, &release, &settings, adopt, "1").await;
    result.unwrap_err();
    assert_eq!(status(&world), "ROLLBACK_COMPLETE");
    assert_eq!(world.state().tables, there);
    assert_eq!(world.state().protected, there);
}

#[tokio::test]
async fn tables_are_looked_for_wherever_a_stack_is_to_be_created() {
    let folder = TempDir::new().unwrap();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("test");
    for standing in [
        "REVIEW_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "CREATE_FAILED",
        "DELETE_FAILED",
    ] {
        let world = World::default();
        let stack = deployment::cloud::StackState {
            status: standing.to_owned(),
            ..Default::default()
        };
        world.state().stack = Some(stack);
        world.state().tables = tables("test");
        let refuse = TablesLeft::Refuse;
        let (_, refused) = deploy_to(&world, &release, &settings, refuse, "1").await;
        let refusal = refused.unwrap_err().to_string();
        assert!(
            refusal.contains("an earlier stack left"),
            "{standing}: {refusal}"
        );
        assert_eq!(world.state().writes, Vec::<String>::new(), "{standing}");
        let adopt = TablesLeft::Adopt;
        let (done, result) = deploy_to(&world, &release, &settings, adopt, "2").await;
        result.unwrap();
        assert_eq!(status(&world), "UPDATE_COMPLETE", "{done:?}");
        assert_eq!(world.state().tables, tables("test"));
    }
}

#[tokio::test]
async fn what_a_deletion_leaves_is_seen_before_the_stack_is_created_again() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = of_templates(folder.path(), "c0ffee", &[]);
    let settings = settings_of("test");
    let refuse = TablesLeft::Refuse;
    let (_, result) = deploy_to(&world, &release, &settings, refuse, "1").await;
    result.unwrap();
    world.state().set("DELETE_FAILED");
    // Its tables are held by the stack still, and nobody else sees them.
    let hidden = std::mem::take(&mut world.state().tables);
    world.state().left_by_deletion = hidden.clone();
    let (Deployment { plans, .. }, result) =
        deploy_to(&world, &release, &settings, refuse, "2").await;
    assert!(plans[0].contains("delete stack, which is DELETE_FAILED, then plan anew"));
    let refusal = result.unwrap_err().to_string();
    assert!(refusal.contains("an earlier stack left"), "{refusal}");
    assert_eq!(world.state().tables, hidden);
    let (_, result) = deploy_to(&world, &release, &settings, TablesLeft::Adopt, "3").await;
    result.unwrap();
}

#[test]
fn a_creation_differs_from_the_templates_of_this_repository_in_names_and_protection_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cfn");
    let settings = settings_of("prod");
    let adopted: Vec<String> = tables("prod").into_iter().take(1).collect();
    let templates = CreationTemplates {
        adopted: &adopted,
        protection: Protection::Later,
    };
    let mut differences = Vec::new();
    for name in ["database-stack.yaml", "api-stack.yaml"] {
        let own = std::fs::read_to_string(folder.join(name)).unwrap();
        let text = templates.text(&own, &settings);
        assert_eq!(text.lines().count(), own.lines().count());
        let lines = own.lines().zip(text.lines());
        differences.extend(
            lines
                .filter(|(before, after)| before != after)
                .map(|(before, after)| format!("{}\n    -> {}", before.trim(), after.trim())),
        );
        let kept = text.matches("[IsProduction, true, false]").count();
        let adopted_here = literal_names(&text).len();
        assert_eq!(
            kept, adopted_here,
            "{name}: only what is adopted stays protected"
        );
    }
    insta::assert_snapshot!(differences.join("\n"));
}
