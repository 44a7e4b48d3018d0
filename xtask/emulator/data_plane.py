"""Makes MiniStack's services answer like AWS where the product or its tests would notice the difference."""

import http.client
import os
import re
import socketserver
import threading

from private_names import is_true

PRIVATE_NAMES = {
    "ministack.app": ["_EXECUTE_API_RE", "main"],
    "ministack.core.cloudfront_js": ["_EVAL_TIMEOUT"],
    "ministack.core.iam_evaluator": ["pin_request_origin"],
    "ministack.services.apigateway_v1": ["_validate_cognito_authorizer", "_gw_error"],
    "ministack.services.cloudfront": [
        "_forward_to_origin",
        "_glob_to_regex",
        "_origin_request_headers",
        "_serve_s3_origin",
        "OriginTimeout",
        "OriginUnreachable",
    ],
    "ministack.services.cognito": [
        "_auth_flow_error",
        "_initiate_auth",
        "_sign_up",
        "_user_pools",
        "error_response_json",
    ],
    "ministack.services.stepfunctions": ["_invoke_with_callback", "_call_lambda", "_task_tokens", "_ExecutionError"],
}

# How long an edge function may wait for its process.
EDGE_FUNCTION_PATIENCE_SECONDS = 60.0


def correct() -> None:
    """Call it once, before MiniStack serves."""
    answer_small_packets_at_once()
    answer_the_execute_api_host()
    accept_only_id_tokens_of_the_audience()
    refuse_self_sign_up()
    refuse_sign_in_flows_that_the_client_lacks()
    fail_a_callback_task_whose_function_fails()
    serve_rest_apis_as_origins()
    read_bucket_origins_securely()
    wait_for_edge_functions()
    match_any_character_in_paths()


def match_any_character_in_paths() -> None:
    """The `*` of a path pattern stands for any characters, a line break among them."""
    from ministack.services import cloudfront

    glob_to_regex = cloudfront._glob_to_regex
    cloudfront._glob_to_regex = lambda pattern: re.compile(glob_to_regex(pattern).pattern, re.DOTALL)


def wait_for_edge_functions() -> None:
    """CloudFront counts a function's own work; here it is a process that waits for a busy machine, which is no fault of it."""
    from ministack.core import cloudfront_js

    cloudfront_js._EVAL_TIMEOUT = EDGE_FUNCTION_PATIENCE_SECONDS


def answer_small_packets_at_once() -> None:
    """Without this, each invocation of a function waits some 40 ms for a delayed acknowledgement."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def answer_the_execute_api_host() -> None:
    """Serves REST APIs under the host names that the stacks put out, also behind the distribution."""
    from ministack import app

    app._EXECUTE_API_RE = re.compile(
        r"^([a-f0-9]{8})\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com|localhost|127\.0\.0\.1)(?::\d+)?$"
    )


def accept_only_id_tokens_of_the_audience() -> None:
    """A Cognito authorizer takes ID tokens where a method asks for no scopes, and compares their audience."""
    from ministack.services import apigateway_v1

    validate = apigateway_v1._validate_cognito_authorizer

    async def validate_strictly(authorizer, method_obj, headers, query_params, stage):
        claims, error = await validate(authorizer, method_obj, headers, query_params, stage)
        if error is not None or method_obj.get("authorizationScopes"):
            return claims, error
        expression = authorizer.get("identityValidationExpression")
        audience_fits = not expression or re.fullmatch(expression, str(claims.get("aud", "")))
        if claims.get("token_use") != "id" or not audience_fits:
            return None, apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized")
        return claims, None

    apigateway_v1._validate_cognito_authorizer = validate_strictly


def refuse_self_sign_up() -> None:
    """A pool whose users only an administrator creates refuses everybody else."""
    from ministack.services import cognito

    sign_up = cognito._sign_up

    def sign_up_where_allowed(data):
        for pool in cognito._user_pools.values():
            closed = is_true((pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"))
            if data.get("ClientId") in pool["_clients"] and closed:
                return cognito.error_response_json(
                    "NotAuthorizedException", "SignUp is not permitted for this user pool", 400
                )
        return sign_up(data)

    cognito._sign_up = sign_up_where_allowed


def refuse_sign_in_flows_that_the_client_lacks() -> None:
    """MiniStack knows how to refuse them, but does so only together with all of its other access checks."""
    from ministack.services import cognito

    initiate_auth = cognito._initiate_auth

    def initiate_auth_where_allowed(data):
        return cognito._auth_flow_error("InitiateAuth", data) or initiate_auth(data)

    cognito._initiate_auth = initiate_auth_where_allowed


def fail_a_callback_task_whose_function_fails() -> None:
    """MiniStack swallows the error and waits for the token until the state's timeout; AWS fails the task at once."""
    from ministack.services import stepfunctions

    invoke_with_callback, call_lambda = stepfunctions._invoke_with_callback, stepfunctions._call_lambda
    in_callback = threading.local()

    class FunctionFailed(Exception):
        """Passes the handler that swallows execution errors."""

    def call_lambda_and_tell(func_ref, event):
        try:
            return call_lambda(func_ref, event)
        except stepfunctions._ExecutionError as error:
            if getattr(in_callback, "active", False):
                raise FunctionFailed from error
            raise

    def invoke_and_fail(resource, input_data, token, state_def):
        in_callback.active = True
        try:
            return invoke_with_callback(resource, input_data, token, state_def)
        except FunctionFailed as failure:
            stepfunctions._task_tokens.pop(token, None)
            raise failure.__cause__ from None
        finally:
            in_callback.active = False

    stepfunctions._call_lambda = call_lambda_and_tell
    stepfunctions._invoke_with_callback = invoke_and_fail


def serve_rest_apis_as_origins() -> None:
    """A distribution reaches a REST API by a host name of AWS, which MiniStack refuses to dial although it is its own."""
    from ministack import app
    from ministack.services import cloudfront

    forward_to_origin = cloudfront._forward_to_origin

    def forward_to_own_apis(origin, method, uri, query_string, headers, body, viewer_is_https, *viewer):
        if app._EXECUTE_API_RE.match(origin["domain_name"]) is None:
            return forward_to_origin(origin, method, uri, query_string, headers, body, viewer_is_https, *viewer)
        connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["GATEWAY_PORT"]), timeout=30)
        try:
            target = uri + (f"?{query_string}" if query_string else "")
            sent = cloudfront._origin_request_headers(origin, headers, *(viewer or ("127.0.0.1", "")))
            connection.request(method, target, body=body or None, headers=sent)
            response = connection.getresponse()
            return response.status, response.reason, response.getheaders(), response.read()
        except TimeoutError as error:
            raise cloudfront.OriginTimeout(str(error)) from error
        except OSError as error:
            raise cloudfront.OriginUnreachable(str(error)) from error
        finally:
            connection.close()

    cloudfront._forward_to_origin = forward_to_own_apis


def read_bucket_origins_securely() -> None:
    """A distribution reads its bucket over TLS, which bucket policies ask for; here it reads it in the same process."""
    from ministack.core import iam_evaluator
    from ministack.services import cloudfront

    serve_s3_origin = cloudfront._serve_s3_origin

    def serve_securely(*arguments):
        # This runs in a copy of the request's context, so that nothing else takes itself for secure.
        iam_evaluator.pin_request_origin("127.0.0.1", True)
        return serve_s3_origin(*arguments)

    cloudfront._serve_s3_origin = serve_securely
