//! Mistakes on the command line: told before anything is built.

use clap::Parser;
use xtask::options::Options;

fn mistake(words: &[&str]) -> String {
    let words = ["cargo xtask"].iter().chain(words);
    match Options::try_parse_from(words) {
        Ok(options) => panic!("accepted: {options:?}"),
        Err(error) => error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

#[test]
fn a_mistake_is_named() {
    let table: [(&[&str], &str); 11] = [
        (&["sing"], "error: unrecognized subcommand 'sing'"),
        (
            &["test", "--port-base", "many"],
            "error: invalid value 'many' for '--port-base <PORT_BASE>': invalid digit found in string",
        ),
        (
            &["bench", "speed"],
            "error: unrecognized subcommand 'speed'",
        ),
        (
            &["bench", "hand-overs", "--port-base", "many"],
            "error: invalid value 'many' for '--port-base <PORT_BASE>': invalid digit found in string",
        ),
        (
            &["local", "up", "--port-base", "80"],
            "error: invalid value '80' for '--port-base <N>': 80 is not in 1024..=65500",
        ),
        (
            &["local", "up", "--time-scale", "0"],
            "error: invalid value '0' for '--time-scale <N>': 0 is not in 1..=100000",
        ),
        (
            &["local", "up", "--scenario", "/nowhere.yaml"],
            "error: invalid value '/nowhere.yaml' for '--scenario <FILE>': No such file or directory (os error 2)",
        ),
        (
            &["local", "--scenario", "/tmp"],
            "error: invalid value '/tmp' for '--scenario <FILE>': that is no file",
        ),
        (
            &["local", "up", "--parameter", "LogLevel"],
            "error: invalid value 'LogLevel' for '--parameter <NAME=VALUE>': write it as NAME=VALUE",
        ),
        (
            &["local", "dance"],
            "error: unrecognized subcommand 'dance'",
        ),
        (
            &["local", "status", "--yaml"],
            "error: unexpected argument '--yaml' found",
        ),
    ];
    for (words, expected) in table {
        assert_eq!(mistake(words), expected);
    }
}

#[test]
fn the_local_stack_starts_without_a_command() {
    assert!(Options::try_parse_from(["cargo xtask", "local"]).is_ok());
    let words = [
        "cargo xtask",
        "local",
        "--time-scale",
        "600",
        "--port-base",
        "30000",
    ];
    assert!(Options::try_parse_from(words).is_ok());
}
