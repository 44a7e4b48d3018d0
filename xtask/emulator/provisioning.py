"""Makes MiniStack's CloudFormation keep what templates declare, through updates and deletions."""

from private_names import is_true, must_succeed

PRIVATE_NAMES = {
    "ministack.services.dynamodb": ["_update_ttl", "_update_continuous_backups"],
    "ministack.services.cloudformation": ["_stacks"],
    "ministack.services.cloudformation.provisioners": [
        "_RESOURCE_HANDLERS",
        "_update_resource",
        "_nested_stack_lookup_name",
        "_ddb_update_call",
    ],
}


def correct() -> None:
    """Call it once, before MiniStack serves."""
    keep_attributes_over_nested_updates()
    show_nested_stacks_that_are_being_deleted()
    protect_tables_as_declared()


def keep_attributes_over_nested_updates() -> None:
    """A nested update forgets the attributes of resources that did not change, and then fails on Fn::GetAtt."""
    from ministack.services.cloudformation import _stacks, provisioners

    update_resource = provisioners._update_resource

    def update_with_attributes(
        resource_type, physical_id, old_props, new_props, stack_name, logical_id=None, old_attrs=None
    ):
        if old_attrs is None and logical_id:
            resource = (_stacks.get(stack_name) or {}).get("_resources", {}).get(logical_id) or {}
            old_attrs = resource.get("Attributes")
        return update_resource(resource_type, physical_id, old_props, new_props, stack_name, logical_id, old_attrs)

    provisioners._update_resource = update_with_attributes


def show_nested_stacks_that_are_being_deleted() -> None:
    """The frontend builder empties its bucket only when its own stack says that it is being deleted."""
    from ministack.services.cloudformation import _stacks, provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudFormation::Stack"]
    delete = handlers["delete"]

    def delete_visibly(physical_id, props):
        stack = _stacks.get(provisioners._nested_stack_lookup_name(physical_id))
        if stack:
            stack["StackStatus"] = "DELETE_IN_PROGRESS"
        delete(physical_id, props)

    handlers["delete"] = delete_visibly


def protect_tables_as_declared() -> None:
    """Templates' time to live, point-in-time recovery and encryption reach the tables."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create, update = handlers["create"], handlers["update"]

    def create_protected(logical_id, props, stack_name):
        table_name, attributes = create(logical_id, props, stack_name)
        protect_table(table_name, props)
        return table_name, attributes

    def update_protected(physical_id, old_props, new_props, *rest):
        table_name, attributes = update(physical_id, old_props, new_props, *rest)
        protect_table(table_name, new_props)
        return table_name, attributes

    handlers["create"], handlers["update"] = create_protected, update_protected


def protect_table(table_name: str, props: dict) -> None:
    from ministack.services import dynamodb
    from ministack.services.cloudformation import provisioners

    if expiry := props.get("TimeToLiveSpecification"):
        specification = {"AttributeName": expiry.get("AttributeName"), "Enabled": is_true(expiry.get("Enabled"))}
        must_succeed(dynamodb._update_ttl({"TableName": table_name, "TimeToLiveSpecification": specification}))
    if recovery := props.get("PointInTimeRecoverySpecification"):
        specification = {"PointInTimeRecoveryEnabled": is_true(recovery.get("PointInTimeRecoveryEnabled"))}
        must_succeed(
            dynamodb._update_continuous_backups(
                {"TableName": table_name, "PointInTimeRecoverySpecification": specification}
            )
        )
    if encryption := props.get("SSESpecification"):
        specification = {"Enabled": is_true(encryption.get("SSEEnabled"))}
        provisioners._ddb_update_call({"TableName": table_name, "SSESpecification": specification})
