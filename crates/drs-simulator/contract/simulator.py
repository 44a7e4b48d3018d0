"""A simulator of its own for the contract: started, asked raw, steered, and ended."""

import http.client
import json
import subprocess
import urllib.parse

ACCOUNT = "111122223333"
REGION = "us-west-2"


class Answer:
    """One raw answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = response.read().decode()
        try:
            self.body = json.loads(self.text) if self.text else None
        except ValueError:
            self.body = None

    @property
    def error(self):
        """The name of the error, empty for a success."""
        return self.headers.get("x-amzn-errortype", "")


class Simulator:
    """The program under test, on a free port."""

    def __init__(self, program, scenario):
        self.process = subprocess.Popen(
            [program, "--scenario", str(scenario), "--port", "0"],
            stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        try:
            self.url = json.loads(line)["simulator.url"]
        except (ValueError, KeyError):
            raise SystemExit(f"the simulator did not start: {line.strip()}") from None
        self.host = urllib.parse.urlsplit(self.url).netloc

    def end(self):
        """Ends the process that was started here."""
        self.process.terminate()
        self.process.wait(timeout=10)

    def send(self, method, path, body=None, region=REGION, service="drs", content_type="application/json"):
        """One signed request, as far as a signature is looked at."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {
            "Content-Type": content_type,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20261123/{region}/{service}/aws4_request, "
                             f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        }
        connection.request(method, path, body=body, headers=headers)
        return Answer(connection.getresponse())

    def control(self, method, path, value=None):
        """One request to `/_sim`."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, f"/_sim/{path}", body=None if value is None else json.dumps(value))
        answer = Answer(connection.getresponse())
        if answer.status >= 400:
            raise RuntimeError(f"/_sim/{path}: {answer.status} {answer.text}")
        return answer.body

    def put_scenario(self, text):
        """Starts anew from this scenario."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request("PUT", "/_sim/scenario", body=text)
        answer = Answer(connection.getresponse())
        if answer.status >= 400:
            raise RuntimeError(f"the scenario was refused: {answer.text}")

    def advance(self, seconds):
        """Moves the clock."""
        self.control("POST", "clock/advance", {"seconds": seconds})

    def finish_jobs(self):
        """Moves the clock until every job has ended."""
        self.control("POST", "clock/advance", {"until": "job:*:COMPLETED"})
