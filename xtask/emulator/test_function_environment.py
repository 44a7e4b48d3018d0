"""A function gets what Lambda gives it and what its configuration says, and nothing else."""

import os
import unittest
from unittest import mock

import function_environment

CONFIG = {"FunctionName": "finder", "MemorySize": 256}


def emulated(config: dict, code_dir: str, port: int) -> dict[str, str]:
    """What the emulator makes: the whole environment of its own process, and the service's names over it."""
    return {
        **os.environ,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config["MemorySize"]),
        "AWS_REGION": "us-west-2",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "LAMBDA_TASK_ROOT": code_dir,
        **own(config),
    }


def own(_: dict) -> dict[str, str]:
    return {"LOG_LEVEL": "info", "AWS_ENDPOINT_URL_DRS": "http://127.0.0.1:4567"}


class FunctionEnvironment(unittest.TestCase):
    def environment(self, shell: dict[str, str]) -> dict[str, str]:
        with mock.patch.dict(os.environ, shell, clear=True):
            return function_environment.with_nothing_else(emulated, own)(CONFIG, "/code", 9001)

    def test_no_variable_of_the_shell_reaches_a_function(self):
        shell = {
            "AWS_PROFILE": "production",
            "AWS_CONFIG_FILE": "/home/somebody/.aws/config",
            "HTTPS_PROXY": "http://proxy.example.com",
            "https_proxy": "http://proxy.example.com",
            "HOME": "/home/somebody",
            "LOG_LEVEL": "trace",
            "PATH": "/home/somebody/bin",
            "RUST_LOG": "trace",
            "SSL_CERT_FILE": "/home/somebody/ca.pem",
            "TZ": "Pacific/Auckland",
        }
        self.assertEqual(self.environment(shell), self.environment({}))

    def test_a_function_gets_what_the_service_gives_it(self):
        environment = self.environment({})
        self.assertEqual(environment["AWS_LAMBDA_FUNCTION_NAME"], "finder")
        self.assertEqual(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256")
        self.assertEqual(environment["AWS_LAMBDA_LOG_GROUP_NAME"], "/aws/lambda/finder")
        self.assertEqual(environment["AWS_LAMBDA_INITIALIZATION_TYPE"], "on-demand")
        self.assertEqual(environment["AWS_REGION"], "us-west-2")
        self.assertEqual(environment["TZ"], ":UTC")

    def test_a_function_gets_what_its_configuration_says(self):
        environment = self.environment({})
        self.assertEqual({name: environment[name] for name in own(CONFIG)}, own(CONFIG))


if __name__ == "__main__":
    unittest.main()
