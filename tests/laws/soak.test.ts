// Memory, workers, GPU buffers, threads and file handles are where they were after calls of every kind: a short form of
// npm run soak, which makes 10,000 of them.
import { expect, test } from 'vitest'
import { missingGpu } from '../helpers/command.js'
import { runBench } from '../helpers/bench.js'

const CALLS = 160

test('nothing grows', { timeout: 600_000 }, async () => {
  const { status, stdout, stderr } = await runBench('bench/soak.ts', ['--calls', String(CALLS)])
  console.log(stdout)
  expect(status, stdout + stderr).toBe(0)
  expect(stdout).toContain('all of it is where it was before')
  for (const kind of ['applied', 'mapped', 'aborted', 'failing', 'kept', 'resident']) expect(stdout).toMatch(new RegExp(`\\d+ ${kind}\\b`))
  for (const name of ['workers', 'arenaBytesUsed', 'gpuBytesUsed', 'rssBytes']) expect(stdout).toContain(name)
  expect(stderr.includes('webgpu is missing here'), 'webgpu is left out only where it is missing').toBe((await missingGpu()) !== undefined)
})
