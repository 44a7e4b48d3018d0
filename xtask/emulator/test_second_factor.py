"""The second factor of the emulator's user pools, as Cognito has it. Needs MiniStack."""

import asyncio
import json
import time
import unittest
from unittest import mock

import second_factor
from ministack.services import cognito

second_factor.correct()
NAME, PASSWORD = "person@example.com", "Only-for-this-test-1"


def call(operation, **request):
    status, _headers, body = asyncio.run(cognito._dispatch_idp(operation, request))
    answer = json.loads(body) if body else {}
    return answer if status == 200 else answer["__type"]


class Pool:
    """A pool with one person in it, who has a password."""

    def __init__(self, required):
        enabled = {"MfaConfiguration": required}
        self.id = call("CreateUserPool", PoolName="test", **enabled)["UserPool"]["Id"]
        call("SetUserPoolMfaConfig", UserPoolId=self.id, SoftwareTokenMfaConfiguration={"Enabled": True}, **enabled)
        flows = ["ALLOW_USER_PASSWORD_AUTH"]
        client = call("CreateUserPoolClient", UserPoolId=self.id, ClientName="test", ExplicitAuthFlows=flows)
        self.client = client["UserPoolClient"]["ClientId"]
        call("AdminCreateUser", UserPoolId=self.id, Username=NAME, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")

    def keep_the_password(self):
        call("AdminSetUserPassword", UserPoolId=self.id, Username=NAME, Password=PASSWORD, Permanent=True)
        return self

    def sign_in(self):
        parameters = {"USERNAME": NAME, "PASSWORD": PASSWORD}
        return call("InitiateAuth", ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)

    def respond(self, challenge, session, **responses):
        responses = {"USERNAME": NAME, **responses}
        return call("RespondToAuthChallenge", ClientId=self.client, ChallengeName=challenge, Session=session, ChallengeResponses=responses)

    def access_token(self):
        return self.sign_in()["AuthenticationResult"]["AccessToken"]

    def enrol(self):
        """Enrols as somebody who is signed in, and answers the key."""
        token = self.access_token()
        key = call("AssociateSoftwareToken", AccessToken=token)["SecretCode"]
        call("VerifySoftwareToken", AccessToken=token, UserCode=cognito._totp_code(key))
        call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
        return key


class Optional(unittest.TestCase):
    def setUp(self):
        self.pool = Pool("OPTIONAL").keep_the_password()

    def test_a_proved_key_is_asked_for_only_after_the_preference(self):
        token = self.pool.access_token()
        key = call("AssociateSoftwareToken", AccessToken=token)["SecretCode"]
        on = {"AccessToken": token, "SoftwareTokenMfaSettings": {"Enabled": True}}
        self.assertEqual(call("SetUserMFAPreference", **on), "InvalidParameterException")
        self.assertEqual(call("VerifySoftwareToken", AccessToken=token, UserCode=cognito._totp_code(key)), {"Status": "SUCCESS"})
        self.assertIn("AuthenticationResult", self.pool.sign_in())
        call("SetUserMFAPreference", **on)
        self.assertEqual(self.pool.sign_in()["ChallengeName"], "SOFTWARE_TOKEN_MFA")
        self.assertEqual(call("GetUser", AccessToken=token)["UserMFASettingList"], ["SOFTWARE_TOKEN_MFA"])

    def test_a_code_is_good_once_and_a_wrong_one_never(self):
        key = self.pool.enrol()
        session = self.pool.sign_in()["Session"]
        wrong = f"{(int(cognito._totp_code(key)) + 1) % 10**6:06d}"
        answer = lambda code: self.pool.respond("SOFTWARE_TOKEN_MFA", session, SOFTWARE_TOKEN_MFA_CODE=code)
        self.assertEqual(answer(wrong), "CodeMismatchException")
        self.assertEqual(answer(cognito._totp_code(key)), "ExpiredCodeException")
        self.assertIn("AuthenticationResult", answer(cognito._totp_code(key, 1)))

    def test_a_code_without_the_session_of_a_password_lets_nobody_in(self):
        key = self.pool.enrol()
        answer = self.pool.respond("SOFTWARE_TOKEN_MFA", "made-up", SOFTWARE_TOKEN_MFA_CODE=cognito._totp_code(key, 1))
        self.assertEqual(answer, "NotAuthorizedException")

    def test_a_session_ends(self):
        key = self.pool.enrol()
        session = self.pool.sign_in()["Session"]
        with mock.patch.object(time, "time", return_value=time.time() + 4 * 60):
            code = cognito._totp_code(key)
            self.assertEqual(self.pool.respond("SOFTWARE_TOKEN_MFA", session, SOFTWARE_TOKEN_MFA_CODE=code), "NotAuthorizedException")

    def test_a_token_that_is_turned_off_or_deleted_is_not_asked_for(self):
        self.pool.enrol()
        call("AdminDeleteSoftwareToken", UserPoolId=self.pool.id, Username=NAME)
        token = self.pool.access_token()
        self.assertEqual(call("GetUser", AccessToken=token)["UserMFASettingList"], [])
        with mock.patch.object(time, "time", return_value=time.time() + 120):
            key = self.pool.enrol()
            session = self.pool.sign_in()["Session"]
            inside = self.pool.respond("SOFTWARE_TOKEN_MFA", session, SOFTWARE_TOKEN_MFA_CODE=cognito._totp_code(key, 1))
            token = inside["AuthenticationResult"]["AccessToken"]
            call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False})
            self.assertIn("AuthenticationResult", self.pool.sign_in())

    def test_only_a_good_access_token_changes_anything(self):
        identity = self.pool.sign_in()["AuthenticationResult"]["IdToken"]
        for operation in ("AssociateSoftwareToken", "SetUserMFAPreference", "GetUser"):
            self.assertEqual(call(operation, AccessToken=identity), "NotAuthorizedException")


class Required(unittest.TestCase):
    def set_up(self, pool, challenge):
        self.assertEqual(challenge["ChallengeName"], "MFA_SETUP")
        self.assertEqual(json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]), ["SOFTWARE_TOKEN_MFA"])
        self.assertEqual(pool.respond("MFA_SETUP", challenge["Session"]), "NotAuthorizedException")
        key = call("AssociateSoftwareToken", Session=challenge["Session"])
        wrong = f"{(int(cognito._totp_code(key['SecretCode'])) + 1) % 10**6:06d}"
        self.assertEqual(call("VerifySoftwareToken", Session=key["Session"], UserCode=wrong), "EnableSoftwareTokenMFAException")
        proof = call("VerifySoftwareToken", Session=key["Session"], UserCode=cognito._totp_code(key["SecretCode"]))
        return pool.respond("MFA_SETUP", proof["Session"])

    def test_who_has_no_token_is_led_to_the_set_up_and_is_in_only_after_it(self):
        pool = Pool("ON").keep_the_password()
        self.assertIn("AuthenticationResult", self.set_up(pool, pool.sign_in()))
        self.assertEqual(pool.sign_in()["ChallengeName"], "SOFTWARE_TOKEN_MFA")

    def test_a_new_password_does_not_lead_past_the_set_up(self):
        pool = Pool("ON")
        first = pool.sign_in()
        self.assertEqual(first["ChallengeName"], "NEW_PASSWORD_REQUIRED")
        following = pool.respond("NEW_PASSWORD_REQUIRED", first["Session"], NEW_PASSWORD=PASSWORD)
        self.assertIn("AuthenticationResult", self.set_up(pool, following))

    def test_a_token_cannot_be_turned_off(self):
        pool = Pool("ON").keep_the_password()
        token = self.set_up(pool, pool.sign_in())["AuthenticationResult"]["AccessToken"]
        off = call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False})
        self.assertEqual(off, "InvalidParameterException")


if __name__ == "__main__":
    unittest.main()
