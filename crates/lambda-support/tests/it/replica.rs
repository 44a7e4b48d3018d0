//! A replica is said whole, or not at all.

use lambda_support::{Environment, replica};

fn read(variables: &[(&str, &str)]) -> Result<Option<(String, String)>, String> {
    let variables = variables.iter();
    let mut environment =
        Environment::of(variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let place = replica::read(&mut environment);
    let place = place.map(|place| (place.bucket, place.region.to_string()));
    environment
        .settle(|| Some(place))
        .map_err(|error| error.to_string())
}

#[test]
fn both_variables_are_a_replica_and_none_is_none() {
    let both = [("REPLICA_BUCKET", "there"), ("REPLICA_REGION", "eu-west-1")];
    let place = ("there".to_owned(), "eu-west-1".to_owned());
    assert_eq!(read(&both), Ok(Some(place)));
    assert_eq!(read(&[]), Ok(None));
    assert_eq!(read(&[("REPLICA_BUCKET", " ")]), Ok(None));
}

#[test]
fn one_of_both_and_a_region_that_is_none_keep_the_function_from_starting() {
    let refused = read(&[("REPLICA_BUCKET", "there")]).unwrap_err();
    assert!(refused.contains("REPLICA_REGION is not set"), "{refused}");
    let refused = read(&[("REPLICA_REGION", "eu-west-1")]).unwrap_err();
    assert!(refused.contains("REPLICA_BUCKET is not set"), "{refused}");
    let wrong = [("REPLICA_BUCKET", "there"), ("REPLICA_REGION", "nowhere")];
    assert!(
        read(&wrong)
            .unwrap_err()
            .contains("REPLICA_REGION is wrong")
    );
}
