// A moment of each measurement of npm run bench:responsiveness, so that they go on working.
import { expect, test } from 'vitest'
import { runBench } from '../helpers/bench.js'
import { missing } from '../helpers/browser.js'

const EXPECTED = [
  /by engine\.map/,
  /times faster by engine\.map/,
  /two filters at once/,
  /preview of 256 x 256 behind/,
  /event loop delay, edges of 4K on wasm/,
  /event loop delay, four calls/,
  ...(missing('chromium') === undefined ? [/tasks of a page, .* shared/, /tasks of a page, .* transfer/] : []),
  /from abort\(\) to the end/,
]

test('everything is measured once', { timeout: 300_000 }, async () => {
  const { status, stdout, stderr } = await runBench('bench/responsiveness.ts', ['--quick'])
  expect(status, stderr).toBe(0)
  const measured = stdout.split('\n').filter((line) => /( +\d+\.\d\d){3} (ms|s|x)$/.test(line))
  for (const expected of EXPECTED) expect(measured.filter((line) => expected.test(line)), String(expected)).not.toEqual([])
})

test('a measurement that does not exist is named', async () => {
  const { status, stderr } = await runBench('bench/responsiveness.ts', ['latency'])
  expect(status).toBe(1)
  expect(stderr).toContain('expected names of batch, together, preview, event-loop, page, abort, got "latency"')
})
