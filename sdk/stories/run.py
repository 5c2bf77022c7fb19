"""Runs every story; the last line is `N passed, N failed`, and the exit code says whether all is well."""

import faulthandler
import sys
import unittest
from pathlib import Path

MOST_SECONDS = 300


class Result(unittest.TextTestResult):
    """Counts what passed as well."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def failed(self):
        """How many did not: tests, and preparations such as a server that did not start."""
        broken = self.failures + self.errors
        return len({test.id() for test, _ in broken}) + len(self.unexpectedSuccesses)


def main():
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)  # a client that waits for ever
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    stories = unittest.defaultTestLoader.discover(here)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
    result = runner.run(stories)
    print(f"\n{result.passed} passed, {result.failed()} failed", flush=True)
    return 0 if result.wasSuccessful() and result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
