// What the server answers: the reference's bytes, in the format that was asked for, under a tag that depends on nothing else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeFilter } from '../../src/filters/describe.js'
import { filters } from '../../src/filters/index.js'
import type { Image } from '../../src/image.js'
import { parseStepText, parseSteps } from '../../src/parse-steps.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'
import { type TestServer, bytesOf, decode, encode, metric, post, problemIn, startServer } from '../helpers/server.js'
import { stepsOf } from '../helpers/steps.js'

const rgba = makeImage(83, 61, 4)
const rgb = makeImage(83, 61, 3)
let server: TestServer
let png: Buffer

beforeAll(async () => {
  server = await startServer()
  png = await encode(rgba)
})
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

const INVERT = 'step=invert'
const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])

async function expectImage(response: Response, expected: Image): Promise<void> {
  expect(response.status, response.ok ? '' : await response.clone().text()).toBe(200)
  expect(difference(await decode(await bytesOf(response)), expected)).toBeUndefined()
}

describe('bytes', () => {
  test.each(filters.map((filter) => [filter.name, filter] as const))('%s', async (_, filter) => {
    for (const step of stepsOf(filter)) {
      if (filter.fits?.(step.values, { width: rgba.width, height: rgba.height, channels: 4, format: 'u8' }) !== undefined) continue
      const form = new FormData()
      form.set('image', blobOf(png))
      form.set('steps', JSON.stringify([step]))
      await expectImage(await post(server.url, form), await reference(rgba, step))
    }
  })

  test.each([
    ['rgb', rgb],
    ['rgba', rgba],
  ] as const)('a chain in the query, %s', async (_, image) => {
    const texts = ['gaussian-blur:sigma=2,border=constant,fill=#336699', 'resize:width=40,height=50', 'color-matrix:matrix=0/1/0/0/0/0/0/1/0/0/1/0/0/0/0/0/0/0/1/0', 'luminance']
    const query = texts.map((text) => `step=${encodeURIComponent(text)}`).join('&')
    await expectImage(await post(server.url, await encode(image), { query }), await reference(image, ...texts.map(parseStepText)))
  })

  test('several at once', async () => {
    const images = Array.from({ length: 12 }, (_, seed) => makeImage(200 + 31 * seed, 150 + 17 * seed, 4, 'noise', seed + 1))
    const step = parseStepText('gaussian-blur:sigma=3')
    await Promise.all(images.map(async (image) => expectImage(await post(server.url, await encode(image), { query: 'step=gaussian-blur:sigma=3' }), await reference(image, step))))
  })
})

describe('steps', () => {
  test.each([
    ['a field', '["invert", { "filter": "gaussian-blur", "sigma": 2 }]'],
    ['a file', new Blob(['["invert", { "filter": "gaussian-blur", "sigma": 2 }]'], { type: 'application/json' })],
  ])('as %s of a form, before or behind the picture', async (_, steps) => {
    const expected = await reference(rgba, ...parseSteps('["invert", { "filter": "gaussian-blur", "sigma": 2 }]'))
    for (const order of [['image', 'steps'], ['steps', 'image']]) {
      const form = new FormData()
      for (const name of order) form.append(name, name === 'image' ? blobOf(png) : steps)
      await expectImage(await post(server.url, form), expected)
    }
  })

  test('in the query, of a form with a picture alone', async () => {
    const form = new FormData()
    form.set('image', blobOf(png), 'photo.png')
    await expectImage(await post(server.url, form, { query: INVERT }), await reference(rgba, parseStepText('invert')))
  })
})

describe('formats', () => {
  test.each(['png', 'jpeg', 'webp', 'tiff', 'gif', 'avif'] as const)('%s in gives %s back', async (format) => {
    const response = await post(server.url, await encode(rgb, format), { query: INVERT, type: `image/${format}` })
    expect(response.headers.get('content-type')).toBe(`image/${format}`)
    const image = await decode(await bytesOf(response))
    expect([image.width, image.height]).toEqual([83, 61])
  })

  test.each([
    ['', undefined, 'image/png', 'Accept'],
    ['', '*/*', 'image/png', 'Accept'],
    ['', 'image/webp', 'image/webp', 'Accept'],
    ['', 'image/avif,image/webp,*/*;q=0.8', 'image/webp', 'Accept'],
    ['', 'image/*;q=0.5,image/png;q=0.4,image/tiff;q=0.9', 'image/tiff', 'Accept'],
    ['', 'image/png;q=0,*/*', 'image/jpeg', 'Accept'],
    ['&format=tiff', 'image/webp', 'image/tiff', null],
    ['&format=jpg', undefined, 'image/jpeg', null],
  ])('format "%s", Accept "%s"', async (query, accept, type, vary) => {
    const response = await post(server.url, png, { query: INVERT + query, headers: accept === undefined ? {} : { accept } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('vary')).toBe(vary)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Number(response.headers.get('content-length'))).toBe((await bytesOf(response)).length)
  })

  test('lossless formats have the same pixels', async () => {
    const expected = await reference(rgba, parseStepText('sepia'))
    for (const format of ['png', 'tiff']) await expectImage(await post(server.url, png, { query: `step=sepia&format=${format}` }), expected)
  })

  test('what the bytes are counts, not what they are called', async () => {
    const response = await post(server.url, await encode(rgb, 'tiff'), { query: INVERT, type: 'image/jpeg' })
    expect(response.headers.get('content-type')).toBe('image/tiff')
  })

  test('quality', async () => {
    const sizes = await Promise.all(['10', '95'].map(async (quality) => (await bytesOf(await post(server.url, png, { query: `${INVERT}&format=jpeg&quality=${quality}` }))).length))
    expect(sizes[0]).toBeLessThan((sizes[1] as number) / 2)
  })

  test('a picture that lies on its side is turned upright', async () => {
    const { default: sharp } = await import('sharp')
    const sideways = await sharp(rgb.data, { raw: { width: 83, height: 61, channels: 3 } }).withMetadata({ orientation: 6 }).png().toBuffer()
    const image = await decode(await bytesOf(await post(server.url, sideways, { query: INVERT })))
    expect([image.width, image.height]).toEqual([61, 83])
  })

  test('the time that each part took', async () => {
    const response = await post(server.url, png, { query: INVERT })
    expect(response.headers.get('server-timing')).toMatch(/^queue;dur=[\d.]+, decode;dur=[\d.]+, filter;desc="wasm";dur=[\d.]+, encode;dur=[\d.]+$/)
  })
})

describe('tags', () => {
  const tagOf = async (query: string, body: Uint8Array = png, headers = {}): Promise<string> => (await post(server.url, body, { query, headers })).headers.get('etag') as string

  test('are strong, and the same for the same request', async () => {
    const tag = await tagOf(INVERT)
    expect(tag).toMatch(/^"[\w-]{43}"$/)
    expect(await tagOf(INVERT)).toBe(tag)
    // However it is written.
    expect(await tagOf('step=gaussian-blur')).toBe(await tagOf('step=gaussian-blur:sigma=1'))
    const form = new FormData()
    form.set('image', blobOf(png))
    form.set('steps', '["invert"]')
    expect((await post(server.url, form)).headers.get('etag')).toBe(tag)
  })

  test('differ with whatever the bytes depend on', async () => {
    const other = await startServer({ version: '0.0.1-test' })
    try {
      const tags = await Promise.all([
        tagOf(INVERT),
        tagOf('step=invert&step=invert'),
        tagOf('step=gaussian-blur:sigma=1'),
        tagOf('step=gaussian-blur:sigma=2'),
        tagOf(`${INVERT}&format=jpeg`),
        tagOf(`${INVERT}&format=jpeg&quality=50`),
        tagOf(INVERT, png, { accept: 'image/webp' }),
        tagOf(INVERT, await encode(rgb)),
        post(other.url, png, { query: INVERT }).then((response) => response.headers.get('etag')),
      ])
      expect(new Set(tags).size).toBe(tags.length)
    } finally {
      await other.close()
    }
  })

  test.each([
    ['the tag', (tag: string) => tag, 304],
    ['the tag, weak', (tag: string) => `W/${tag}`, 304],
    ['the tag among others', (tag: string) => `"other", ${tag}`, 304],
    ['anything', () => '*', 304],
    ['another', () => '"other"', 200],
    ['half of it', (tag: string) => `${tag.slice(0, 20)}"`, 200],
  ] as const)('If-None-Match: %s', async (_, header, status) => {
    const tag = await tagOf(INVERT)
    const calls = server.engine.stats().calls
    const response = await post(server.url, png, { query: INVERT, headers: { 'if-none-match': header(tag) } })
    expect(response.status).toBe(status)
    expect(response.headers.get('etag')).toBe(tag)
    expect(response.headers.get('vary')).toBe('Accept')
    expect((await bytesOf(response)).length > 0, 'a body only where there is something new').toBe(status === 200)
    expect(server.engine.stats().calls - calls, 'nothing is filtered for nothing').toBe(status === 200 ? 1 : 0)
  })

  test('a refusal has none', async () => {
    const response = await post(server.url, png, { query: 'step=crop:left=0,top=0,width=999,height=1' })
    expect(response.status).toBe(422)
    expect(response.headers.get('etag')).toBeNull()
  })
})

describe('beside filtering', () => {
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(server.url + path, init)

  test('the filters', async () => {
    expect(await (await get('/v1/filters')).json()).toEqual(JSON.parse(JSON.stringify(filters.map(describeFilter))))
  })

  test('health', async () => {
    for (const path of ['/healthz', '/readyz']) expect(await (await get(path)).json()).toEqual({ status: 'ok' })
  })

  test('metrics count what was done', async () => {
    const names = ['isopix_requests_total', 'isopix_request_seconds_count', 'isopix_pixels_total', 'isopix_engine_calls']
    const before = await Promise.all(names.map((name) => metric(server.url, name)))
    await bytesOf(await post(server.url, png, { query: INVERT }))
    const after = await Promise.all(names.map((name) => metric(server.url, name)))
    const [requests, seconds, pixels, calls] = after.map((value, index) => value - (before[index] as number))
    expect(requests, 'the picture, and the metrics themselves').toBeGreaterThanOrEqual(1)
    expect(seconds).toBe(requests)
    expect(pixels).toBe(83 * 61)
    expect(calls).toBe(1)
    for (const name of ['isopix_requests_inside', 'isopix_requests_in_flight', 'isopix_queue_length', 'isopix_engine_arena_bytes_used']) {
      expect(await metric(server.url, name), name).toBe(0)
    }
    expect(await metric(server.url, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  })

  test('a page of another origin reads nothing', async () => {
    const response = await post(server.url, png, { query: INVERT, headers: { origin: 'https://example.org' } })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  test.each([
    ['GET', '/', 404, 'ERR_NOT_FOUND'],
    ['GET', '/v1/apply', 405, 'ERR_METHOD'],
    ['PUT', '/v1/apply', 405, 'ERR_METHOD'],
    ['POST', '/v1/filters', 405, 'ERR_METHOD'],
    ['GET', '/../../etc/passwd', 404, 'ERR_NOT_FOUND'],
    ['GET', '/v1/%zz', 400, 'ERR_BAD_REQUEST'],
  ])('%s %s', async (method, path, status, code) => {
    const response = await get(path, { method })
    expect(await problemIn(response)).toMatchObject({ status, code })
    if (status === 405) expect(response.headers.get('allow')).toBe(path === '/v1/apply' ? 'POST' : 'GET, HEAD')
  })
})
