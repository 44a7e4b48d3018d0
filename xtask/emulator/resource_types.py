"""The CloudFormation types that the product's templates use and MiniStack lacks, made by MiniStack's own services."""

import json

from private_names import is_true, must_succeed

PRIVATE_NAMES = {
    "ministack.services.cloudformation.provisioners": ["_RESOURCE_HANDLERS"],
    "ministack.services.cloudtrail": [
        "_create_trail",
        "_update_trail",
        "_delete_trail",
        "_start_logging",
        "_stop_logging",
        "_put_event_selectors",
        "_trail_arn",
    ],
    "ministack.services.cognito": [
        "_admin_create_user",
        "_admin_delete_user",
        "_admin_add_user_to_group",
        "_admin_remove_user_from_group",
    ],
    "ministack.services.waf": ["_associate_web_acl", "_disassociate_web_acl"],
}


def register() -> None:
    """Adds the types. Call it once, before MiniStack serves."""
    from ministack.services.cloudformation import provisioners

    for resource_type, (create, delete) in {
        "AWS::Cognito::UserPoolUser": (create_user, delete_user),
        "AWS::Cognito::UserPoolUserToGroupAttachment": (create_membership, delete_membership),
        "AWS::WAFv2::WebACLAssociation": (create_association, delete_association),
    }.items():
        provisioners._RESOURCE_HANDLERS[resource_type] = {
            "create": create,
            "update": replacing_update(create, delete),
            "delete": delete,
        }
    provisioners._RESOURCE_HANDLERS["AWS::CloudTrail::Trail"] = {
        "create": create_trail,
        "update": update_trail,
        "delete": delete_trail,
    }


def replacing_update(create, delete):
    """Every property of these types requires replacement in AWS."""

    def update(physical_id, old_props, new_props, stack_name):
        delete(physical_id, old_props)
        return create(physical_id, new_props, stack_name)

    return update


def create_user(_logical_id, props, _stack_name):
    from ministack.services import cognito

    request = {
        name: props[name]
        for name in ("UserPoolId", "Username", "UserAttributes", "DesiredDeliveryMediums", "MessageAction")
        if name in props
    }
    user = json.loads(must_succeed(cognito._admin_create_user(request)))["User"]
    return user["Username"], {}


def delete_user(physical_id, props):
    from ministack.services import cognito

    must_succeed(cognito._admin_delete_user({"UserPoolId": props["UserPoolId"], "Username": physical_id}))


def membership_request(props):
    return {name: props[name] for name in ("UserPoolId", "Username", "GroupName")}


def create_membership(_logical_id, props, _stack_name):
    from ministack.services import cognito

    must_succeed(cognito._admin_add_user_to_group(membership_request(props)))
    return "|".join(membership_request(props).values()), {}


def delete_membership(_physical_id, props):
    from ministack.services import cognito

    must_succeed(cognito._admin_remove_user_from_group(membership_request(props)))


def create_association(_logical_id, props, _stack_name):
    from ministack.services import waf

    request = {"WebACLArn": props["WebACLArn"], "ResourceArn": props["ResourceArn"]}
    must_succeed(waf._associate_web_acl(request))
    return f"{props['WebACLArn']}|{props['ResourceArn']}", {}


def delete_association(_physical_id, props):
    from ministack.services import waf

    must_succeed(waf._disassociate_web_acl({"ResourceArn": props["ResourceArn"]}))


def trail_request(name, props):
    request = {"Name": name, "S3BucketName": props["S3BucketName"]}
    for flag in ("IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation"):
        if flag in props:
            request[flag] = is_true(props[flag])
    return request


def create_trail(logical_id, props, stack_name):
    from ministack.services import cloudtrail

    name = props.get("TrailName") or f"{stack_name}-{logical_id}"
    must_succeed(cloudtrail._create_trail(trail_request(name, props)))
    return set_up_trail(name, props)


def update_trail(physical_id, old_props, new_props, stack_name):
    from ministack.services import cloudtrail

    if new_props.get("TrailName", physical_id) != physical_id:
        delete_trail(physical_id, old_props)
        return create_trail(physical_id, new_props, stack_name)
    must_succeed(cloudtrail._update_trail(trail_request(physical_id, new_props)))
    return set_up_trail(physical_id, new_props)


def set_up_trail(name, props):
    from ministack.services import cloudtrail

    if selectors := props.get("AdvancedEventSelectors"):
        must_succeed(cloudtrail._put_event_selectors({"TrailName": name, "AdvancedEventSelectors": selectors}))
    change_logging = cloudtrail._start_logging if is_true(props["IsLogging"]) else cloudtrail._stop_logging
    must_succeed(change_logging({"Name": name}))
    return name, {"Arn": cloudtrail._trail_arn(name)}


def delete_trail(physical_id, _props):
    from ministack.services import cloudtrail

    must_succeed(cloudtrail._delete_trail({"Name": physical_id}))
