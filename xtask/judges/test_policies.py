"""The evaluator answers as IAM does, and what it does not know it refuses to answer."""

import unittest

from policies import Request, Unreadable, allows, statements
from requests_of import barest
from templates import Renderer
from wildcards import arns_meet, meet


def policy(*raw: dict):
    return statements({"Statement": [{"Effect": "Allow", "Sid": "Planted", "Resource": "*", **one} for one in raw]}, "test")


def is_allowed(raw: dict, action: str = "ec2:RunInstances", resource: str = "*", **context: str) -> bool:
    names = {"tag": "aws:RequestTag/Owner", "via": "aws:ViaAWSService", "called": "aws:CalledVia"}
    values = {names[key]: tuple(value.split(",")) for key, value in context.items()}
    return allows(policy({"Action": "ec2:RunInstances", **raw}), Request(action, resource, values))


class Evaluation(unittest.TestCase):
    def test_an_action_is_compared_without_case_and_with_wildcards(self):
        self.assertTrue(is_allowed({"Action": "EC2:run*"}))
        self.assertFalse(is_allowed({"Action": "ec2:Describe*"}))

    def test_a_request_without_resource_is_allowed_by_a_star_alone(self):
        self.assertTrue(is_allowed({"Resource": "*"}))
        self.assertFalse(is_allowed({"Resource": "arn:aws:ec2:*:*:instance/*"}))

    def test_what_is_denied_is_denied_whoever_allows_it(self):
        both = policy({"Action": "s3:*"}, {"Action": "s3:DeleteBucket", "Effect": "Deny"})
        self.assertTrue(allows(both, Request("s3:GetObject", "arn:aws:s3:::a/b")))
        self.assertFalse(allows(both, Request("s3:DeleteBucket", "arn:aws:s3:::a")))

    def test_null_asks_whether_a_key_is_there(self):
        present = {"Condition": {"Null": {"aws:RequestTag/Owner": "false"}}}
        self.assertTrue(is_allowed(present, tag="anybody"))
        self.assertFalse(is_allowed(present))

    def test_a_key_that_is_absent_fulfils_nothing_unless_it_may_be(self):
        self.assertFalse(is_allowed({"Condition": {"Bool": {"aws:ViaAWSService": "true"}}}))
        self.assertTrue(is_allowed({"Condition": {"BoolIfExists": {"aws:ViaAWSService": "true"}}}))
        self.assertFalse(is_allowed({"Condition": {"Bool": {"aws:ViaAWSService": "true"}}}, via="false"))

    def test_one_of_several_values_is_enough_for_any(self):
        through = {"Condition": {"ForAnyValue:StringEquals": {"aws:CalledVia": "drs.amazonaws.com"}}}
        self.assertTrue(is_allowed(through, called="drs.amazonaws.com,ssm.amazonaws.com"))
        self.assertFalse(is_allowed(through, called="ssm.amazonaws.com"))

    def test_all_conditions_must_hold(self):
        both = {"Condition": {"Bool": {"aws:ViaAWSService": "true"}, "StringLike": {"aws:RequestTag/Owner": "a*"}}}
        self.assertTrue(is_allowed(both, via="true", tag="anybody"))
        self.assertFalse(is_allowed(both, via="true", tag="nobody"))

    def test_an_operator_that_is_not_known_is_no_answer(self):
        with self.assertRaises(Unreadable):
            is_allowed({"Condition": {"NumericLessThan": {"aws:RequestTag/Owner": "5"}}}, tag="4")
        with self.assertRaises(Unreadable):
            policy({"Action": "s3:GetObject", "NotResource": "*"})


class Wildcards(unittest.TestCase):
    def test_patterns_meet_when_one_text_fits_both(self):
        self.assertTrue(meet("table/a-*", "table/*"))
        self.assertTrue(meet("a*c", "ab?"))
        self.assertFalse(meet("a*", "b*"))

    def test_arns_are_compared_part_by_part(self):
        image = "arn:${Partition}:ec2:${Region}::image/${ImageId}"
        self.assertTrue(arns_meet("arn:aws:ec2:*:*:image/*", image))
        self.assertFalse(arns_meet("arn:aws:ec2:*:111122223333:image/*", image))
        self.assertFalse(arns_meet("arn:aws:ec2:*:*:volume/*", image))


class BarestRequests(unittest.TestCase):
    def test_a_request_carries_what_its_statement_asks_for_and_no_more(self):
        condition = {"Null": {"aws:ResourceTag/Managed": "false"}, "StringEquals": {"ec2:CreateAction": ["A", "B"]}}
        raw = {"Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:*:*:volume/*", "Condition": condition}
        requests = barest(policy(raw)[0])
        self.assertEqual({one.context["ec2:CreateAction"] for one in requests}, {("A",), ("B",)})
        self.assertEqual({one.resource.split(":")[5] for one in requests}, {"volume/sample"})
        self.assertEqual(set(requests[0].context), {"aws:ResourceTag/Managed", "ec2:ResourceTag/Managed", "ec2:CreateAction"})


class Rendering(unittest.TestCase):
    def rendered(self, resources: dict, **parameters: str) -> dict:
        template = {
            "Parameters": {"Name": {"Type": "String", "Default": ""}},
            "Conditions": {"HasName": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]}},
            "Resources": resources,
        }
        return Renderer("test.yaml", {"test.yaml": template}, parameters, "stack").render()[0].resources

    def test_a_resource_whose_condition_does_not_hold_is_not_there(self):
        table = {"Type": "AWS::DynamoDB::Table", "Condition": "HasName", "Properties": {"TableName": {"Ref": "Name"}}}
        self.assertEqual(self.rendered({"Table": table}), {})
        self.assertEqual(self.rendered({"Table": table}, Name="a")["Table"]["Properties"], {"TableName": "a"})

    def test_a_value_that_is_left_out_leaves_its_property_out(self):
        chosen = {"Fn::If": ["HasName", {"Ref": "Name"}, {"Ref": "AWS::NoValue"}]}
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": chosen, "Tags": [chosen]}}
        self.assertEqual(self.rendered({"Topic": topic})["Topic"]["Properties"], {"Tags": []})

    def test_an_attribute_is_the_arn_of_the_name_that_is_given(self):
        table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "plans"}}
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${Table.Arn}/index/*"}}}
        name = self.rendered({"Table": table, "Topic": topic})["Topic"]["Properties"]["TopicName"]
        self.assertEqual(name, "arn:aws:dynamodb:eu-central-1:111122223333:table/plans/index/*")

    def test_a_function_that_is_not_known_is_no_answer(self):
        with self.assertRaises(ValueError):
            self.rendered({"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Cidr": ["a"]}}}})


if __name__ == "__main__":
    unittest.main()
