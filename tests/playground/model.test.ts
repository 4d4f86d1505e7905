// What the playground knows without a page: chains, links, code, sliders, starting values.
import { expect, test } from 'vitest'
import { type Chain, change, compile, itemOf, move, newItem, remove } from '../../playground/model/chain.js'
import { commandLine, javascript } from '../../playground/model/code.js'
import { begin, record, redo, undo } from '../../playground/model/history.js'
import { MOST_STEPS, chainJson, linkOf, readLink } from '../../playground/model/link.js'
import { recipe, recipes } from '../../playground/model/recipes.js'
import { POSITIONS, scaleOf } from '../../playground/model/scale.js'
import { isSize, lookOf, startOf } from '../../playground/model/start.js'
import { gridOf, listOfSize, resized, sidesOf } from '../../playground/model/tables.js'
import { type FilterFiles, parseCommand } from '../../src/cli/arguments.js'
import { type Step, makeStep } from '../../src/filters/define.js'
import * as factories from '../../src/filters/factories.js'
import { filters, findFilter } from '../../src/filters/index.js'
import type { Param } from '../../src/params.js'
import { compile as plan } from '../../src/plan.js'
import { stepsOf } from '../helpers/steps.js'

const SIZE = { width: 640, height: 480 }
const everyStep = filters.flatMap((definition) => stepsOf(definition))
const json = (steps: readonly Step[]): unknown => JSON.parse(JSON.stringify(steps))
const ids = (chain: Chain): number[] => chain.map(({ id }) => id)

test('a chain is added to, moved, changed and taken from', () => {
  const chain = ['invert', 'flip', 'flop'].map((name) => newItem(name, {}))
  const [a, b, c] = ids(chain) as [number, number, number]
  expect(ids(move(chain, c, 0))).toEqual([c, a, b])
  expect(ids(move(chain, a, 1))).toEqual([b, a, c])
  expect(ids(move(chain, a, Infinity))).toEqual([b, c, a])
  expect(ids(move(chain, c, -1))).toEqual([c, a, b])
  expect(move(chain, -1, 0)).toBe(chain)
  expect(ids(remove(chain, b))).toEqual([a, c])
  expect(compile(change(chain, b, { on: false })).items).toEqual([a, c])
})

test('values that do not fit each other are a fault of their step, said without its name', () => {
  const good = newItem('invert', {})
  const bad = newItem('convolve', { ...startOf(findFilter('convolve')!, SIZE), scale: 0 })
  expect(compile([good, bad])).toEqual({ steps: [], items: [], fault: { item: bad.id, message: 'Expected scale to be other than 0' } })
  expect(compile([good, { ...bad, on: false }]).steps).toHaveLength(1)
})

test('undo and redo, where changes of one kind are one step', () => {
  let history = begin('a')
  history = record(history, 'b', 'slider', 0)
  history = record(history, 'c', 'slider', 100)
  history = record(history, 'd', 'slider', 5000)
  history = record(history, 'e')
  history = undo(undo(history))
  expect(history.now).toBe('c')
  expect(undo(history).now).toBe('a')
  expect(undo(undo(undo(history))).now).toBe('a')
  expect(redo(redo(redo(history))).now).toBe('e')
  expect(record(history, 'f').future).toEqual([])
})

test('a link holds every step of every filter, and what is off', () => {
  const all = everyStep.map((step, index) => itemOf(step, index % 3 !== 0))
  for (let from = 0; from < all.length; from += MOST_STEPS) {
    const chain = all.slice(from, from + MOST_STEPS)
    const read = readLink(linkOf(chain)) as Chain
    expect(read.map(({ filter, values, on }) => ({ filter, values, on }))).toEqual(chain.map(({ filter, values, on }) => ({ filter, values, on })))
  }
  expect(readLink(linkOf([]))).toEqual([])
  expect(readLink('')).toBeUndefined()
  expect(readLink('#elsewhere')).toBeUndefined()
})

test('a link that is wrong throws an error with words', () => {
  const wrong = [
    '#steps=',
    '#steps=%',
    '#steps=%E0%A4%A',
    '#steps={}',
    '#steps=null',
    '#steps=[[]]',
    '#steps=["__proto__"]',
    '#steps=["constructor"]',
    '#steps=[{"filter":"gaussian-blur","sigma":1e9}]',
    '#steps=[{"filter":"gaussian-blur","__proto__":{"sigma":2},"sgima":2}]',
    '#steps=[{"filter":{"toString":1}}]',
    '#steps=["<img src=x onerror=alert(1)>"]',
    `#steps=${'['.repeat(50_000)}`,
    `#steps=${JSON.stringify(new Array(MOST_STEPS + 1).fill('invert'))}`,
    `#steps=["${'a'.repeat(300_000)}"]`,
  ]
  for (const hash of wrong) expect(() => readLink(hash), hash.slice(0, 80)).toThrow(/\w+ \w+/)
})

test('the code makes the steps that it is made from', () => {
  for (const step of everyStep) {
    const code = javascript([step], 'wasm')
    const [imports = '', ...body] = code.split('\n')
    const names = imports.replace(/^import \{ (.*) \} from 'isopix'$/, '$1').split(', ')
    const given: Record<string, unknown> = { ...factories, apply: (_image: unknown, steps: unknown, options: unknown) => ({ steps, options }) }
    const run = new Function('image', ...names, `${body.join('\n').replace('await ', '')}\nreturn result`)
    const { steps, options } = run(undefined, ...names.map((name) => given[name])) as { steps: Step[]; options: unknown }
    expect(json(steps)).toEqual(json([step]))
    expect(options).toEqual({ backend: 'wasm' })
  }
  expect(javascript([], 'auto')).toContain('apply(image, [])')
})

test('the command makes the steps that it is made from', () => {
  for (const step of everyStep) {
    const [program, ...words] = commandLine([step, step], 'reference').split(' ')
    expect(program).toBe('isopix')
    expect(words.join(' ')).toMatch(/^[\w./:=, -]+$/)
    const command = parseCommand(words, () => undefined) as FilterFiles
    expect(command).toMatchObject({ kind: 'files', inputs: ['photo.jpg'], output: 'result.png', backend: 'reference' })
    expect(json(command.steps)).toEqual(json([step, step]))
  }
})

test('recipes can be used', () => {
  expect(recipes.length).toBeGreaterThan(3)
  for (const name of recipes) expect(compile(recipe(name)).steps.length).toBeGreaterThan(0)
})

const numbers = filters.flatMap(({ name, params }) =>
  Object.entries(params)
    .filter(([, { kind }]) => kind === 'number' || kind === 'integer')
    .map(([key, param]) => [`${name}.${key}`, param] as const),
)

test.each(numbers)('the slider of %s reaches its whole range in order, and every key moves it', (_, param: Param<unknown>) => {
  for (const reach of isSize(param) ? [1, 2, 640] : [Infinity]) {
    const scale = scaleOf(param, reach)
    const top = Math.min(param.max as number, Math.max(reach, (param.min as number) + 1))
    const values = Array.from({ length: POSITIONS + 1 }, (_, position) => scale.value(position))
    expect(values[0]).toBe(param.min)
    expect(values[POSITIONS]).toBe(top)
    values.forEach((value, position) => {
      expect(param.accept(value), `${position}`).toBe(value)
      if (position > 0) expect(value).toBeGreaterThanOrEqual(values[position - 1] as number)
      // A value is shown where it was set, but for its rounding.
      expect(scale.value(scale.position(value))).toBeCloseTo(value, -Math.log10(Math.max(1e-9, Math.abs(value) * 0.12 + 0.06)))
      if (position > 0 && value < top) expect(scale.step(value, 1)).toBeGreaterThan(value)
      if (value > (param.min as number)) expect(scale.step(value, -1)).toBeLessThan(value)
    })
    if (reach === Infinity && typeof param.default === 'number') {
      expect(scale.position(param.default), 'there is room to both sides of the default, or it is an end').toSatisfy(
        (at: number) => at === 0 || at === POSITIONS || (at >= 5 && at <= POSITIONS - 5),
      )
    }
  }
})

test.each(filters.map((definition) => [definition.name, definition] as const))('%s can be added to any picture, and looks like something', (name, definition) => {
  for (const size of [SIZE, { width: 1, height: 1 }]) {
    const step = makeStep(definition, startOf(definition, size))
    expect(() => plan([step], { ...size, channels: 4, format: 'u8' }, false)).not.toThrow()
  }
  const looks = makeStep(definition, lookOf(definition, SIZE))
  const nodes = plan([looks], { ...SIZE, channels: 4, format: 'u8' }, true).result
  if (Object.values(definition.params).some(isSize)) expect(nodes, `${name} begins with the picture's size`).toBe(0)
  else expect(nodes).toBeGreaterThan(0)
})

test('brightness looks brighter, not black', () => {
  expect(lookOf(findFilter('brightness')!, SIZE)['amount']).toBeGreaterThan(1)
  expect(lookOf(findFilter('saturate')!, SIZE)['amount']).toBeGreaterThan(1)
})

test('lists are laid out by the sizes beside them', () => {
  const kernel = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(gridOf({ width: 3, height: 3 }, kernel)).toMatchObject({ columns: 3, rows: 3, named: false })
  expect(gridOf({}, new Array<number>(20).fill(0))).toMatchObject({ columns: 5, rows: 4, named: true })
  expect(gridOf({}, [1, 2])).toMatchObject({ columns: 2, rows: 1 })
  expect(resized(kernel, { width: 3, height: 3 }, { width: 1, height: 3 })).toEqual([2, 5, 8])
  expect(resized([1, 2, 3], { width: 3, height: 1 }, { width: 5, height: 3 })).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0])
  const convolve = findFilter('convolve')!
  expect(listOfSize(convolve)).toBe('kernel')
  expect(sidesOf(convolve, 'width')).toEqual([1, 3, 5, 7, 9, 11, 13, 15])
  expect(filters.filter((definition) => listOfSize(definition) !== undefined)).toEqual([convolve])
})

test('JSON names only what is not as by default', () => {
  expect(chainJson([itemOf(factories.gaussianBlur()), itemOf(factories.gaussianBlur({ sigma: 2 }))])).toBe('["gaussian-blur",{"filter":"gaussian-blur","sigma":2}]')
})
