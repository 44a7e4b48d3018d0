//! A list of steps runs to its end whatever fails in it.

use std::cell::Cell;

use anyhow::anyhow;
use xtask::steps::Steps;

#[test]
fn a_failed_step_does_not_hide_the_next_one_and_fails_the_whole() {
    let ran = Cell::new(0);
    let mut steps = Steps::default();
    steps.step("first", || Err(anyhow!("broken")));
    steps.step("second", || {
        ran.set(ran.get() + 1);
        Ok(())
    });
    let error = steps.finish("check").unwrap_err().to_string();
    assert_eq!(ran.get(), 1);
    assert_eq!(error, "check: 1 of 2 steps failed: first");
}

#[test]
fn steps_that_all_passed_are_no_error() {
    let mut steps = Steps::default();
    steps.step("only", || Ok(()));
    assert!(steps.finish("check").is_ok());
}
