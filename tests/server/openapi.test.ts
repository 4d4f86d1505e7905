// The description says what the server does: its schemas accept what the registry accepts, and its paths are the routes.
import { fastify } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Definition, makeStep } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import { parseStepText } from '../../src/parse-steps.js'
import { stepsOf } from '../helpers/steps.js'
import { type TestServer, startServer } from '../helpers/server.js'

type Schema = { [key: string]: Schema } & { [key: string]: unknown }

let server: TestServer
let description: Schema
let accepts: (schema: object, value: unknown) => Promise<boolean>

beforeAll(async () => {
  server = await startServer()
  description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Schema
  accepts = validator(description)
})
afterAll(() => server.close())

/** A JSON Schema validator that knows the description's components. */
function validator({ components }: Schema): typeof accepts {
  const text = JSON.stringify(components?.['schemas']).replaceAll('#/components/schemas/', 'components#/definitions/')
  const compiled = new Map<object, ReturnType<typeof build>>()
  const build = (schema: object) => {
    const app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } })
    app.addSchema({ $id: 'components', definitions: JSON.parse(text) })
    app.post('/', { schema: { body: { type: 'object', properties: { value: JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', 'components#/definitions/')) } } } }, async () => 'ok')
    return app
  }
  return async (schema, value) => {
    const app = compiled.get(schema) ?? build(schema)
    compiled.set(schema, app)
    const { statusCode } = await app.inject({ method: 'POST', url: '/', payload: { value } })
    return statusCode === 200
  }
}

const STEP = { $ref: '#/components/schemas/Step' }
const STEP_TEXT = { $ref: '#/components/schemas/StepText' }
const isMade = (definition: Definition, input: object): boolean => {
  try {
    makeStep(definition, input)
    return true
  } catch {
    return false
  }
}

test.each(filters.map((filter) => [filter.name, filter] as const))('%s: what it takes is accepted, and what it does not is not', async (name, filter) => {
  for (const step of stepsOf(filter)) expect(await accepts(STEP, step.toJSON()), JSON.stringify(step)).toBe(true)
  const good = (stepsOf(filter)[0] as ReturnType<typeof stepsOf>[number]).toJSON()
  expect(await accepts(STEP, { ...good, misspelt: 1 })).toBe(false)
  expect(await accepts(STEP, name), 'the name alone').toBe(isMade(filter, {}))
  for (const [key, { kind, min, max }] of Object.entries(filter.params)) {
    const values = kind === 'number' || kind === 'integer' ? [min, max, (min as number) - 1, (max as number) + 1, '1'] : [{}, 'no such thing', null]
    for (const value of values) {
      // Rules about several parameters are not the schema's.
      const isKnown = filter.params[key]?.accept(value) !== undefined
      expect(await accepts(STEP, { ...good, [key]: value }), `${key} ${JSON.stringify(value)}`).toBe(isKnown)
    }
    const { [key]: _, ...without } = good
    expect(await accepts(STEP, without), `without ${key}`).toBe(filter.params[key]?.default !== undefined)
  }
})

test('ranges, defaults and sentences are those of the registry', () => {
  const schemas = description['components']?.['schemas'] as Schema
  for (const { name, summary, params } of filters) {
    expect(schemas[name]).toMatchObject({ title: name, description: expect.stringContaining(summary) })
    for (const [key, param] of Object.entries(params)) {
      const schema = (schemas[name]?.['properties'] as Schema)[key]
      expect(schema?.['description']).toContain(param.summary)
      expect(schema?.['default']).toEqual(param.default)
      if (param.kind === 'number' || param.kind === 'integer') expect(schema).toMatchObject({ type: param.kind, minimum: param.min, maximum: param.max })
    }
  }
})

test('steps as text', async () => {
  for (const text of ['invert', 'gaussian-blur:sigma=2', 'crop:left=1,top=2,width=3,height=4']) {
    expect(parseStepText(text)).toBeDefined()
    expect(await accepts(STEP_TEXT, text)).toBe(true)
  }
  for (const text of ['', 'inverted', 'gaussian-blur sigma=2', 'constructor']) expect(await accepts(STEP_TEXT, text)).toBe(false)
})

test('every path and method is there', async () => {
  for (const [path, operations] of Object.entries(description['paths'] as Schema)) {
    for (const method of Object.keys(operations)) {
      const { status } = await fetch(server.url + path, { method: method.toUpperCase() })
      expect(status, `${method} ${path}`).not.toBe(404)
      expect(status, `${method} ${path}`).not.toBe(405)
    }
  }
})

test('every reference leads somewhere', () => {
  for (const [, name] of JSON.stringify(description).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(description['components']?.['schemas']?.[name as string], name).toBeDefined()
  }
})
