"""The JSON Schema of scenario files, held against the files that ship and against files with faults."""

import json
from pathlib import Path

import jsonschema
import yaml

from claims import expect

FOLDER = Path(__file__).parent.parent
FAULTS = {
    "an unknown member": {"speed": 60},
    "an unknown member of a rule": {"rules": [{"when": {"op": "StartRecovery", "moon": "full"}}]},
    "an unknown state": {"servers": [{"id": "s-00000000000000001", "state": "SLEEPY"}]},
    "an entry of the timeline without its time": {"timeline": [{"server": "web-01", "set": {"state": "STALLED"}}]},
    "another version": {"version": 2},
    "a scale of nothing": {"clock": {"scale": 0}},
    "a page of nothing": {"page_size": 0},
    "a rule that applies never": {"rules": [{"when": {"op": "DescribeJobs"}, "do": {"stale": True}, "times": 0}]},
    "an unknown operation": {"rules": [{"when": {"op": "DescribeJobz"}, "do": {"stale": True}}]},
    "an unknown error": {"rules": [{"when": {"op": "DescribeJobs"}, "do": {"error": "Oops"}}]},
    "an unknown expectation": {"expect": ["all_is_well"]},
}


def try_all(claims):
    """One claim for what ships, one for what is wrong."""
    validator = jsonschema.Draft202012Validator(json.loads((FOLDER / "scenario.schema.json").read_text()))

    def shipped():
        files = sorted((FOLDER / "scenarios").glob("*.yaml")) + [FOLDER / "contract" / "scenario.yaml"]
        found = expect(len(files) > 10, f"{len(files)} files")
        for file in files:
            errors = validator.iter_errors(yaml.safe_load(file.read_text()))
            found += [f"{file.name}: {error.json_path}: {error.message[:120]}" for error in errors]
        return found

    def wrong():
        return [f"{name} is taken" for name, scenario in FAULTS.items() if validator.is_valid(scenario)]

    claims.claim("the schema takes every scenario that ships", shipped)
    claims.claim("the schema refuses what the simulator refuses", wrong)
