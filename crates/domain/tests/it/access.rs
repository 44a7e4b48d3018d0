//! Who may do what.

use std::collections::BTreeSet;

use domain::Kind;
use domain::access::{Permission, ROLES, Role, permissions_of};

fn check(roles: &[Role], expected: &[Permission]) {
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    let expected: BTreeSet<Permission> = expected.iter().copied().collect();
    assert_eq!(permissions_of(&roles), expected, "{roles:?}");
}

#[test]
fn the_table_of_roles_and_permissions() {
    use Permission::{EditPlans, ManageSettings, Read, RunDrills, RunRecoveries};
    use Role::{Administrator, DrillOperator, RecoveryManager, Viewer};
    check(&[], &[]);
    check(&[Viewer], &[Read]);
    check(&[DrillOperator], &[Read, EditPlans, RunDrills]);
    check(&[RecoveryManager], &[Read, EditPlans, RunRecoveries]);
    check(&[Administrator], &[Read, ManageSettings]);
    check(
        &[Administrator, DrillOperator],
        &[Read, ManageSettings, EditPlans, RunDrills],
    );
    check(
        &ROLES,
        &[Read, EditPlans, RunDrills, RunRecoveries, ManageSettings],
    );
}

#[test]
fn the_right_to_drill_is_not_the_right_to_recover() {
    let drill = Permission::to_run(Kind::Drill);
    let recovery = Permission::to_run(Kind::Recovery);
    assert!(Role::DrillOperator.permissions().contains(&drill));
    assert!(!Role::DrillOperator.permissions().contains(&recovery));
    assert!(Role::RecoveryManager.permissions().contains(&recovery));
    assert!(!Role::RecoveryManager.permissions().contains(&drill));
}

#[test]
fn a_role_is_known_by_its_very_name_and_by_no_other() {
    for role in ROLES {
        assert_eq!(Role::from_name(role.name()), Some(role));
        let wire = serde_json::to_string(&role).unwrap();
        assert_eq!(wire, format!("\"{}\"", role.name()));
    }
    for name in ["", "Viewer", "admin", "viewer ", "drill_operator"] {
        assert_eq!(Role::from_name(name), None, "{name:?}");
    }
}

#[test]
fn permissions_are_named_as_on_the_wire() {
    for permission in permissions_of(&ROLES.into_iter().collect()) {
        let wire = serde_json::to_string(&permission).unwrap();
        assert_eq!(wire, format!("\"{}\"", permission.name()));
    }
}
