"""Secrets in the files that git tracks: all of them go into the deployment bucket.

What looks like one and is none stands in `no_secrets.yaml`, with the reason; an entry that nothing
needs is a finding too. A finding names the file, the line and the kind, and never the text.
"""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml
from detect_secrets.core import scan
from detect_secrets.settings import default_settings

DIGITS = 6
# Digests of what others wrote, by the hundred; other rules judge these files.
LOCK_FILES = ("Cargo.lock", "package-lock.json")


@dataclass(frozen=True, order=True)
class Finding:
    file: str
    kind: str
    line: int
    # The beginning of the digest of what was found: enough to know it again, too little to be one.
    digest: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: this looks like a secret ({self.kind})"


def found(root: Path, name: str) -> list[Finding]:
    with default_settings():
        secrets = scan.scan_file(str(root / name))
        return [Finding(name, secret.type, secret.line_number, secret.secret_hash[:DIGITS]) for secret in secrets]


def tracked(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True)
    names = listed.stdout.decode().split("\0")
    return [name for name in names if name and (root / name).is_file() and not name.endswith(LOCK_FILES)]


def judged(findings: list[Finding], meant: list[dict]) -> list[str]:
    """Every finding that nobody has explained, and every explanation that explains nothing."""
    explained = {
        (entry["file"], entry["kind"], digest)
        for entry in meant
        if entry.get("reason")
        for digest in entry["digests"]
    }
    there = {(one.file, one.kind, one.digest) for one in findings}
    faults = [str(one) for one in sorted(findings) if (one.file, one.kind, one.digest) not in explained]
    for entry in meant:
        if not entry.get("reason"):
            faults.append(f"no_secrets.yaml: {entry['file']}: {entry['kind']} has no reason")
    for file, kind, digest in sorted(explained - there):
        faults.append(f"no_secrets.yaml: {file}: nothing there needs {digest} ({kind})")
    return faults


def main(root: Path) -> int:
    meant = yaml.safe_load((Path(__file__).parent / "no_secrets.yaml").read_text())
    names = tracked(root)
    if not names:
        print("git tracks nothing here: nothing was looked at", file=sys.stderr)
        return 1
    with ProcessPoolExecutor() as pool:
        findings = [one for several in pool.map(found, [root] * len(names), names, chunksize=16) for one in several]
    faults = judged(findings, meant)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
