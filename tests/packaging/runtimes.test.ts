// The packed package in runtimes that are no browsers.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Report } from './page.js'
import { install, pack, tools } from './tarball.js'

const folder = install(pack(), 'page')
const run = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { cwd: folder })).stdout
const node = (...args: readonly string[]): Promise<string> => run(process.execPath, ...args)

test.each([
  ['Node', process.execPath, []],
  // Without any permission.
  ['Deno', join(tools, '.bin/deno'), ['run', '--no-prompt', '--no-remote']],
  ['Bun', join(tools, '.bin/bun'), []],
])('%s imports it and filters a picture, on threads', async (_, program, options) => {
  const { runs, workers, unfiltered } = JSON.parse(await run(program, ...options, 'print.js', 'reference', 'wasm', 'auto')) as Report
  const expected = runs['reference']?.sha256
  expect(expected).not.toBe(unfiltered)
  expect(runs).toMatchObject({
    reference: { backend: 'reference' },
    wasm: { backend: 'wasm', threading: 'shared', sha256: expected },
    auto: { backend: 'wasm', sha256: expected },
  })
  expect(workers).toBe(2)
})

test('Node requires it', async (context) => {
  if (!('require_module' in process.features)) context.skip(`Node ${process.version} cannot require modules`)
  expect(JSON.parse(await node('require.cjs'))).toEqual([254, 253, 252, 4])
})

test('its command line runs', async () => {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/isopix/package.json'), 'utf8')) as { version: string }
  expect(await run('npx', '--no-install', 'isopix', '--version')).toBe(`${version}\n`)
})

describe('on a server that renders pages', () => {
  const WAYS = [
    ['the package, as bundlers for browsers resolve it', ['--conditions=browser'], 'isopix'],
    ['the bundle', [], 'isopix/bundle'],
  ] as const

  test.each(WAYS)('%s touches nothing of a browser at import', async (_, options, module) => {
    await node(...options, 'server-side.js', module)
  })

  const filter = async (options: readonly string[], module: string, width: number): Promise<void> =>
    expect(JSON.parse(await node(...options, 'server-side.js', module, String(width)))).toEqual({ levels: [254], backend: 'wasm' })

  test.each(WAYS)('%s filters where there is nothing of a browser', (_, options, module) => filter(options, module, 10))

  test('so does it a picture that is large enough for workers', () => filter([], 'isopix/bundle', 1000))
})
