// Parameters of filters: what each kind accepts, from values and from text.
import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../../src/errors.js'
import { type Param, borderParams, choice, color, integer, list, number, resolve } from '../../src/params.js'

const amount = number({ default: 1, min: 0.5, max: 8, summary: 'How much.' })
const radius = integer({ default: 2, min: 1, max: 50, summary: 'How far.' })
const width = integer({ min: 1, max: 100, summary: 'Required.' })
const shape = choice({ options: ['round', 'square'], default: 'round', summary: 'Which.' })
const matrix = list({ lengths: [4, 9], min: -1, max: 1, summary: 'Four or nine.' })
const table = list({ lengths: [3], min: 0, max: 255, integer: true, summary: 'Bytes.' })
const any = list({ lengths: [], min: 0, max: 9, summary: 'Some.' })
const fill = color({ default: [0, 0, 0, 255], summary: 'A colour.' })

const rejected: readonly (readonly [string, Param<unknown>, readonly unknown[]])[] = [
  ['number', amount, [Number.NaN, Number.POSITIVE_INFINITY, 0.4999, 8.0001, -1, '2', null, true, 2n, [2], {}, Object(2)]],
  ['integer', radius, [Number.NaN, Number.NEGATIVE_INFINITY, 0, 51, 1.5, '2', null, false, 2n, [2], {}]],
  ['choice', shape, ['ROUND', '', 'toString', 0, null, ['round'], {}]],
  ['list', matrix, [[], [1, 1, 1], [1, 1, 1, Number.NaN], [1, 1, 1, 1.01], [1, 1, 1, '1'], [1, , 1, 1], '1111', 4, null, { length: 4 }, new ArrayBuffer(4), new DataView(new ArrayBuffer(4))]],
  ['list of whole numbers', table, [[1, 2, 2.5], [1, 2, 256], [1, 2, -1], [1, 2]]],
  ['list of any length', any, [[], [10], [Number.NaN]]],
  ['colour', fill, ['red', '#12345', '#gggggg', '', 256, -1, 1.5, Number.NaN, null, [1, 2], [1, 2, 3, 4, 5], [1, 2, 256], [1, 2, '3'], {}, true]],
]

test.each(rejected)('a %s rejects what it should, and names itself', (_, param, values) => {
  for (const value of values) {
    expect(param.accept(value), String(value)).toBeUndefined()
    const error = caught(() => resolve('someFilter', { it: param }, { it: value }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(`someFilter: expected it to be ${param.expected}, got `) })
  }
})

const accepted: readonly (readonly [string, Param<unknown>, readonly (readonly [unknown, unknown])[]])[] = [
  ['number', amount, [[0.5, 0.5], [8, 8], [1e0, 1]]],
  ['integer', radius, [[1, 1], [50, 50]]],
  ['choice', shape, [['square', 'square']]],
  ['list', matrix, [[[1, 0, 0, -1], [1, 0, 0, -1]], [new Float64Array(9), [0, 0, 0, 0, 0, 0, 0, 0, 0]]]],
  ['list of whole numbers', table, [[new Uint8Array([0, 7, 255]), [0, 7, 255]]]],
  ['list of any length', any, [[[0], [0]], [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]]],
  ['colour', fill, [['#369', [51, 102, 153, 255]], ['#33669980', [51, 102, 153, 128]], ['#ABCDEF', [171, 205, 239, 255]], [7, [7, 7, 7, 255]], [[1, 2, 3], [1, 2, 3, 255]], [[1, 2, 3, 4], [1, 2, 3, 4]]]],
]

test.each(accepted)('a %s accepts what it should, boundaries included', (_, param, values) => {
  for (const [value, result] of values) expect(param.accept(value)).toEqual(result)
})

const texts: readonly (readonly [string, Param<unknown>, readonly (readonly [string, unknown])[]])[] = [
  ['number', amount, [['2', 2], [' 2.5 ', 2.5], ['1e0', 1], ['NaN', undefined], ['', undefined], ['two', undefined], ['2px', undefined], ['Infinity', undefined]]],
  ['integer', radius, [['2', 2], ['2.0', 2], ['2.5', undefined], ['', undefined]]],
  ['choice', shape, [['square', 'square'], ['squares', undefined], [' square', undefined]]],
  ['list', matrix, [['1/0/0/-1', [1, 0, 0, -1]], ['1 0 0 -1', [1, 0, 0, -1]], ['1;0;0;-1', [1, 0, 0, -1]], ['1/0/0', undefined], ['1/0/0/x', undefined], ['', undefined]]],
  ['colour', fill, [['#369', [51, 102, 153, 255]], ['128', [128, 128, 128, 255]], ['1/2/3', [1, 2, 3, 255]], ['1/2/3/4', [1, 2, 3, 4]], ['red', undefined], ['1/2', undefined]]],
]

test.each(texts)('a %s from text', (_, param, values) => {
  for (const [text, result] of values) expect(param.accept(param.fromText(text)), text).toEqual(result)
})

test('defaults are filled in where nothing is given, and only there', () => {
  const params = { amount, radius, shape, ...borderParams }
  const defaults = { amount: 1, radius: 2, shape: 'round', border: 'replicate', fill: [0, 0, 0, 255] }
  expect(resolve('f', params)).toEqual(defaults)
  expect(resolve('f', params, { amount: undefined, radius: 3 })).toEqual({ ...defaults, radius: 3 })
  expect(() => resolve('f', params, { amount: null })).toThrow('f: expected amount to be a number from 0.5 to 8, got null')
})

test('every default is accepted, and values cannot be changed', () => {
  for (const param of [amount, radius, shape, fill, borderParams.border, borderParams.fill] as readonly Param<unknown>[]) expect(param.accept(param.default)).toEqual(param.default)
  const values = resolve('f', { amount, matrix, fill }, { matrix: [1, 0, 0, 1] })
  expect(Object.isFrozen(values) && Object.isFrozen(values.matrix)).toBe(true)
})

test('a list is copied: what happens to the caller\'s own later does not matter', () => {
  const mine = [1, 0, 0, 1]
  const values = resolve('f', { matrix }, { matrix: mine })
  mine[0] = 0
  expect(values.matrix).toEqual([1, 0, 0, 1])
})

test('a required parameter is required', () => {
  expect(() => resolve('crop', { width }, {})).toThrow('crop: expected width to be a whole number from 1 to 100, got nothing')
})

test('an unknown key is an error with the nearest name', () => {
  const params = { amount, radius }
  expect(() => resolve('blur', params, { raduis: 2 })).toThrow('blur: unknown parameter "raduis" (did you mean "radius"?); it has amount, radius')
  expect(() => resolve('blur', params, { xyz: 2 })).toThrow('blur: unknown parameter "xyz"; it has amount, radius')
  expect(() => resolve('invert', {}, { xyz: 2 })).toThrow('invert: unknown parameter "xyz"; it has none')
  for (const key of ['constructor', 'toString', '__proto__']) expect(() => resolve('invert', {}, JSON.parse(`{ "${key}": 1 }`))).toThrow(`unknown parameter "${key}"`)
})

test('parameters have to be an object', () => {
  for (const given of [null, 3, 'radius=2', [2], true]) expect(caught(() => resolve('blur', { radius }, given))).toBeInstanceOf(InvalidArgumentError)
})

function caught(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return expect.fail('it was accepted')
}
