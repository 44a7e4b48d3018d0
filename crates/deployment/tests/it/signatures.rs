//! What is told of a request that AWS takes for nobody's.

use deployment::cloud::Cloud;

use crate::wire::{Service, refusal};

/// What AWS repeats where a signature is wrong: the headers that were signed.
const SIGNED: &str = "x-amz-security-token:TOKEN-OF-A-SESSION";

#[tokio::test]
async fn the_words_of_a_refused_signature_are_never_repeated() {
    let mut told = Vec::new();
    for code in [
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "InvalidSignature",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "InvalidToken",
        "AuthFailure",
    ] {
        let message = format!("The canonical string should have been {SIGNED}");
        let service = Service::that_answers(vec![refusal(code, &message)]);
        let failure = service.cloud().await.account().await.unwrap_err();
        let text = failure.to_string();
        let everything = format!("{text} {failure:?}");
        assert!(!everything.contains("TOKEN-OF-A-SESSION"), "{everything}");
        told.push(text);
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_clock_that_differs_is_told_as_such() {
    let message = "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z";
    for code in ["RequestTimeTooSkewed", "RequestExpired"] {
        // The client asks again where only the clocks differ.
        let service = Service::that_answers(vec![refusal(code, message); 3]);
        let failure = service.cloud().await.account().await.unwrap_err();
        assert_eq!(
            failure.to_string(),
            format!(
                "sts:GetCallerIdentity: the clocks of this machine and of AWS differ ({code}); set \
                 this machine's clock, and give the same command again"
            )
        );
    }
}
