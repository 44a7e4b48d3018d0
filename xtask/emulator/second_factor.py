"""Makes the second factor of MiniStack's user pools as strict as Cognito's.

MiniStack lets in without a token where a pool requires one, asks for a session and never looks at it, and turns a token
on when it is proved. Cognito leads to MFA_SETUP, answers a session that it did not give with a refusal, and waits for
the preference. A code is good once.
"""

import base64
import json
import re
import secrets
import time

PRIVATE_NAMES = {
    "ministack.services.cognito": [
        "_access_token_error",
        "_associate_software_token",
        "_build_auth_result",
        "_create_challenge_session",
        "_challenge_sessions",
        "_dispatch_idp",
        "_get_challenge_session",
        "_get_user",
        "_mfa_challenge_for_user",
        "_password_auth_result",
        "_resolve_pool",
        "_resolve_user",
        "_respond_to_auth_challenge",
        "_set_user_mfa_preference",
        "_totp_code",
        "_user_pool_for_access_token",
        "_user_pools",
        "_verify_software_token",
        "error_response_json",
        "json_response",
    ],
}

TOKEN = "SOFTWARE_TOKEN_MFA"
SET_UP = "MFA_SETUP"
NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"
SECONDS_PER_CODE = 30
# Authenticators drift: Cognito takes the codes beside the one of now.
STEPS = (0, -1, 1)

# Which codes of which key were used.
used: dict[str, set[str]] = {}


def correct() -> None:
    """Call it once, before MiniStack serves."""
    from ministack.services import cognito

    cognito._password_auth_result = after_the_password(cognito._password_auth_result)
    cognito._respond_to_auth_challenge = answers_of_known_sessions(cognito._respond_to_auth_challenge)
    cognito._associate_software_token = associate
    cognito._verify_software_token = verify
    cognito._set_user_mfa_preference = only_proved_tokens(cognito._set_user_mfa_preference)
    cognito._get_user = with_a_good_access_token(cognito._get_user)
    cognito._dispatch_idp = knowing_how_to_delete_a_token(cognito._dispatch_idp)


def refusal(code: str, message: str):
    from ministack.services import cognito

    return cognito.error_response_json(code, message, 400)


def begin(pool_id: str, client_id: str, username: str, challenge: str, **rest) -> str:
    """A session that is good for one challenge, for as long as the client allows."""
    from ministack.services import cognito

    token, session = cognito._create_challenge_session(pool_id, client_id, username)
    session.update(challenge=challenge, **rest)
    return token


def known(data: dict, challenge: str):
    """The session of a request, or why there is none."""
    from ministack.services import cognito

    session, _ = cognito._get_challenge_session(data.get("Session") or "")
    if session is None or session.get("challenge") != challenge:
        return None, refusal("NotAuthorizedException", "Invalid session for the user, session is expired.")
    return session, None


def forget(data: dict) -> None:
    from ministack.services import cognito

    cognito._challenge_sessions.pop(data.get("Session"), None)


def has_token(user: dict) -> bool:
    return TOKEN in user.get("_mfa_enabled", [])


def challenge_of(pool: dict, pool_id: str, client_id: str, user: dict) -> dict | None:
    """What a password alone is not enough for."""
    username = user["Username"]
    if pool.get("MfaConfiguration") == "ON" and not has_token(user):
        return {
            "ChallengeName": SET_UP,
            "Session": begin(pool_id, client_id, username, SET_UP),
            "ChallengeParameters": {"MFAS_CAN_SETUP": json.dumps([TOKEN]), "USER_ID_FOR_SRP": username},
        }
    from ministack.services import cognito

    challenge = cognito._mfa_challenge_for_user(pool, user, pool_id, username)
    if challenge is not None:
        challenge["Session"] = begin(pool_id, client_id, username, TOKEN)
    return challenge


def after_the_password(password_auth_result):
    def answer(pool, pool_id, client_id, user, username, *rest, **named):
        from ministack.services import cognito

        if user.get("UserStatus") != "FORCE_CHANGE_PASSWORD":
            challenge = challenge_of(pool, pool_id, client_id, user)
            if challenge is not None:
                return cognito.json_response(challenge)
        status, headers, body = password_auth_result(pool, pool_id, client_id, user, username, *rest, **named)
        content = json.loads(body)
        if content.get("ChallengeName") != NEW_PASSWORD:
            return status, headers, body
        content["Session"] = begin(pool_id, client_id, user["Username"], NEW_PASSWORD)
        return cognito.json_response(content)

    return answer


def answers_of_known_sessions(respond):
    def answer(data):
        from ministack.services import cognito

        challenge = data.get("ChallengeName")
        if challenge not in (TOKEN, SET_UP, NEW_PASSWORD):
            return respond(data)
        session, refused = known(data, challenge)
        if refused:
            return refused
        pool = cognito._user_pools[session["pool_id"]]
        user, problem = cognito._resolve_user(pool, session["username"])
        if problem:
            return problem
        refused = not_yet(challenge, session, user, data)
        if refused:
            return refused
        result = respond(data)
        if result[0] != 200:
            return result
        forget(data)
        if challenge == NEW_PASSWORD:
            following = challenge_of(pool, session["pool_id"], session["client_id"], user)
            if following is not None:
                return cognito.json_response(following)
        return result

    return answer


def not_yet(challenge: str, session: dict, user: dict, data: dict):
    """Why a challenge is not met, where MiniStack would not see it."""
    if challenge == SET_UP and not session.get("proved"):
        return refusal("NotAuthorizedException", "Invalid session for the user.")
    if challenge == TOKEN:
        code = (data.get("ChallengeResponses") or {}).get("SOFTWARE_TOKEN_MFA_CODE", "")
        return spent(user.get("_totp_secret", ""), code, "CodeMismatchException", "Invalid code received for user")
    return None


def spent(secret: str, code, mismatch: str, message: str):
    """Uses a code up; the refusal where it is wrong or was used before."""
    from ministack.services import cognito

    if not isinstance(code, str) or not re.fullmatch("[0-9]{6}", code):
        return refusal("InvalidParameterException", "1 validation error detected: Value at 'userCode' is not six digits")
    if not secret or code not in (cognito._totp_code(secret, step) for step in STEPS):
        return refusal(mismatch, message)
    codes = used.setdefault(secret, set())
    # The window is part of the name: months later the same digits are another code.
    window = int(time.time() // SECONDS_PER_CODE)
    near = {f"{code}@{window + step}" for step in STEPS}
    if near & codes:
        return refusal("ExpiredCodeException", "Your software token has already been used once.")
    codes.add(f"{code}@{window}")
    return None


def holder(data: dict):
    """Who sends an access token, and of which pool; or the refusal."""
    from ministack.services import cognito

    refused = cognito._access_token_error(data)
    if refused:
        return None, None, refused
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken"))
    if user is None:
        return None, None, refusal("NotAuthorizedException", "Invalid Access Token")
    if not (pool.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"):
        message = "Software Token MFA has not been enabled by the userPool."
        return None, None, refusal("SoftwareTokenMFANotFoundException", message)
    return user, pool, None


def new_key() -> str:
    return base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=")


def associate(data):
    """A key for whoever is signed in, or is led to the set-up by a sign-in. The token before stays until the proof."""
    from ministack.services import cognito

    key = new_key()
    if data.get("AccessToken"):
        user, _pool, refused = holder(data)
        if refused:
            return refused
        user["_totp_pending_secret"] = key
        return cognito.json_response({"SecretCode": key})
    session, refused = known(data, SET_UP)
    if refused:
        return refused
    forget(data)
    following = begin(session["pool_id"], session["client_id"], session["username"], SET_UP, key=key)
    return cognito.json_response({"SecretCode": key, "Session": following})


def verify(data):
    """Proves a key by a code. For whoever is signed in, that alone turns nothing on."""
    from ministack.services import cognito

    mismatch = ("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA")
    if data.get("AccessToken"):
        user, _pool, refused = holder(data)
        if refused:
            return refused
        refused = spent(user.get("_totp_pending_secret", ""), data.get("UserCode"), *mismatch)
        if refused:
            return refused
        user["_totp_secret"] = user.pop("_totp_pending_secret")
        return cognito.json_response({"Status": "SUCCESS"})
    session, refused = known(data, SET_UP)
    refused = refused or spent(session.get("key", ""), data.get("UserCode"), *mismatch)
    if refused:
        return refused
    user, problem = cognito._resolve_user(cognito._user_pools[session["pool_id"]], session["username"])
    if problem:
        return problem
    user.update(_totp_secret=session["key"], _mfa_enabled=[TOKEN], _preferred_mfa=TOKEN)
    forget(data)
    following = begin(session["pool_id"], session["client_id"], session["username"], SET_UP, proved=True)
    return cognito.json_response({"Status": "SUCCESS", "Session": following})


def only_proved_tokens(set_preference):
    """A token that was never proved is not turned on, and where the pool requires one it is not turned off."""

    def set_where_possible(data):
        user, pool, refused = holder(data)
        if refused:
            return refused
        wanted = data.get("SoftwareTokenMfaSettings") or {}
        if wanted.get("Enabled") and not user.get("_totp_secret"):
            return refusal("InvalidParameterException", "User has not verified software token mfa")
        if wanted.get("Enabled") is False and pool.get("MfaConfiguration") == "ON":
            return refusal("InvalidParameterException", "MFA is required by the user pool and cannot be turned off")
        return set_preference(data)

    return set_where_possible


def with_a_good_access_token(operation):
    """MiniStack looks at access tokens only together with all of its other access checks."""

    def operate(data):
        from ministack.services import cognito

        return cognito._access_token_error(data) or operation(data)

    return operate


def knowing_how_to_delete_a_token(dispatch):
    """What an administrator calls for a person who lost the device."""

    async def dispatch_more(action, data):
        return delete_token(data) if action == "AdminDeleteSoftwareToken" else await dispatch(action, data)

    return dispatch_more


def delete_token(data):
    from ministack.services import cognito

    pool, problem = cognito._resolve_pool(data.get("UserPoolId"))
    if problem:
        return problem
    user, problem = cognito._resolve_user(pool, data.get("Username"))
    if problem:
        return problem
    for name in ("_totp_secret", "_totp_pending_secret"):
        user.pop(name, None)
    user["_mfa_enabled"] = [factor for factor in user.get("_mfa_enabled", []) if factor != TOKEN]
    user["_preferred_mfa"] = ""
    return cognito.json_response({})
