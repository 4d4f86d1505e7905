// What is in the packed package, and what tools for packages say of it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { expect, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { install, pack, tools } from './tarball.js'

const tarball = pack()
const installed = join(install(tarball, 'page'), 'node_modules/isopix')
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>

/** The files in a folder and the folders in it, by their paths from there. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    .sort()

test('the package holds what its sources become, and nothing else', () => {
  const modules = filesIn(join(root, 'src')).map((file) => `dist/${file.replace(/\.ts$/, '')}`)
  const built = modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`])
  const others = ['LICENSE', 'README.md', 'package.json', 'dist/isopix.js', 'dist/worker.js', 'dist/kernels.wasm']
  expect(filesIn(installed)).toEqual([...built, ...others].sort())
})

test('every file that package.json names is there', () => {
  // Under this condition the repository finds its own sources.
  const targets = (value: unknown, key = ''): string[] =>
    key === 'isopix-source' ? [] : typeof value === 'string' ? [value] : Object.entries(value as object).flatMap(([name, inner]) => targets(inner, name))
  const named = targets([manifest['exports'], manifest['imports'], manifest['bin']])
  expect(named.length).toBeGreaterThan(5)
  for (const path of named) expect(existsSync(join(installed, path)), path).toBe(true)
})

test('nothing points to a source map', () => {
  for (const file of filesIn(installed).filter((path) => /\.(js|ts)$/.test(path))) {
    expect(readFileSync(join(installed, file), 'utf8'), file).not.toMatch(/[#@] sourceMappingURL=/)
  }
})

test('publint has nothing to say', async () => {
  const { messages } = await publint({ pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer }, strict: true })
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
})

test('are the types wrong? no', () => {
  // Of ESM alone; the worker and the kernels are files to serve, no modules to import.
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--exclude-entrypoints', 'worker.js', 'kernels.wasm']
  const { status, stdout } = spawnSync(join(tools, '.bin/attw'), [tarball, ...options], { encoding: 'utf8' })
  expect(status, stdout).toBe(0)
})
