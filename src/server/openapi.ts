// The description of the server for programs, made from the registry.
import { type Definition, makeStep } from '../filters/define.js'
import { filters } from '../filters/index.js'
import type { Param } from '../params.js'
import { FORMAT_NAMES, PICTURE_TYPES } from './formats.js'
import type { Limits } from './limits.js'
import { PROBLEM_TYPE, STATUS } from './problems.js'

type Schema = Record<string, unknown>

export function openApi({ maxBytes, maxPixels, maxSteps, version }: Limits & { readonly version: string }): Schema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'isopix',
      version,
      summary: 'Filters pictures.',
      description: `Bodies have at most ${maxBytes} bytes, pictures at most ${maxPixels} pixels, and requests at most ${maxSteps} steps.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/v1/apply': { post: applyOperation(maxSteps) },
      '/v1/filters': { get: { operationId: 'filters', summary: 'Every filter with its parameters.', responses: { 200: json('The filters.', { type: 'array', items: { type: 'object' } }) } } },
      '/openapi.json': { get: { operationId: 'description', summary: 'This description.', responses: { 200: json('OpenAPI 3.1.', { type: 'object' }) } } },
      '/healthz': { get: { operationId: 'health', summary: 'Whether the server runs.', responses: { 200: json('It does.', { type: 'object' }) } } },
      '/readyz': { get: { operationId: 'ready', summary: 'Whether the server takes requests.', responses: { 200: json('It does.', { type: 'object' }), 503: problem(503) } } },
      '/metrics': { get: { operationId: 'metrics', summary: 'Metrics for Prometheus.', responses: { 200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } } } } },
    },
    components: {
      schemas: {
        Problem: {
          type: 'object',
          description: 'RFC 9457, with a code that does not change.',
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            code: { type: 'string', enum: Object.keys(STATUS) },
            detail: { type: 'string' },
          },
          required: ['type', 'title', 'status', 'code', 'detail'],
        },
        StepText: {
          type: 'string',
          description: 'name, or name:key=value,key=value; items of a list are separated by "/".',
          pattern: `^(${filters.map(({ name }) => name).join('|')})(:.+)?$`,
          examples: ['luminance', 'gaussian-blur:sigma=2'],
        },
        Step: {
          oneOf: [
            { type: 'string', enum: filters.filter(needsNothing).map(({ name }) => name) },
            ...filters.map(({ name }) => ({ $ref: `#/components/schemas/${name}` })),
          ],
        },
        ...Object.fromEntries(filters.map((definition) => [definition.name, filterSchema(definition)])),
      },
    },
  }
}

function applyOperation(maxSteps: number): Schema {
  const pictures = Object.fromEntries(PICTURE_TYPES.map((type) => [type, {}]))
  const errors = [...new Set(Object.values(STATUS))].filter((status) => status !== STATUS.ERR_NOT_FOUND && status !== STATUS.ERR_METHOD)
  const validators = { ETag: { description: 'The same for the same request.', schema: { type: 'string' } } }
  return {
    operationId: 'apply',
    summary: 'Filters a picture.',
    description:
      'The body is a picture, with the steps in the query; or a form with the picture as "image" and the steps as "steps". ' +
      'The first picture of a file is read, upright, in sRGB with 8 bits a channel, without metadata. The same request always gets the same bytes.',
    parameters: [
      {
        name: 'step',
        in: 'query',
        description: 'A step; given again for each one, in order.',
        style: 'form',
        explode: true,
        schema: { type: 'array', items: { $ref: '#/components/schemas/StepText' }, minItems: 1, maxItems: maxSteps },
      },
      { name: 'format', in: 'query', description: 'The format of the answer. Default: what Accept prefers, or that of the picture.', schema: { type: 'string', enum: FORMAT_NAMES } },
      { name: 'quality', in: 'query', description: 'For jpeg, webp and avif.', schema: { type: 'integer', minimum: 1, maximum: 100 } },
      { name: 'If-None-Match', in: 'header', description: 'Tags of answers that the client has.', schema: { type: 'string' } },
    ],
    requestBody: {
      required: true,
      content: {
        ...pictures,
        'application/octet-stream': {},
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: {
              image: { description: 'The picture.', contentMediaType: 'application/octet-stream' },
              steps: { type: 'array', items: { $ref: '#/components/schemas/Step' }, minItems: 1, maxItems: maxSteps },
            },
            required: ['image'],
            additionalProperties: false,
          },
          encoding: { steps: { contentType: 'application/json' } },
        },
      },
    },
    responses: {
      200: { description: 'The filtered picture.', headers: validators, content: pictures },
      304: { description: 'The client has it already.', headers: validators },
      ...Object.fromEntries(errors.map((status) => [status, problem(status)])),
    },
  }
}

function problem(status: number): Schema {
  const codes = Object.entries(STATUS).flatMap(([code, other]) => (other === status ? [code] : []))
  return {
    description: codes.join(', '),
    ...(status === STATUS.ERR_BUSY ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } } : {}),
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

const json = (description: string, schema: Schema): Schema => ({ description, content: { 'application/json': { schema } } })

function filterSchema({ name, summary, details, params }: Definition): Schema {
  const required = Object.entries(params).flatMap(([key, { default: value }]) => (value === undefined ? [key] : []))
  return {
    type: 'object',
    title: name,
    description: details === undefined ? summary : `${summary}\n\n${details}`,
    properties: { filter: { const: name }, ...Object.fromEntries(Object.entries(params).map(([key, param]) => [key, paramSchema(param)])) },
    required: ['filter', ...required],
    additionalProperties: false,
  }
}

function paramSchema(param: Param<unknown>): Schema {
  const { default: value, summary, unit, expected } = param
  const about = unit === undefined ? summary : `${summary} In ${unit}.`
  return {
    description: `${about} ${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`,
    ...valueSchema(param),
    ...(value === undefined ? {} : { default: value }),
  }
}

function valueSchema({ kind, min, max, options }: Param<unknown>): Schema {
  const range = { minimum: min, maximum: max }
  switch (kind) {
    case 'number':
    case 'integer':
      return { type: kind, ...range }
    case 'choice':
      return { type: 'string', enum: options }
    case 'list':
      return { type: 'array', items: { type: 'number', ...range }, minItems: 1 }
    case 'color': {
      const level = { type: 'integer', minimum: 0, maximum: 255 }
      const hex = { type: 'string', pattern: '^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$' }
      return { oneOf: [hex, level, { type: 'array', items: level, minItems: 3, maxItems: 4 }] }
    }
  }
}

/** Whether a filter can be written as its name alone. */
function needsNothing(definition: Definition): boolean {
  try {
    makeStep(definition, {})
    return true
  } catch {
    return false
  }
}
