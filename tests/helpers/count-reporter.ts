import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Prints how many tests passed and failed, alone on the last line. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'pending' ? 'failed' : state]++
      }
      // A file that does not load and a hook that fails leave their tests skipped, which is no success.
      for (const suite of [module, ...module.children.allSuites()]) if (suite.errors().length > 0) counts.failed++
    }
    const { passed, failed, skipped } = counts
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`))
  }
}
