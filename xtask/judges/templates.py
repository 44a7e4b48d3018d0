"""The templates with everything filled in: parameters, conditions, references, nested stacks.

What is rendered is what CloudFormation would hand to the services, with invented ids where AWS invents them."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ACCOUNT = "111122223333"
REGION = "eu-central-1"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
}
# What AWS appends to a name that it gives itself.
INVENTED = "1A2B3C4D5E6F"
NO_VALUE = object()

# The ARN that `Ref` or `Fn::GetAtt ... Arn` answers, and the property that names the resource.
ARNS = {
    "AWS::CloudTrail::Trail": ("arn:aws:cloudtrail:{region}:{account}:trail/{name}", "TrailName"),
    "AWS::CloudWatch::Alarm": ("arn:aws:cloudwatch:{region}:{account}:alarm:{name}", "AlarmName"),
    "AWS::Cognito::UserPool": ("arn:aws:cognito-idp:{region}:{account}:userpool/{region}_Sample01", None),
    "AWS::DynamoDB::Table": ("arn:aws:dynamodb:{region}:{account}:table/{name}", "TableName"),
    "AWS::Events::Rule": ("arn:aws:events:{region}:{account}:rule/{name}", "Name"),
    "AWS::IAM::ManagedPolicy": ("arn:aws:iam::{account}:policy/{name}", "ManagedPolicyName"),
    "AWS::IAM::OIDCProvider": ("arn:aws:iam::{account}:oidc-provider/{name}", None),
    "AWS::IAM::Role": ("arn:aws:iam::{account}:role/{name}", "RoleName"),
    "AWS::Lambda::Function": ("arn:aws:lambda:{region}:{account}:function:{name}", "FunctionName"),
    "AWS::Logs::LogGroup": ("arn:aws:logs:{region}:{account}:log-group:{name}:*", "LogGroupName"),
    "AWS::S3::Bucket": ("arn:aws:s3:::{name}", "BucketName"),
    "AWS::SNS::Topic": ("arn:aws:sns:{region}:{account}:{name}", "TopicName"),
    "AWS::StepFunctions::StateMachine": ("arn:aws:states:{region}:{account}:stateMachine:{name}", "StateMachineName"),
    "AWS::WAFv2::WebACL": ("arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/sample", "Name"),
}
REF_IS_ARN = {"AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads the short form of CloudFormation's functions."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        value = value.split(".", 1) if suffix == "GetAtt" else value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def read(file: Path) -> dict:
    """A template as it is written, with the functions in their long form."""
    return yaml.load(file.read_text(), _Loader)


@dataclass
class Stack:
    """A rendered template: its resources that exist, and its outputs."""

    template: str
    name: str
    parameters: dict
    renderer: "Renderer" = field(repr=False, default=None)
    resources: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)


class Renderer:
    """Renders one template; the stacks nested in it are rendered when something asks for their outputs."""

    def __init__(self, template: str, sources: dict[str, dict], given: dict, name: str):
        self.source = sources[template]
        self.sources = sources
        self.children: dict[str, Renderer] = {}
        declared = self.source.get("Parameters", {})
        if missing := [key for key, one in declared.items() if key not in given and "Default" not in one]:
            raise ValueError(f"{template}: no value for {', '.join(missing)}")
        if unknown := given.keys() - declared.keys():
            raise ValueError(f"{template} has no parameter {', '.join(sorted(unknown))}")
        values = {key: given.get(key, one.get("Default")) for key, one in declared.items()}
        lists = [key for key, one in declared.items() if one["Type"] == "CommaDelimitedList"]
        for key in lists:
            values[key] = values[key].split(",") if isinstance(values[key], str) else values[key]
        self.stack = Stack(template, name, values, self)

    def render(self) -> list[Stack]:
        """The stack and those nested in it."""
        resources = self.source["Resources"]
        for logical_id in resources:
            if self.exists(logical_id):
                rendered = self.value(resources[logical_id].get("Properties", {}))
                self.stack.resources[logical_id] = {"Type": resources[logical_id]["Type"], "Properties": rendered}
                if resources[logical_id]["Type"] == "AWS::CloudFormation::Stack":
                    self.child(logical_id)
        for key, output in self.source.get("Outputs", {}).items():
            if self.condition(output.get("Condition")):
                self.stack.outputs[key] = self.value(output["Value"])
        return [self.stack, *(stack for child in self.children.values() for stack in child.render())]

    def exists(self, logical_id: str) -> bool:
        return self.condition(self.source["Resources"][logical_id].get("Condition"))

    def condition(self, name: str | None) -> bool:
        return name is None or self.truth(self.source["Conditions"][name])

    def truth(self, expression) -> bool:
        ((function, argument),) = expression.items()
        if function == "Condition":
            return self.condition(argument)
        if function == "Fn::Equals":
            return self.value(argument[0]) == self.value(argument[1])
        if function == "Fn::Not":
            return not self.truth(argument[0])
        if function == "Fn::And":
            return all(self.truth(one) for one in argument)
        if function == "Fn::Or":
            return any(self.truth(one) for one in argument)
        raise ValueError(f"{self.stack.template}: the condition {function} is not known")

    def child(self, logical_id: str) -> "Renderer":
        """The stack that a resource nests. Its template's key names the parameter; the template is the file that it is
        named after."""
        if logical_id not in self.children:
            properties = self.source["Resources"][logical_id]["Properties"]
            words = re.findall("[A-Z][a-z]*", logical_id.removesuffix("Stack"))
            template = "-".join(word.lower() for word in words) + "-stack.yaml"
            given = self.value(properties.get("Parameters", {}))
            name = f"{self.stack.name}-{logical_id}-{INVENTED}"
            self.children[logical_id] = Renderer(template, self.sources, given, name)
        return self.children[logical_id]

    def value(self, node):
        """A value with every function in it applied."""
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((function, argument),) = node.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self.apply(function, argument)
        rendered = {key: self.value(inner) for key, inner in node.items()}
        return {key: value for key, value in rendered.items() if value is not NO_VALUE}

    def apply(self, function: str, argument):
        if function == "Ref":
            return self.reference(argument)
        if function == "Fn::GetAtt":
            return self.attribute(*argument)
        if function == "Fn::Sub":
            text, own = argument if isinstance(argument, list) else (argument, {})
            return re.sub(r"\$\{([^!}][^}]*)\}", lambda found: self.named(found[1], own), text)
        if function == "Fn::If":
            return self.value(argument[1 if self.condition(argument[0]) else 2])
        if function == "Fn::Join":
            return argument[0].join(str(part) for part in self.value(argument[1]))
        if function == "Fn::Select":
            return self.value(argument[1])[int(self.value(argument[0]))]
        if function == "Fn::Split":
            return self.value(argument[1]).split(argument[0])
        if function == "Fn::FindInMap":
            first, second, third = self.value(argument)
            return self.source["Mappings"][first][second][third]
        raise ValueError(f"{self.stack.template}: the function {function} is not known")

    def named(self, name: str, own: dict) -> str:
        if name in own:
            return str(self.value(own[name]))
        if "." in name:
            return str(self.attribute(*name.split(".", 1)))
        return str(self.reference(name))

    def reference(self, name: str):
        if name == "AWS::NoValue":
            return NO_VALUE
        if name == "AWS::StackName":
            return self.stack.name
        if name == "AWS::StackId":
            return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{self.stack.name}/00000000-0000-0000-0000-00000000000a"
        if name in PSEUDO:
            return PSEUDO[name]
        if name in self.stack.parameters:
            return self.stack.parameters[name]
        kind = self.source["Resources"][name]["Type"]
        return self.arn(name) if kind in REF_IS_ARN else self.physical_name(name)

    def attribute(self, logical_id: str, attribute: str):
        kind = self.source["Resources"][logical_id]["Type"]
        if kind == "AWS::CloudFormation::Stack":
            child = self.child(logical_id)
            output = child.source["Outputs"][attribute.removeprefix("Outputs.")]
            return child.value(output["Value"]) if child.condition(output.get("Condition")) else NO_VALUE
        if attribute == "Arn" and kind in ARNS:
            return self.arn(logical_id)
        return f"sample-{logical_id}-{attribute}".lower()

    def arn(self, logical_id: str) -> str:
        form, _ = ARNS[self.source["Resources"][logical_id]["Type"]]
        return form.format(region=REGION, account=ACCOUNT, name=self.physical_name(logical_id))

    def physical_name(self, logical_id: str) -> str:
        resource = self.source["Resources"][logical_id]
        _, naming = ARNS.get(resource["Type"], (None, None))
        given = resource.get("Properties", {}).get(naming) if naming else None
        invented = f"{self.stack.name}-{logical_id}-{INVENTED}"
        if resource["Type"] == "AWS::S3::Bucket":
            invented = invented.lower()
        return self.value(given) if given is not None else invented


def documents(value):
    """A policy document, which a template may also hold as text."""
    return json.loads(value) if isinstance(value, str) else value
