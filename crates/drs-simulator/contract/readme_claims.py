"""The README's own scenario: three servers and one fault, seen by a stranger through `aws drs`."""

from pathlib import Path

from claims import expect
from command_line_claims import CommandLine

README = Path(__file__).parent.parent / "README.md"


def try_all(claims, simulator, home):
    """One claim; the clock is moved by hand so that nobody waits."""
    def seen():
        scenario = README.read_text().split("```yaml\n")[1].split("```")[0]
        simulator.put_scenario(scenario.replace("mode: scaled, scale: 60", "mode: manual"))
        aws = CommandLine(simulator, home)
        servers = [one["sourceServerID"] for one in aws.run("drs", "describe-source-servers")["items"]]
        aws.run("drs", "start-recovery", "--is-drill", "--source-servers",
                *[f"sourceServerID={server}" for server in servers])
        simulator.finish_jobs()
        job = aws.run("drs", "describe-jobs")["items"][0]
        statuses = [one["launchStatus"] for one in job["participatingServers"]]
        return expect(statuses == ["LAUNCHED", "LAUNCHED", "FAILED"], f"{statuses}")

    claims.claim("README: a scenario of three servers and one fault is seen in `aws drs describe-jobs`", seen)
