import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line, which any CI can read: `Tests: 312 passed, 0 failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((one) => one === state).length;
    const skipped = count('skipped');
    // A file that could not be run has no tests to count, but has failed.
    const failed = count('failed') + modules.filter((module) => module.errors().length > 0).length;
    console.log(
      `Tests: ${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
  }
}
