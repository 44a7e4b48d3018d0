//! Where a deployment can stand, known before anything is asked of AWS.

use deployment::region::{check, check_home, check_replica};

use crate::releases::settings;

fn refusal(outcome: Result<(), deployment::error::Failure>) -> String {
    outcome.unwrap_err().to_string()
}

#[test]
fn a_misspelt_region_is_refused_and_nobody_can_vouch_for_it() {
    let vouched_for = ["us-wst-2".to_owned()];
    for names in [&[][..], &vouched_for] {
        assert_eq!(
            refusal(check("us-wst-2", names)),
            "`us-wst-2` is not a Region: did you mean us-west-2?"
        );
    }
}

#[test]
fn a_region_that_is_not_known_is_taken_once_somebody_vouches_for_it() {
    insta::assert_snapshot!(refusal(check("us-west-3", &[])), @"us-west-3 is not a Region that is known here: near it are us-west-1, us-west-2; whoever has seen that AWS offers there what this product is built on says --new-region us-west-3");
    assert!(check("us-west-3", &["us-west-3".to_owned()]).is_ok());
    assert!(check("us-west-3", &["us-west-4".to_owned()]).is_err());
}

#[test]
fn a_region_whose_services_are_not_published_is_taken_once_somebody_vouches_for_it() {
    insta::assert_snapshot!(refusal(check("me-west-1", &[])), @"what me-west-1 offers is not known here; whoever has seen that AWS offers there what this product is built on says --new-region me-west-1");
    assert!(check("me-west-1", &["me-west-1".to_owned()]).is_ok());
}

#[test]
fn a_region_without_what_the_stacks_are_made_of_is_refused_with_all_that_is_missing() {
    insta::assert_snapshot!(refusal(check_home("us-gov-west-1")), @"nothing is deployed into us-gov-west-1, because AWS GovCloud (US) has no CloudFront");
    insta::assert_snapshot!(refusal(check_home("cn-north-1")), @"nothing is deployed into cn-north-1, because CloudFront in China is a service apart, which answers only under a domain with an ICP recordal, and Amazon Cognito has no user pools in China");
    // A new Region has what its partition has: nobody can vouch for more.
    assert!(check("us-gov-central-1", &["us-gov-central-1".to_owned()]).is_ok());
    assert!(check_home("us-gov-central-1").is_err());
    for region in ["us-east-1", "eu-central-2", "ap-southeast-7", "us-west-3"] {
        assert!(check_home(region).is_ok(), "{region}");
    }
}

#[test]
fn a_replica_in_another_partition_is_refused() {
    insta::assert_snapshot!(refusal(check_replica("us-west-2", "us-gov-west-1")), @"a replica of us-west-2 cannot lie in us-gov-west-1: no account reaches from AWS into AWS GovCloud (US)");
    assert!(check_replica("us-west-2", "eu-west-1").is_ok());
}

#[test]
fn an_address_of_a_template_is_one_of_its_own_partition() {
    let mut settings = settings();
    for (region, host) in [
        ("us-west-2", "s3.us-west-2.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
    ] {
        region.clone_into(&mut settings.region);
        assert_eq!(
            settings.address("cfn/x.yaml"),
            format!("https://{host}/deployment-bucket/cfn/x.yaml")
        );
    }
}
