// What a page has to load.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { filters } from '../../src/filters/index.js'
import { install, pack, tools } from './tarball.js'

const project = install(pack(), 'page')

test('the bundle keeps to its limit', () => {
  const { status, stdout } = spawnSync(process.execPath, [join(tools, 'size-limit/bin.js')], { cwd: root, encoding: 'utf8' })
  expect(status, stdout).toBe(0)
  console.log(stdout)
})

describe('the bundle and the package', () => {
  test('have the same names, and the same definitions but for what only tools read', () => {
    const describe = (module: string): Record<string, unknown> =>
      JSON.parse(execFileSync(process.execPath, ['describe.js', module], { cwd: project, encoding: 'utf8' }))
    const modules = describe('isopix')
    expect(modules).toMatchObject({ apply: 'a function', invert: { name: 'invert', reference: 'a function' } })
    expect(Object.values(modules).filter((value) => typeof value === 'object')).toHaveLength(filters.length)
    expect(describe('isopix/bundle')).toEqual(modules)
  })

  test('differ in the sentences for people', () => {
    const text = readFileSync(join(project, 'node_modules/isopix/dist/isopix.js'), 'utf8')
    for (const { name, summary } of filters) expect(text.includes(summary), name).toBe(false)
  })
})

describe('of the filters that a page does not use nothing is left', () => {
  const ONE = "import { apply, invert } from 'isopix'\nconsole.log(apply, invert)\n"
  const ALL = "import * as isopix from 'isopix'\nconsole.log(isopix)\n"

  /** What a bundler makes of a program, in one line and without the names of variables. */
  const BUNDLERS: Readonly<Record<string, (input: string) => Promise<string>>> = {
    async esbuild(input) {
      const { outputFiles } = await build({ entryPoints: [input], bundle: true, minify: true, format: 'esm', write: false })
      return outputFiles[0]?.text ?? ''
    },
    async Rollup(input) {
      const bundle = await rollup({ input, plugins: [nodeResolve({ browser: true })] })
      const { output } = await bundle.generate({ format: 'es' })
      return (await transform(output[0].code, { minify: true, format: 'esm' })).code
    },
  }

  test.each(Object.entries(BUNDLERS))('by %s', async (name, bundle) => {
    const [one, all] = await Promise.all(
      [ONE, ALL].map((program, index) => {
        const input = join(project, `${name}-${index}.js`)
        writeFileSync(input, program)
        return bundle(input)
      }),
    ) as [string, string]
    const used = (code: string): string[] => filters.filter(({ summary }) => code.includes(summary)).map((filter) => filter.name)
    expect(used(all)).toEqual(filters.map((filter) => filter.name))
    expect(used(one)).toEqual(['invert'])
    const kB = (code: string): string => `${(gzipSync(code).length / 1000).toFixed(1)} kB`
    console.log(`${name}: apply and invert are ${kB(one)} gzipped, all of the package is ${kB(all)}`)
  })
})
