//! What the port makes of CloudFormation's answers about change sets.

use deployment::cloud::{
    ChangeSet, ChangeSetName, Creation, Detection, Operation, Stacks, Taken, Target, TemplateText,
};
use deployment::progress::Certainty;

use crate::wire::{Answer, Service, refusal};

const ONE: ChangeSetName<'_> = ChangeSetName::Of {
    stack: "shop",
    name: "deployment-1",
};
const ID: &str = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/deployment-1/1";

fn answer(operation: &str, inside: &str) -> Answer {
    let body = format!(
        "<{operation}Response><{operation}Result>{inside}</{operation}Result></{operation}Response>"
    );
    Answer(200, body)
}

fn described(inside: &str) -> Answer {
    answer("DescribeChangeSet", inside)
}

#[tokio::test]
async fn a_name_that_is_taken_is_told_and_a_request_bears_its_token() {
    let taken = refusal(
        "AlreadyExistsException",
        "ChangeSet [deployment-1] already exists",
    );
    let made = answer("CreateChangeSet", &format!("<Id>{ID}</Id>"));
    let service = Service::that_answers(vec![taken, made]);
    let cloud = service.cloud().await;
    let target = Target {
        stack: "shop".to_owned(),
        name: "deployment-1".to_owned(),
        template: TemplateText::AsItStands,
        parameters: [("A".to_owned(), "1".to_owned())].into(),
        kept: vec!["B".to_owned()],
    };
    for creation in [Creation::NameTaken, Creation::Begun] {
        let made = cloud.create_change_set(Operation::Update, &target).await;
        assert_eq!(made.unwrap(), creation);
    }
    let asked = &service.asked()[1];
    for part in [
        "ClientToken=deployment-1",
        "UsePreviousTemplate=true",
        "Parameters.member.2.UsePreviousValue=true",
        "IncludeNestedStacks=true",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    assert!(!asked.contains("TemplateURL"), "{asked}");
}

#[tokio::test]
async fn what_the_service_does_not_take_yet_is_no_failure() {
    let not_now = || {
        let message = "An operation on this ChangeSet is currently in progress.";
        refusal("InvalidChangeSetStatus", message)
    };
    let executing = described("<ExecutionStatus>EXECUTE_IN_PROGRESS</ExecutionStatus>");
    let waiting = described("<ExecutionStatus>AVAILABLE</ExecutionStatus>");
    let answers = vec![
        not_now(),
        refusal(
            "ChangeSetNotFound",
            "ChangeSet [deployment-1] does not exist",
        ),
        not_now(),
        waiting,
        not_now(),
        executing,
    ];
    let service = Service::that_answers(answers);
    let cloud = service.cloud().await;
    let delete = async || {
        cloud
            .delete_change_set("shop", "deployment-1")
            .await
            .unwrap()
    };
    assert!(matches!(delete().await, Taken::NotYet(why) if why.contains("in progress")));
    assert_eq!(delete().await, Taken::Begun);
    let execute = async || {
        cloud
            .execute_change_set("shop", "deployment-1")
            .await
            .unwrap()
    };
    assert!(matches!(execute().await, Taken::NotYet(_)));
    // Its answer was lost: what refuses the second request is the first one.
    assert_eq!(execute().await, Taken::Begun);
}

#[tokio::test]
async fn a_change_set_that_is_deleted_or_gone_is_neither_ready_nor_failed() {
    let answers = vec![
        described("<Status>DELETE_IN_PROGRESS</Status>"),
        refusal(
            "ChangeSetNotFound",
            "ChangeSet [deployment-1] does not exist",
        ),
        refusal("ValidationError", "Stack [shop] does not exist"),
    ];
    let cloud = Service::that_answers(answers).cloud().await;
    for wanted in [ChangeSet::Pending, ChangeSet::Gone, ChangeSet::Gone] {
        assert_eq!(cloud.change_set(ONE).await.unwrap(), wanted);
    }
}

#[tokio::test]
async fn failures_are_read_by_the_id_of_their_change_set() {
    let reason = "Nested change set arn:x was not successfully created: Currently in FAILED.";
    let failed = described(&format!(
        "<Status>FAILED</Status><StatusReason>{reason}</StatusReason>\
         <ChangeSetId>{ID}</ChangeSetId><StackName>shop</StackName>"
    ));
    let event = "<LogicalResourceId>Table</LogicalResourceId>\
                 <ResourceType>AWS::DynamoDB::Table</ResourceType>\
                 <EventType>VALIDATION_ERROR</EventType>\
                 <ValidationStatusReason>it already exists</ValidationStatusReason>\
                 <ValidationPath>/Resources/Table</ValidationPath>";
    let silent = "<EventType>STACK_EVENT</EventType>";
    let events = answer(
        "DescribeEvents",
        &format!(
            "<OperationEvents><member>{event}</member><member>{silent}</member></OperationEvents>"
        ),
    );
    let service = Service::that_answers(vec![failed, events]);
    let cloud = service.cloud().await;
    let ChangeSet::Failed(failed) = cloud.change_set(ONE).await.unwrap() else {
        panic!("it has failed");
    };
    assert_eq!((failed.id.as_str(), failed.stack.as_str()), (ID, "shop"));
    assert_eq!(failed.reason, reason);
    let events = cloud.failed_events(&failed.id).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].reason, "it already exists");
    assert_eq!(events[0].path, "/Resources/Table");
    let asked = &service.asked()[1];
    assert!(asked.contains("Filters.FailedEvents=true"), "{asked}");
    assert!(!asked.contains("StackName"), "{asked}");
}

/// One change of a nested stack with these causes: evaluation, source and entity.
fn change(name: &str, causes: &[(&str, &str, &str)], nested: &str) -> String {
    let causes = causes.iter().map(|(evaluation, source, entity)| {
        format!(
            "<member><Evaluation>{evaluation}</Evaluation><ChangeSource>{source}</ChangeSource>\
             <CausingEntity>{entity}</CausingEntity></member>"
        )
    });
    let causes: String = causes.collect();
    format!(
        "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action>\
         <LogicalResourceId>{name}</LogicalResourceId>\
         <ResourceType>AWS::CloudFormation::Stack</ResourceType>\
         <Details>{causes}</Details>{nested}</ResourceChange></member>"
    )
}

#[tokio::test]
async fn a_change_is_possible_only_where_outputs_are_all_that_causes_it() {
    let outputs = (
        "Dynamic",
        "ResourceAttribute",
        "LambdaStack.Outputs.FunctionArn",
    );
    let automatic = ("Dynamic", "Automatic", "");
    let parameter = ("Static", "ParameterReference", "OrchestrationArtifactKey");
    let arn = ("Dynamic", "ResourceAttribute", "Role.Arn");
    let nested = format!("<ChangeSetId>{ID}-nested</ChangeSetId>");
    let master = [
        change("LambdaStack", &[parameter, automatic], ""),
        change("ApiStack", &[outputs, automatic], &nested),
        change("DatabaseStack", &[automatic], ""),
        change("FrontendStack", &[outputs, parameter], ""),
        change("SecurityStack", &[arn], ""),
    ];
    let inside = change("Api", &[("Static", "ParameterReference", "Function")], "");
    let changes = |inside: &str| described(&format!("<Changes>{inside}</Changes>"));
    let answers = vec![
        described(&format!(
            "<Status>CREATE_COMPLETE</Status><ChangeSetId>{ID}</ChangeSetId>"
        )),
        changes(&master.concat()),
        changes(&inside),
    ];
    let cloud = Service::that_answers(answers).cloud().await;
    let ChangeSet::Ready(changes) = cloud.change_set(ONE).await.unwrap() else {
        panic!("it is ready");
    };
    let found: Vec<(&str, Certainty)> = changes
        .iter()
        .map(|change| (change.resource.as_str(), change.certainty))
        .collect();
    let wanted = [
        ("LambdaStack", Certainty::Certain),
        ("ApiStack", Certainty::Possible),
        ("ApiStack/Api", Certainty::Possible),
        ("DatabaseStack", Certainty::Possible),
        ("FrontendStack", Certainty::Certain),
        ("SecurityStack", Certainty::Certain),
    ];
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn what_was_carried_out_is_not_waiting() {
    let summary = |name: &str, status: &str| {
        format!(
            "<member><ChangeSetName>{name}</ChangeSetName>\
             <ExecutionStatus>{status}</ExecutionStatus></member>"
        )
    };
    let summaries = [
        summary("deployment-1", "EXECUTE_COMPLETE"),
        summary("deployment-2", "AVAILABLE"),
        summary("deployment-3", "UNAVAILABLE"),
        summary("deployment-4", "EXECUTE_IN_PROGRESS"),
    ];
    let listed = format!("<Summaries>{}</Summaries>", summaries.concat());
    let gone = refusal("ValidationError", "Stack [shop] does not exist");
    let service = Service::that_answers(vec![answer("ListChangeSets", &listed), gone]);
    let cloud = service.cloud().await;
    let waiting = cloud.change_sets("shop").await.unwrap();
    assert_eq!(waiting, ["deployment-2", "deployment-3"]);
    assert_eq!(
        cloud.change_sets("shop").await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_drift_detection_that_could_not_see_everything_is_incomplete() {
    let status = |status: &str, reason: &str| {
        answer(
            "DescribeStackDriftDetectionStatus",
            &format!(
                "<DetectionStatus>{status}</DetectionStatus>\
                 <DetectionStatusReason>{reason}</DetectionStatusReason>"
            ),
        )
    };
    let drift = |name: &str, token: &str| {
        answer(
            "DescribeStackResourceDrifts",
            &format!(
                "<StackResourceDrifts><member><LogicalResourceId>{name}</LogicalResourceId>\
                 <StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus></member>\
                 </StackResourceDrifts>{token}"
            ),
        )
    };
    let answers = vec![
        status("DETECTION_IN_PROGRESS", ""),
        status("DETECTION_FAILED", "no right to look at Api"),
        drift("One", "<NextToken>2</NextToken>"),
        drift("Two", ""),
    ];
    let cloud = Service::that_answers(answers).cloud().await;
    let look = async || cloud.drift_detection("shop", "1").await.unwrap();
    assert_eq!(look().await, Detection::Pending);
    let Detection::Incomplete { found, reason } = look().await else {
        panic!("it is incomplete");
    };
    assert_eq!(reason, "no right to look at Api");
    let names: Vec<&str> = found.iter().map(|drift| drift.resource.as_str()).collect();
    assert_eq!(names, ["One", "Two"]);
}
