// What the three languages say about the same thing, they say alike.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SLACK_BYTES, STAGE_FIELDS } from '../../src/backends/wasm/records.js'
import { FRAME_FIELDS } from '../../src/backends/webgpu/frame.js'
import { TILE_WORDS } from '../../src/backends/webgpu/tile.js'
import { BORDERS } from '../../src/border.js'
import { factoryName } from '../../src/filters/define.js'
import * as factories from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import * as state from '../../src/filters/state.js'
import { kernelsWasm } from '../../src/backends/wasm/kernels.js'
import { ADD_ALPHA, DROP_ALPHA } from '../../src/plan.js'
import type { Stage } from '../../src/stage.js'
import { stepsOf } from '../helpers/steps.js'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const list = (path: string): string[] => readdirSync(new URL(`../../${path}`, import.meta.url))
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] as string)

/** Every stage that any filter makes, at its defaults and cases, on each kind of image. */
const stages: readonly Stage[] = filters.flatMap((definition) =>
  stepsOf(definition).flatMap((step) =>
    ([1, 4] as const)
      .filter((channels) => channels === 4 || !definition.colour)
      .flatMap((channels) =>
        [true, false].flatMap((opaque) =>
          [{ width: 40, height: 30 }, { width: 300, height: 200 }]
            .filter((size) => definition.fits?.(step.values, { ...size, channels, format: 'u8' }) === undefined)
            .flatMap((size) => definition.stages(step.values, { ...size, channels, format: 'u8', opaque })),
        ),
      ),
  ),
)
const namesOf = (list: readonly Stage[]): string[] => [...new Set(list.map(({ kernel }) => kernel))].sort()
const kernels = namesOf(stages)
/** What a GPU runs instead, where a stage says so. */
const gpuStages = stages.flatMap((stage) => stage.gpu ?? [stage])

/** As they are written: those of the package are shortened. */
const shaders: Readonly<Record<string, string>> = Object.fromEntries(
  ['', 'lib/'].flatMap((folder) => list(`shaders/${folder}`).filter((file) => file.endsWith('.wgsl')).map((file) => [`${folder}${file}`, read(`shaders/${folder}${file}`)])),
)
const assemblyFiles = list('assembly/kernels').map((file) => read(`assembly/kernels/${file}`))
const assemblyOf = (kernel: string): string | undefined => assemblyFiles.find((text) => text.includes(`export function ${kernel}(`))
const shaderOf = (kernel: string): string | undefined => Object.values(shaders).find((text) => new RegExp(`^fn ${kernel}\\(`, 'm').test(text))

const module = new WebAssembly.Module(await kernelsWasm())
const exported = WebAssembly.Module.exports(module)

test('the record of a stage is the same in TypeScript and AssemblyScript', () => {
  const body = read('assembly/lib/stage.ts').split('class Stage')[1] as string
  expect(matches(body, /^ {2}(\w+)!:/gm)).toEqual([...STAGE_FIELDS])
  expect(Number(matches(body, /SLACK: i32 = (\d+)/g)[0])).toBe(SLACK_BYTES)
})

test('the frame of a pass is the same in TypeScript and WGSL', () => {
  const [struct] = matches(shaders['lib/frame.wgsl'] as string, /struct Frame \{([^}]*)\}/g)
  expect(matches(struct as string, /(\w+): i32/g)).toEqual(FRAME_FIELDS.map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)))
  expect(shaders['lib/tile.wgsl']).toContain(`const TILE_WORDS = ${TILE_WORDS};`)
})

test.each(Object.entries(state))('the size %s of a state is the same in TypeScript and AssemblyScript', (name, size) => {
  const files = ['lib', 'kernels'].flatMap((folder) => list(`assembly/${folder}`).map((file) => read(`assembly/${folder}/${file}`)))
  expect(files.flatMap((text) => matches(text, new RegExp(`const ${name}: usize = (\\d+)`, 'g')))).toEqual([String(size)])
})

test('border modes have the same numbers in all three languages', () => {
  const names = matches(read('assembly/lib/edge.ts'), /^export const ([A-Z_0-9]+): i32/gm)
  expect(names.map((name) => name.toLowerCase().replace('_', '-'))).toEqual([...BORDERS])
  const cases = (shaders['lib/window.wgsl'] as string).match(/case \d/g)
  expect(cases).toEqual(BORDERS.map((_, number) => `case ${number}`))
})

test('the wasm imports a memory and a table only, and has no data of its own', async () => {
  expect(WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`).sort()).toEqual(['env.memory', 'env.table'])
  expect(sectionsOf(await kernelsWasm())).not.toContain(11)
})

test('every export is used by a filter', () => {
  const used = new Set([...kernels, ADD_ALPHA.kernel, DROP_ALPHA.kernel, 'copy', 'run', 'memory'])
  const unused = exported.map(({ name }) => name).filter((name) => !used.has(name.replace(/_finish$/, '')))
  expect(unused).toEqual([])
})

const pascal = (kernel: string): string => kernel.replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase())

/** The names of a kernel's parameters in the plan, which have to be the same wherever it is used. */
function paramsOf(kernel: string, used: readonly Stage[]): string[] {
  const [names, ...others] = used.filter((stage) => stage.kernel === kernel).map(({ params }) => Object.keys(params ?? {}))
  for (const other of others) expect(other).toEqual(names)
  return names as string[]
}

test.each(kernels)('kernel %s has the same parameters in TypeScript and AssemblyScript', (kernel) => {
  expect(exported.map(({ name }) => name), 'exported by assembly/index.ts').toContain(kernel)
  const assembly = assemblyOf(kernel)
  expect(assembly, 'in assembly/kernels').toBeDefined()
  const classes = new Map([...(assembly as string).matchAll(/class (\w*)Params \{([^}]*)\}/g)].map((m) => [m[1], matches(m[2] as string, /^ {2}(\w+)!:/gm)]))
  // A file whose kernels have the same parameters has one class for all of them.
  expect(classes.get(pascal(kernel)) ?? classes.get('') ?? [], 'class Params in assembly').toEqual(paramsOf(kernel, stages))
})

test.each(namesOf(gpuStages.filter(({ kind }) => kind !== 'reduce')))('kernel %s has the same parameters in TypeScript and WGSL', (kernel) => {
  const shader = shaderOf(kernel)
  expect(shader, 'in shaders').toBeDefined()
  const structs = new Map([...(shader as string).matchAll(/struct (\w+)Params \{([^}]*)\}/g)].map((m) => [m[1], matches(m[2] as string, /(\w+): i32/g)]))
  const struct = structs.get(pascal(kernel)) ?? structs.get(pascal(kernel).replace(/[XY]$/, ''))
  expect(struct ?? [], 'struct Params in WGSL').toEqual(paramsOf(kernel, gpuStages))
})

/** Kernels that are scalar by nature, and why. */
const SCALAR: Readonly<Record<string, string>> = {
  copy: 'memory.copy',
  histogram: 'scatters into counters',
  resize_nearest: 'gathers pixels',
}

test.each(kernels.filter((kernel) => !(kernel in SCALAR)))('kernel %s is SIMD', (kernel) => {
  const wat = read('build/kernels.wat')
  const name = new RegExp(`\\(export "${kernel}" \\(func (\\$[^)]+)\\)\\)`).exec(wat)?.[1]
  expect(name).toBeDefined()
  expect(bodyOf(wat, name as string)).toMatch(/[if]\d+x\d+\.|v128\./)
})

/** The text of a function and of those that it calls. */
function bodyOf(wat: string, name: string, seen = new Set<string>()): string {
  if (seen.has(name)) return ''
  seen.add(name)
  const from = wat.indexOf(`(func ${name} `)
  const to = wat.indexOf('\n (func ', from + 1)
  const body = wat.slice(from, to < 0 ? undefined : to)
  return body + matches(body, /\bcall (\$\S+)/g).map((callee) => bodyOf(wat, callee, seen)).join('')
}

describe.each(filters.map((definition) => [definition.name, definition] as const))('filter %s', (name, definition) => {
  test('has a file, a factory and prose', () => {
    expect(list('src/filters')).toContain(`${name}.ts`)
    expect(Object.keys(factories)).toContain(factoryName(name))
    expect(definition.summary).toMatch(/^[A-Z].*\.$/)
    for (const param of Object.values(definition.params)) expect(param.summary).toMatch(/^[A-Z0-9].*\.$/)
  })

  test('its parameters are free words in WGSL and stand once in the registry', () => {
    const reserved = ['filter', 'pass', 'target', 'from', 'set', 'mod', 'shared', 'match', 'precision']
    for (const param of Object.keys(definition.params)) expect(reserved).not.toContain(param)
    expect(filters.filter((other) => other.name === name)).toHaveLength(1)
  })
})

function sectionsOf(bytes: Uint8Array): number[] {
  const sections: number[] = []
  for (let at = 8; at < bytes.length; ) {
    sections.push(bytes[at++] as number)
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number
      size |= (byte & 127) << shift
      if (byte < 128) break
    }
    at += size
  }
  return sections
}
