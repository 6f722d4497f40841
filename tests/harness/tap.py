# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a file's unittest cases and prints TAP: `tap.main()` in place of `unittest.main()`."""
import sys
import unittest


class TapResult(unittest.TestResult):
    """One TAP line a test; what went wrong follows as comments."""

    def __init__(self, total):
        super().__init__()
        self.faults = []
        self.note = ''
        print(f'1..{total}', flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.faults = []
        self.note = ''

    def stopTest(self, test):
        super().stopTest(test)
        name = test.id().removeprefix('__main__.')
        print(f'{"not ok" if self.faults else "ok"} {self.testsRun} {name}{self.note}')
        for fault in self.faults:
            self.print_fault(fault)
        sys.stdout.flush()

    @staticmethod
    def print_fault(fault):
        print('\n'.join(f'# {line}' for line in fault.splitlines()))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.faults.append(self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        if isinstance(test, unittest.TestCase):
            self.faults.append(self.errors[-1][1])
        else:    # setUpClass and its like: no test of the plan stands for it
            self.print_fault(self.errors[-1][1])
            print(f'Bail out! {test.id()}', flush=True)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            faults = self.failures if issubclass(err[0], test.failureException) else self.errors
            self.faults.append(f'{subtest.id()}\n{faults[-1][1]}')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note = f' # SKIP {reason}'


def main():
    """Runs the tests of the program's own file (those named on the command line, else all), then exits."""
    module = sys.modules['__main__']
    loader = unittest.defaultTestLoader
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    result = TapResult(suite.countTestCases())
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
