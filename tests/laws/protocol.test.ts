// The protocol's model holds, and finds the defects that are seeded into it: protocol/check.mjs, with spin.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'

const MISSING = 2

test('the model of the protocol holds, and its seeded defects are found', (context) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'protocol/check.mjs')], { encoding: 'utf8' })
  if (status === MISSING) {
    const reason = `the protocol's model is not checked: ${stdout.trim()}`
    if (process.env['CI']) throw new Error(reason)
    console.warn(reason)
    return context.skip(reason)
  }
  console.log(stdout)
  const verdicts = stdout.match(/^\w+ +(holds|found) {2}/gm) ?? []
  expect(verdicts.length, stderr).toBeGreaterThan(20)
  expect(verdicts.filter((verdict) => !verdict.startsWith('ok'))).toEqual([])
  expect(status).toBe(0)
}, 900_000)
