"""Gives a function the variables that Lambda gives it, and nothing of the environment of whoever started the emulator.

A proxy, a profile or a log level of a developer's shell would otherwise reach the functions on this machine alone. What
Lambda sets is in its developer guide, "Defined runtime environment variables"."""

PRIVATE_NAMES = {"ministack.services.lambda_svc": ["_provided_worker_env", "_runtime_env_vars"]}

# What MiniStack sets as the service does.
MADE_BY_THE_EMULATOR = [
    "_HANDLER",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
]
# What leads a function to the emulator instead of AWS.
OF_THIS_MACHINE = ["AWS_DISABLE_HOST_PREFIX_INJECTION", "AWS_ENDPOINT_URL"]
# What the service sets for every function and MiniStack does not.
OF_EVERY_FUNCTION = {
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    "TZ": ":UTC",
}


def correct() -> None:
    """Call it once, before MiniStack serves."""
    from ministack.services import lambda_svc

    lambda_svc._provided_worker_env = with_nothing_else(lambda_svc._provided_worker_env, lambda_svc._runtime_env_vars)


def with_nothing_else(environment, own_variables):
    """An environment of the service's variables and the function's own, whatever the emulator's process has."""

    def of_the_service(config: dict, code_dir: str, port: int) -> dict[str, str]:
        made = environment(config, code_dir, port)
        given = {name: made[name] for name in MADE_BY_THE_EMULATOR + OF_THIS_MACHINE if name in made}
        own = {name: value for name, value in own_variables(config).items() if name not in given}
        log_group = {"AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{config['FunctionName']}"}
        return {**OF_EVERY_FUNCTION, **log_group, **own, **given}

    return of_the_service
