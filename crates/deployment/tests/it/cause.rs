//! The first cause of a failed operation.

use deployment::failure::{NESTED_STACK, StackEvent, first_cause};

fn event(
    at: i64,
    stack: &str,
    resource: &str,
    kind: &str,
    status: &str,
    reason: &str,
) -> StackEvent {
    StackEvent {
        id: format!("{at}-{resource}"),
        at,
        stack: stack.to_owned(),
        resource: resource.to_owned(),
        physical_id: String::new(),
        resource_type: kind.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
    }
}

#[test]
fn the_cause_is_named_in_the_nested_stack_where_it_happened() {
    let events = [
        event(
            5,
            "master",
            "master",
            NESTED_STACK,
            "CREATE_FAILED",
            "The following resource(s) failed to create: [FrontendStack]",
        ),
        event(
            4,
            "master",
            "FrontendStack",
            NESTED_STACK,
            "CREATE_FAILED",
            "Embedded stack arn was not successfully created",
        ),
        event(
            3,
            "master-Frontend",
            "Bucket",
            "AWS::S3::Bucket",
            "CREATE_FAILED",
            "Resource creation cancelled",
        ),
        event(
            2,
            "master-Frontend",
            "Console",
            "Custom::Console",
            "CREATE_FAILED",
            "The archive is damaged",
        ),
        event(
            1,
            "master-Frontend",
            "Console",
            "Custom::Console",
            "CREATE_IN_PROGRESS",
            "",
        ),
    ];
    assert_eq!(
        first_cause(&events),
        "Console (Custom::Console) in master-Frontend is CREATE_FAILED: The archive is damaged"
    );
}

#[test]
fn the_earliest_of_several_causes_is_the_first() {
    let events = [
        event(9, "a", "Late", "AWS::IAM::Role", "UPDATE_FAILED", "late"),
        event(8, "b", "Early", "AWS::IAM::Role", "UPDATE_FAILED", "early"),
    ];
    assert_eq!(
        first_cause(&events),
        "Early (AWS::IAM::Role) in b is UPDATE_FAILED: early"
    );
}

#[test]
fn where_nothing_but_the_stack_says_why_the_stack_is_quoted() {
    let text = "Embedded stack arn was not successfully created";
    let events = [event(
        1,
        "master",
        "ApiStack",
        NESTED_STACK,
        "CREATE_FAILED",
        text,
    )];
    assert_eq!(
        first_cause(&events),
        format!("ApiStack ({NESTED_STACK}) in master is CREATE_FAILED: {text}")
    );
    assert_eq!(first_cause(&[]), "no event of any of its stacks says why");
}

#[test]
fn a_nested_stack_that_only_repeats_what_happened_inside_is_not_the_cause() {
    let inside = event(
        5,
        "master-FrontendStack-1",
        "Console",
        "Custom::Console",
        "UPDATE_FAILED",
        "the archive has no index.html.",
    );
    // Its id may be missing where the update of it failed.
    let outside = event(
        5,
        "master",
        "FrontendStack",
        NESTED_STACK,
        "UPDATE_FAILED",
        "the archive has no index.html.",
    );
    assert_eq!(
        first_cause(&[outside, inside]),
        "Console (Custom::Console) in master-FrontendStack-1 is UPDATE_FAILED: the archive has no index.html."
    );
}
