"""The contract of the simulator with DRS: botocore's service model, boto3, `aws drs` and
`aws ec2`.

    python main.py --simulator PROGRAM

Prints one line a claim, the operations that were covered, and the number of differences.
"""

import argparse
import tempfile
from pathlib import Path

import command_line_claims
import ec2_claims
import error_claims
import model
import readme_claims
import request_claims
import schema_claims
import sdk_claims
import story
from claims import Claims, expect
from samples import SAMPLES
from simulator import Simulator

SCENARIO = Path(__file__).with_name("scenario.yaml")


def main():
    """Everything, against a simulator of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulator", required=True, help="the program `drs-simulator`")
    program = parser.parse_args().simulator
    claims = Claims()
    simulator = Simulator(program, SCENARIO)
    try:
        served = sorted(SAMPLES)
        claims.claim("every operation that the simulator serves has a sample", lambda: served_as_sampled(simulator))
        for profile, known in (("strict-model", ()), ("observed", story.OBSERVED)):
            claims.claim(f"{profile}: answers have the members, types, patterns and values of the model",
                         lambda profile=profile, known=known: told(simulator, profile, known))
        schema_claims.try_all(claims)
        request_claims.try_all(claims, simulator)
        simulator.control("POST", "reset")
        error_claims.try_all(claims, simulator, sdk_claims.client_of(simulator))
        sdk_claims.try_all(claims, simulator)
        with tempfile.TemporaryDirectory() as home:
            command_line_claims.try_all(claims, simulator, home)
            ec2_claims.try_all(claims, simulator, home)
            readme_claims.try_all(claims, simulator, home)
    finally:
        simulator.end()
    print(f"{len(served)} operations covered: {', '.join(served)}")
    claims.finish()


def served_as_sampled(simulator):
    """The simulator refuses what it does not serve, and this contract knows all that it serves."""
    found = []
    for name in model.SERVICE.operation_names:
        http = model.operation(name).http
        path = http["requestUri"].replace("{resourceArn}", "arn%3Aaws%3Adrs%3Aus-west-2%3A111122223333%3Ajob%2Fx")
        answer = simulator.send(http["method"], path, "{}" if http["method"] == "POST" else None)
        unknown = (answer.body or {}).get("reason") == "unknownOperation"
        if unknown == (name in SAMPLES):
            found.append(f"{name}: {'not served' if unknown else 'served, and no sample here'}")
        if unknown:
            found += model.error_differences(name, "ValidationException", answer)
    return found


def told(simulator, profile, known):
    """The story under one profile, with every operation answered at least once."""
    simulator.put_scenario(SCENARIO.read_text().replace("page_size: 2", f"page_size: 2\nprofile: {profile}"))
    one = story.Story(simulator, known)
    differences = story.tell(one)
    for name in SAMPLES:
        differences += expect(name in one.answered, f"{name}: the story never asks it")
    if profile == "strict-model":
        for error, names in one.refused.items():
            differences += [f"{name} does not model {error}" for name in names
                            if error not in error_claims.errors_of(name)]
    return sorted(set(differences))


if __name__ == "__main__":
    main()
