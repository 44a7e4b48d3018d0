//! Numbers with their nouns.

use domain::counted::counted;

#[test]
fn one_is_one_and_every_other_number_is_many() {
    assert_eq!(counted(1_usize, "server", "servers"), "1 server");
    for many in [0, 2, 11, 21, 100] {
        let expected = format!("{many} servers");
        assert_eq!(counted(many, "server", "servers"), expected);
    }
}
