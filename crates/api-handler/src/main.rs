//! The Lambda function behind the REST API: wiring only.

fn main() {}
