# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a file's unittest cases and prints TAP: `tap.main()` in place of `unittest.main()`."""
import sys
import unittest


class TapResult(unittest.TestResult):
    """One TAP line a test; what went wrong follows as comments."""

    def __init__(self, total):
        super().__init__()
        print(f'1..{total}', flush=True)

    def say(self, verdict, test, note='', detail=''):
        name = test.id().removeprefix('__main__.')
        print(f'{verdict} {self.testsRun} {name}{note}')
        for line in detail.splitlines():
            print(f'# {line}')
        sys.stdout.flush()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say('ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say('not ok', test, detail=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say('not ok', test, detail=self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say('ok', test, note=f' # SKIP {reason}')


def main():
    """Runs the tests of the program's own file (those named on the command line, else all), then exits."""
    module = sys.modules['__main__']
    loader = unittest.defaultTestLoader
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    result = TapResult(suite.countTestCases())
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
