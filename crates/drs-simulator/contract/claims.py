"""Claims about the simulator: collected by name, tried one after another, counted at the end."""

import sys
import time
import traceback


class Claims:
    """The claims of one run, and what came of them."""

    def __init__(self):
        self.tried = 0
        self.failed = []

    def claim(self, name, body):
        """Tries one claim. A failure is kept, and the claims after it are tried all the same."""
        self.tried += 1
        began = time.monotonic()
        try:
            differences = body() or []
        except Exception:
            differences = [traceback.format_exc(limit=4)]
        took = time.monotonic() - began
        print(f"{'ok' if not differences else 'FAILED':>6} {took:6.1f} s  {name}", flush=True)
        for difference in differences:
            print(f"         {difference}", flush=True)
        if differences:
            self.failed.append((name, len(differences)))

    def finish(self):
        """The closing line; the process ends with 1 when a claim failed."""
        differences = sum(number for _, number in self.failed)
        print(f"{self.tried} claims, {len(self.failed)} failed, {differences} differences from the model")
        sys.exit(1 if self.failed else 0)


def expect(condition, sentence):
    """A list with the sentence, unless the condition holds."""
    return [] if condition else [sentence]
