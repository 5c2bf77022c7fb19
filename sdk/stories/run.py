"""Runs every story; the last line is `N passed, N failed`, and the exit code says whether all is well."""

import sys
import unittest
from pathlib import Path


def main():
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    stories = unittest.defaultTestLoader.discover(str(here))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(stories)
    failed = len({test.id() for test, _ in result.failures + result.errors} | {
        test.id() for test in result.unexpectedSuccesses
    })
    passed = result.testsRun - len(result.skipped) - failed
    print(f"\n{max(passed, 0)} passed, {failed} failed", flush=True)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
