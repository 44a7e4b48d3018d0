"""What the templates promise about each resource, whatever grants it: encryption, retention, no public access, TLS only,
and what has once gone wrong elsewhere."""

from collections.abc import Callable

from findings import Finding
from policies import several
from subjects import Subject
from templates import documents

Rule = Callable[[dict, Subject], str | None]


def judge(subject: Subject) -> list[Finding]:
    """Every resource that breaks a rule of its type."""
    found = []
    for template, logical_id, kind, properties in subject.resources():
        for name, kinds, rule in RULES:
            if kind in kinds and (message := rule(properties, subject)):
                found.append(Finding(name, f"{template} {logical_id}", message))
    return sorted(set(found))


def log_retention(properties: dict, _: Subject) -> str | None:
    """Logs are kept for a time that somebody has chosen."""
    return None if properties.get("RetentionInDays") else "it keeps its logs for ever"


def encrypted_bucket(properties: dict, _: Subject) -> str | None:
    """A bucket says by itself that it is encrypted."""
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    return None if rules else "it does not say how it is encrypted"


def private_bucket(properties: dict, _: Subject) -> str | None:
    """Nobody outside reads a bucket, whatever a policy or an object says."""
    blocked = properties.get("PublicAccessBlockConfiguration", {})
    wanted = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
    missing = [name for name in wanted if blocked.get(name) is not True]
    return f"it may become public: {', '.join(missing)}" if missing else None


def bucket_that_ends(properties: dict, _: Subject) -> str | None:
    """Versions are kept, and forgotten after a time."""
    if properties.get("VersioningConfiguration", {}).get("Status") != "Enabled":
        return "it keeps no versions"
    rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
    ends = any("NoncurrentVersionExpiration" in rule for rule in rules)
    return None if ends else "it never forgets an old version"


def bucket_over_tls(properties: dict, subject: Subject) -> str | None:
    """Every bucket refuses a connection without TLS."""
    bucket = properties.get("BucketName")
    policies = [one for _, _, kind, one in subject.resources() if kind == "AWS::S3::BucketPolicy"]
    own = [one for one in policies if bucket is None or one["Bucket"] == bucket]
    return None if any(_refuses_plain(documents(one["PolicyDocument"])) for one in own) else "no policy refuses plain HTTP"


def _refuses_plain(document: dict) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Principal") == "*"
        and statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"
        for statement in document["Statement"]
    )


def named_principals(properties: dict, _: Subject) -> str | None:
    """A policy of a resource lets in whom it names, and a service only for this account."""
    for statement in documents(properties["PolicyDocument"])["Statement"]:
        if statement["Effect"] == "Deny":
            continue
        if statement["Principal"] == "*" or "*" in several(statement["Principal"].get("AWS", [])):
            return f"{statement.get('Sid')} lets everybody in"
        conditions = {key.lower() for keys in statement.get("Condition", {}).values() for key in keys}
        if "Service" in statement["Principal"] and not conditions & {"aws:sourcearn", "aws:sourceaccount"}:
            return f"{statement.get('Sid')} lets a service in for any account"
    return None


def table_that_can_be_restored(properties: dict, _: Subject) -> str | None:
    """A table can be brought back to any second of the last weeks."""
    recovery = properties.get("PointInTimeRecoverySpecification", {})
    return None if recovery.get("PointInTimeRecoveryEnabled") is True else "it cannot be restored to a point in time"


def viewers_over_tls(properties: dict, _: Subject) -> str | None:
    """The distribution speaks to nobody without TLS, and neither to its origins."""
    distribution = properties["DistributionConfig"]
    for behavior in [distribution["DefaultCacheBehavior"], *distribution.get("CacheBehaviors", [])]:
        if behavior["ViewerProtocolPolicy"] not in ("redirect-to-https", "https-only"):
            return f"{behavior.get('PathPattern', 'the default')} may be asked without TLS"
        if "ResponseHeadersPolicyId" not in behavior:
            return f"{behavior.get('PathPattern', 'the default')} answers without security headers"
    for origin in distribution["Origins"]:
        if "CustomOriginConfig" in origin and origin["CustomOriginConfig"]["OriginProtocolPolicy"] != "https-only":
            return f"the origin {origin['Id']} may be asked without TLS"
    return None


def no_address_that_is_told(properties: dict, _: Subject) -> str | None:
    """A regional firewall sees the distribution's address, and a forwarded one is what the caller writes."""
    for rule in properties["Rules"] if properties["Scope"] == "REGIONAL" else []:
        text = str(rule["Statement"])
        if "FORWARDED_IP" in text or "ForwardedIP" in text or "x-forwarded-for" in text.lower():
            return f"the rule {rule['Name']} counts an address that anybody can invent"
    return None


def counts_what_is_marked(properties: dict, _: Subject) -> str | None:
    """A header is counted only for requests that carry the distribution's mark."""
    for rule in properties["Rules"]:
        rate = rule["Statement"].get("RateBasedStatement", {})
        by_header = [key for key in rate.get("CustomKeys", []) if "Header" in key]
        if by_header and "x-distribution-mark" not in str(rate.get("ScopeDownStatement")):
            return f"the rule {rule['Name']} believes a header of requests that the distribution has not marked"
    return None


# What the product answers at.
API_STAGE = "api"
BODY_RULES = {
    "AWSManagedRulesCommonRuleSet": [
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "SizeRestrictions_BODY",
    ],
    "AWSManagedRulesKnownBadInputsRuleSet": ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY"],
}


def bodies_are_counted(properties: dict, _: Subject) -> str | None:
    """What somebody writes in mid-recovery is refused by no pattern."""
    for rule in properties["Rules"]:
        group = rule["Statement"].get("ManagedRuleGroupStatement")
        if group is None:
            continue
        overridden = group.get("RuleActionOverrides", [])
        counted = {one["Name"] for one in overridden if "Count" in one["ActionToUse"]}
        if missing := set(BODY_RULES.get(group["Name"], [])) - counted:
            return f"{', '.join(sorted(missing))} of {group['Name']} would refuse a comment"
    return None


def no_samples(properties: dict, _: Subject) -> str | None:
    """A sample keeps headers, a token among them."""
    shown = [properties["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in properties["Rules"])]
    return "it samples requests with their tokens" if any(one["SampledRequestsEnabled"] for one in shown) else None


def stage_keeps_secrets(properties: dict, _: Subject) -> str | None:
    """Bodies and headers reach no log, every method is throttled, and health has a throttle of its own."""
    settings = {f"{one['HttpMethod']} {one['ResourcePath']}": one for one in properties.get("MethodSettings", [])}
    if any(one.get("DataTraceEnabled") or one.get("LoggingLevel") != "OFF" for one in settings.values()):
        return "it logs what is in requests"
    if "* /*" not in settings:
        return "every method must be throttled"
    # The other stage only leads to the console, and tells nothing but the way.
    if properties["StageName"] != API_STAGE:
        return None
    if "GET /~1health" not in settings:
        return "GET /health must be throttled by itself"
    return None if "AccessLogSetting" in properties else "it has no access log"


def pool_without_self_sign_up(properties: dict, _: Subject) -> str | None:
    """People come in by invitation, with passwords that are long."""
    if properties.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly") is not True:
        return "anybody may sign up"
    return None if properties["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12 else "its passwords are short"


RULES: list[tuple[str, set[str], Rule]] = [
    ("log-retention", {"AWS::Logs::LogGroup"}, log_retention),
    ("bucket-encryption", {"AWS::S3::Bucket"}, encrypted_bucket),
    ("bucket-public", {"AWS::S3::Bucket"}, private_bucket),
    ("bucket-versions", {"AWS::S3::Bucket"}, bucket_that_ends),
    ("bucket-tls", {"AWS::S3::Bucket"}, bucket_over_tls),
    ("principals", {"AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}, named_principals),
    ("table-recovery", {"AWS::DynamoDB::Table"}, table_that_can_be_restored),
    ("distribution-tls", {"AWS::CloudFront::Distribution"}, viewers_over_tls),
    ("firewall-address", {"AWS::WAFv2::WebACL"}, no_address_that_is_told),
    ("firewall-mark", {"AWS::WAFv2::WebACL"}, counts_what_is_marked),
    ("firewall-bodies", {"AWS::WAFv2::WebACL"}, bodies_are_counted),
    ("firewall-samples", {"AWS::WAFv2::WebACL"}, no_samples),
    ("stage", {"AWS::ApiGateway::Stage"}, stage_keeps_secrets),
    ("sign-up", {"AWS::Cognito::UserPool"}, pool_without_self_sign_up),
]
