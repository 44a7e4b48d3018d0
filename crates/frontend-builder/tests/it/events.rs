//! What is read of an event.

use frontend_builder::event::{Addressee, Work};

use crate::fakes::{RESPONSE_URL, event};

#[test]
fn the_signed_address_never_shows_in_debug_output() {
    let addressee = Addressee::from_event(&event("Create", "k")).unwrap();
    assert!(!format!("{addressee:?}").contains("s3cr3t"));
    assert_eq!(addressee.response_url.reveal(), RESPONSE_URL);
}

#[test]
fn create_update_and_delete_all_speak_of_the_same_physical_id() {
    for request_type in ["Create", "Update", "Delete"] {
        let addressee = Addressee::from_event(&event(request_type, "k")).unwrap();
        assert_eq!(addressee.physical_resource_id, "console", "{request_type}");
    }
}

#[test]
fn the_physical_id_that_cloudformation_made_up_for_a_lost_creation_is_repeated() {
    let mut event = event("Delete", "k");
    event["PhysicalResourceId"] = "made-up".into();
    let addressee = Addressee::from_event(&event).unwrap();
    assert_eq!(addressee.physical_resource_id, "made-up");
}

#[test]
fn properties_that_cannot_be_used_are_named() {
    for (property, value) in [
        ("Bucket", "".into()),
        ("ArchiveKey", serde_json::Value::Null),
        ("Configuration", serde_json::json!({})),
        ("Configuration", "text".into()),
    ] {
        let mut event = event("Create", "k");
        event["ResourceProperties"][property] = value;
        let refusal = Work::from_event(&event).unwrap_err().to_string();
        assert!(
            refusal.contains(property) || refusal.contains("invalid type"),
            "{refusal}"
        );
    }
}

#[test]
fn an_unknown_request_type_is_refused() {
    let refusal = Work::from_event(&event("Import", "k")).unwrap_err();
    assert_eq!(refusal.to_string(), "The request type Import is unknown.");
}
