// Steps from JSON and from text.
import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../../src/errors.js'
import { stepText } from '../../src/cli/text.js'
import { filters } from '../../src/filters/index.js'
import { MAX_STEPS, definitionOf, nearestFilter, parseStepText, parseSteps } from '../../src/parse-steps.js'
import { stepsOf } from '../helpers/steps.js'

const valuesOf = (text: string): unknown => parseStepText(text).values

test('a name alone is a step with its defaults', () => {
  expect(parseStepText('gaussian-blur')).toMatchObject({ filter: { name: 'gaussian-blur' }, values: { sigma: 1, border: 'replicate', fill: [0, 0, 0, 255] } })
})

test('keys and values of every kind', () => {
  expect(valuesOf('gaussian-blur:sigma=2.5,border=constant,fill=#33669980')).toEqual({ sigma: 2.5, border: 'constant', fill: [51, 102, 153, 128] })
  expect(valuesOf('gaussian-blur:fill=1/2/3')).toMatchObject({ fill: [1, 2, 3, 255] })
  expect(valuesOf('crop:left=1,top=2,width=3,height=4')).toEqual({ left: 1, top: 2, width: 3, height: 4 })
})

const wrong: readonly (readonly [string, string])[] = [
  ['', 'unknown filter ""'],
  ['gausian-blur', 'unknown filter "gausian-blur" (did you mean "gaussian-blur"?)'],
  [`${'x'.repeat(100_000)}`, `unknown filter "${'x'.repeat(40)}…"; "isopix filters"`],
  ['gaussian-blur:', 'gaussian-blur: expected key=value, got ""'],
  ['gaussian-blur:sigma=1,', 'gaussian-blur: expected key=value, got ""'],
  ['gaussian-blur:2', 'gaussian-blur: expected key=value, got "2"'],
  ['gaussian-blur:=2', 'gaussian-blur: expected key=value, got "=2"'],
  ['gaussian-blur:sigma=1=2', 'gaussian-blur: expected sigma to be a number from 0.1 to 100, got "1=2" (string)'],
  ['gaussian-blur:sigma=1,sigma=1', 'gaussian-blur: sigma is given twice'],
  ['gaussian-blur:sgima=1', 'gaussian-blur: unknown parameter "sgima" (did you mean "sigma"?)'],
  ['gaussian-blur:constructor=1', 'gaussian-blur: unknown parameter "constructor"'],
  ['gaussian-blur:__proto__=1', 'gaussian-blur: unknown parameter "__proto__"'],
  ['crop:left=1', 'crop: expected top to be'],
]

test.each(wrong)('%.40s is an error', (text, message) => {
  expect(() => parseStepText(text)).toThrow(InvalidArgumentError)
  expect(() => parseStepText(text)).toThrow(message)
})

test.each(filters.map(({ name }) => name))('%s: every step is the same again after text, and after JSON', (name) => {
  for (const step of stepsOf(definitionOf(name))) {
    expect(parseSteps(JSON.stringify([step]))[0]?.values).toEqual(step.values)
    const text = stepText(step)
    // Long lists are cut short where people read them.
    if (!text.includes('…')) expect(parseStepText(text).values, text).toEqual(step.values)
  }
})

test('a list of steps as JSON text or as a value', () => {
  const value = ['luminance', { filter: 'gaussian-blur', sigma: 2 }]
  for (const steps of [parseSteps(value), parseSteps(JSON.stringify(value))]) {
    expect(steps.map((step) => step.toJSON())).toMatchObject([{ filter: 'luminance' }, { filter: 'gaussian-blur', sigma: 2 }])
  }
  expect(parseSteps([])).toEqual([])
})

const wrongJson: readonly (readonly [unknown, string])[] = [
  ['[', 'the steps are not JSON: '],
  ['', 'the steps are not JSON: '],
  [undefined, 'parseSteps: expected steps to be a list, got nothing'],
  [{ filter: 'invert' }, 'parseSteps: expected steps to be a list, got Object (object)'],
  [null, 'got null'],
  [[null], 'parseSteps: expected step 1 to be an object such as { "filter": "invert" }, got null'],
  [['invert', []], 'expected step 2 to be an object'],
  [['invert', 3], 'expected step 2 to be an object'],
  [[{}], 'parseSteps: expected the filter of step 1 to be a name, got nothing'],
  [[{ filter: 3 }], 'expected the filter of step 1 to be a name, got 3'],
  [['invert', 'invrt'], 'step 2: unknown filter "invrt" (did you mean "invert"?)'],
  [['invert', { filter: 'gaussian-blur', sigma: 0 }], 'step 2, gaussian-blur: expected sigma to be a number from 0.1 to 100, got 0'],
  [['invert', { filter: 'gaussian-blur', sigma: '2' }], 'step 2, gaussian-blur: expected sigma to be a number from 0.1 to 100, got "2" (string)'],
  [[{ filter: 'gaussian-blur', sgima: 2 }], 'step 1, gaussian-blur: unknown parameter "sgima" (did you mean "sigma"?)'],
  [['[{"filter":"invert","__proto__":{"x":1}}]'].map((text) => JSON.parse(text)[0]), 'step 1, invert: unknown parameter "__proto__"'],
  [new Array(MAX_STEPS + 1).fill('invert'), `expected steps to be a list of at most ${MAX_STEPS}, got an array of ${MAX_STEPS + 1}`],
]

test.each(wrongJson)('JSON %j is an error', (json, message) => {
  expect(() => parseSteps(json)).toThrow(InvalidArgumentError)
  expect(() => parseSteps(json)).toThrow(message)
})

test('the nearest filter by the whole name or by a word of it', () => {
  expect(nearestFilter('gausian-blur')).toBe('gaussian-blur')
  expect(nearestFilter('gaussianBlur')).toBe('gaussian-blur')
  expect(nearestFilter('gaussian')).toBe('gaussian-blur')
  expect(nearestFilter('INVERT')).toBe('invert')
  expect(nearestFilter('qqqqqqqq')).toBeUndefined()
})
