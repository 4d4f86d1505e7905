// What the server refuses, with which status and code, and that it costs nothing.
import { createHash } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crop, gaussianBlur, invert, resize, rotate90 } from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import { compile } from '../../src/plan.js'
import { MAX_SIDE, checkSteps } from '../../src/server/limits.js'
import { makeImage } from '../helpers/images.js'
import { RawClient, type TestServer, encode, head, metric, pngFile, post, problemIn, startServer, until } from '../helpers/server.js'
import { stepsOf } from '../helpers/steps.js'

let server: TestServer
let png: Buffer
/** Calls of the engine. */
let filtered = 0

beforeAll(async () => {
  server = await startServer({}, (apply) => (...call) => {
    filtered++
    return apply(...call)
  })
  png = await encode(makeImage(40, 30, 4))
})
afterAll(async () => {
  await server.close()
  expect(server.errors, 'a refusal is no failure').toEqual([])
  expect(filtered, 'nothing that is refused is filtered').toBe(0)
})

const refusal = async (body: BodyInit | Uint8Array, options: Parameters<typeof post>[2] = {}): Promise<Record<string, unknown>> => {
  const problem = await problemIn(await post(server.url, body, { query: 'step=invert', ...options }))
  expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'code', 'detail'])
  return problem
}

describe('steps', () => {
  test.each([
    ['', 'ERR_INVALID_ARGUMENT', 'no step is given'],
    ['step=', 'ERR_INVALID_ARGUMENT', 'unknown filter ""'],
    ['step=gausian-blur', 'ERR_INVALID_ARGUMENT', 'unknown filter "gausian-blur" (did you mean "gaussian-blur"?)'],
    ['step=gaussian-blur:sigma=1e9', 'ERR_INVALID_ARGUMENT', 'expected sigma to be a number from 0.1 to 100'],
    ['step=gaussian-blur:__proto__=1', 'ERR_INVALID_ARGUMENT', 'unknown parameter "__proto__"'],
    ['step=constructor', 'ERR_INVALID_ARGUMENT', 'unknown filter "constructor"'],
    ['steps=invert', 'ERR_INVALID_ARGUMENT', 'unknown parameter "steps" (did you mean "step"?)'],
    ['step=invert&__proto__=1', 'ERR_INVALID_ARGUMENT', 'unknown parameter "__proto__"'],
    ['step=invert&format=bmp', 'ERR_INVALID_ARGUMENT', 'expected format to be one of png'],
    ['step=invert&format=png&format=gif', 'ERR_INVALID_ARGUMENT', 'format is given 2 times'],
    ['step=invert&quality=50', 'ERR_INVALID_ARGUMENT', 'png has no quality'],
    ['step=invert&format=jpeg&quality=0', 'ERR_INVALID_ARGUMENT', 'expected quality to be a whole number from 1 to 100, got "0"'],
    ['step=invert&format=jpeg&quality=1e1', 'ERR_INVALID_ARGUMENT', 'got "1e1"'],
    [Array(9).fill('step=invert').join('&'), 'ERR_LIMIT', 'expected at most 8 steps, got 9'],
    ['step=luminance&step=sepia', 'ERR_STEP', 'step 2, sepia: expected an image with colour'],
    ['step=crop:left=30,top=0,width=11,height=1', 'ERR_STEP', 'step 1, crop: expected the rectangle to lie within the image of 40 x 30'],
    ['step=resize:width=2001,height=2000', 'ERR_LIMIT', 'step 1, resize, makes a picture that has 2001 x 2000 = 4002000 pixels, and at most 4000000 are allowed'],
    ['step=resize:width=100000,height=100000', 'ERR_INVALID_ARGUMENT', 'expected at most 4294967295 pixels'],
    ['step=resize:width=1048576,height=1&step=crop:left=0,top=0,width=1,height=1', 'ERR_LIMIT', `step 1, resize, makes a picture that is 1048576 x 1, and no side may be longer than ${MAX_SIDE}`],
  ])('%s', async (query, code, detail) => {
    expect(await refusal(png, { query })).toMatchObject({ status: 422, code, detail: expect.stringContaining(detail) })
  })

  test.each([
    ['no JSON', '[', 422, 'ERR_INVALID_ARGUMENT', 'the steps are not JSON'],
    ['no list', '{}', 422, 'ERR_INVALID_ARGUMENT', 'expected steps to be a list'],
    ['an empty list', '[]', 422, 'ERR_INVALID_ARGUMENT', 'no step is given'],
    ['too many', JSON.stringify(Array(9).fill('invert')), 422, 'ERR_LIMIT', 'at most 8 steps'],
    ['one that is misspelt', '["invert", "sepai"]', 422, 'ERR_INVALID_ARGUMENT', 'step 2: unknown filter "sepai" (did you mean "sepia"?)'],
    ['another prototype', '[{ "filter": "invert", "__proto__": { "x": 1 } }]', 422, 'ERR_INVALID_ARGUMENT', 'unknown parameter "__proto__"'],
    ['a very long list', `[${' '.repeat(70_000)}]`, 413, 'ERR_TOO_LARGE', 'the part "steps" is longer than 65536 bytes'],
    ['deep brackets', '['.repeat(60_000), 422, 'ERR_INVALID_ARGUMENT', 'the steps are not JSON'],
  ])('a form with %s', async (_, steps, status, code, detail) => {
    const form = new FormData()
    form.set('steps', steps)
    form.set('image', new Blob([new Uint8Array(png)]))
    expect(await refusal(form, { query: '' })).toMatchObject({ status, code, detail: expect.stringContaining(detail) })
  })

  test('in both places', async () => {
    const form = new FormData()
    form.set('image', new Blob([new Uint8Array(png)]))
    form.set('steps', '["invert"]')
    expect(await refusal(form)).toMatchObject({ status: 422, detail: 'steps are given both in the query and in the form' })
  })
})

describe('forms', () => {
  const part = (name: string, body: string): string => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${body}\r\n`
  test.each([
    ['no picture', `${part('steps', '[]')}--x--`, 422],
    ['an empty form', '--x--', 400],
    ['two pictures', `${part('image', 'a')}${part('image', 'b')}--x--`, 400],
    ['an unknown part', `${part('image', 'a')}${part('url', 'http://127.0.0.1/')}--x--`, 400],
    ['a prototype', `${part('__proto__', 'a')}--x--`, 400],
    ['many parts', `${Array(50).fill(part('image', 'a')).join('')}--x--`, 400],
    ['no end', `${part('image', 'a')}`, 400],
    ['half a part', '--x\r\ncontent-disposition: form-data; name="image"\r\n\r\nabc', 400],
    ['no boundary', 'nothing', 400],
    ['nothing', '', 400],
    ['a picture that is none', `${part('image', 'a')}--x--`, 415],
  ])('%s', async (_, body, status) => {
    expect(await refusal(body, { type: 'multipart/form-data; boundary=x' })).toMatchObject({ status })
  })

  test('without a boundary', async () => {
    expect(await refusal('x', { type: 'multipart/form-data' })).toMatchObject({ status: 400 })
  })
})

describe('media types', () => {
  test.each([['text/plain'], ['application/json'], ['image/svg+xml'], ['image/heic'], ['application/x-www-form-urlencoded'], ['nonsense'], ['']])('"%s"', async (type) => {
    expect(await refusal(png, { type })).toMatchObject({ status: 415, code: 'ERR_MEDIA_TYPE' })
  })

  test.each([
    ['text', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
    ['SVG, which could name files and addresses', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')],
    ['PDF', Buffer.from('%PDF-1.4')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['a picture that is compressed once more', gzipSync(Buffer.alloc(100))],
  ])('%s called a picture', async (_, body) => {
    expect(await refusal(body)).toMatchObject({ status: 415, code: 'ERR_MEDIA_TYPE' })
  })

  test('a compressed body', async () => {
    expect(await refusal(gzipSync(png), { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 415, detail: expect.stringContaining('"gzip"') })
  })

  test('nothing that is accepted', async () => {
    for (const accept of ['text/html', 'image/*;q=0', 'image/bmp,image/jxl']) {
      expect(await refusal(png, { headers: { accept } })).toMatchObject({ status: 406, code: 'ERR_NOT_ACCEPTABLE' })
    }
  })
})

describe('sizes', () => {
  const LIMIT = 2 ** 22
  const tooLarge = { status: 413, code: 'ERR_TOO_LARGE', detail: `the body is longer than ${LIMIT} bytes` }

  test('a body that says that it is too long', async () => {
    expect(await refusal(new Uint8Array(LIMIT + 1))).toMatchObject(tooLarge)
  })

  test('is refused before it is sent', async () => {
    const client = await RawClient.open(server.url)
    client.send(head('/v1/apply?step=invert', 10 * LIMIT))
    await until(() => client.text.includes(tooLarge.detail))
    client.hangUp()
  })

  test('a body that does not say so', async () => {
    const parts = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(2 ** 20))
      },
    })
    const response = await fetch(`${server.url}/v1/apply?step=invert`, { method: 'POST', body: parts, duplex: 'half', headers: { 'content-type': 'image/png' } } as RequestInit)
    expect(await problemIn(response)).toMatchObject(tooLarge)
  })

  test('a part of a form', async () => {
    const form = new FormData()
    form.set('image', new Blob([new Uint8Array(LIMIT + 1)]))
    expect(await refusal(form)).toMatchObject({ ...tooLarge, detail: `the part "image" is longer than ${LIMIT} bytes` })
  })

  const part = (name: string): string => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`
  test.each([
    ['a body that is too long', 'image/png', Buffer.alloc(LIMIT + 1), 413],
    ['a form with a wrong part before a long one', 'multipart/form-data; boundary=x', Buffer.concat([Buffer.from(`${part('url')}a\r\n${part('image')}`), Buffer.alloc(LIMIT / 2), Buffer.from('\r\n--x--')]), 400],
  ])('the connection goes on after %s', async (_, type, body, status) => {
    const client = await RawClient.open(server.url)
    client.send(head('/v1/apply?step=invert', body.length, type), body, 'GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n')
    await until(() => client.text.includes('{"status":"ok"}'))
    expect(client.text).toContain(`HTTP/1.1 ${status}`)
    client.hangUp()
  })

  test('one more pixel than is allowed', async () => {
    expect(await refusal(await encode(makeImage(2000, 2001, 1, 'zeros')))).toMatchObject({
      status: 413,
      code: 'ERR_TOO_LARGE',
      detail: 'the picture has 2000 x 2001 = 4002000 pixels, and at most 4000000 are allowed',
    })
  })

  test('a long line', async () => {
    expect(await refusal(await encode(makeImage(MAX_SIDE + 1, 1, 1, 'zeros')))).toMatchObject({ status: 413, detail: expect.stringContaining(`no side may be longer than ${MAX_SIDE}`) })
  })

  test.each([
    ['a square of 60,000', 60_000, 60_000],
    ['the largest that PNG can say', 2 ** 31 - 1, 2 ** 31 - 1],
  ])('a small file that unpacks to %s', async (_, width, height) => {
    expect(await refusal(pngFile(width, height, deflateSync(Buffer.alloc(2 ** 20))))).toMatchObject({ status: width < 2 ** 20 ? 413 : 422 })
  })
})

describe('what steps make', () => {
  const picture = { width: 1001, height: 1001, channels: 4 } as const
  const limits = { maxBytes: 1, maxPixels: 1001 * 1001, maxSteps: 8 }

  test('is looked at after each step', () => {
    const steps = [invert(), rotate90(), resize({ width: 1002, height: 1001 }), crop({ left: 0, top: 0, width: 1, height: 1 })]
    expect(() => checkSteps(steps, picture, limits)).toThrow('step 3, resize, makes a picture that has 1002 x 1001 = 1003002 pixels, and at most 1002001 are allowed')
  })

  test('no filter makes more on its way than it gives', () => {
    const source = { ...picture, format: 'u8' } as const
    const steps = filters.flatMap(stepsOf).filter(({ filter, values }) => filter.fits?.(values, source) === undefined)
    expect(steps.length).toBeGreaterThan(filters.length)
    for (const step of [...steps, gaussianBlur({ sigma: 100 })]) {
      for (const { shape } of compile([step], source, false).nodes) expect(shape.width * shape.height, JSON.stringify(step)).toBeLessThanOrEqual(limits.maxPixels)
    }
  })
})

describe('damaged pictures', () => {
  test.each(['png', 'jpeg', 'webp', 'tiff', 'gif', 'avif'] as const)('%s without its end', async (format) => {
    const whole = await encode(makeImage(200, 150, 3), format)
    for (const part of [0.02, 0.5, 0.9]) {
      const half = whole.subarray(0, Math.max(20, Math.floor(part * whole.length)))
      expect(await refusal(half, { query: 'step=invert&format=png' })).toMatchObject({ status: 422, code: 'ERR_FILE' })
    }
  })

  test.each(['png', 'jpeg', 'webp', 'tiff', 'gif', 'avif'] as const)('%s with other bytes in it is refused or filtered, and nothing else', async (format) => {
    const whole = await encode(makeImage(60, 50, 3), format)
    for (let seed = 0; seed < 24; seed++) {
      const bytes = Buffer.from(whole)
      const random = createHash('sha256').update(`${format} ${seed}`).digest()
      for (let i = 0; i < 8; i++) bytes[12 + (random.readUInt16LE(2 * i) % (bytes.length - 12))] = random[16 + i] as number
      // Steps that never fit, so that nothing is filtered: what is looked at is reading.
      const { status } = await refusal(bytes, { query: 'step=crop:left=0,top=0,width=16384,height=1&format=png' })
      expect([413, 415, 422]).toContain(status)
    }
  })
})

test('a head that is too long, or none at all', async () => {
  for (const text of [`POST /v1/apply?step=${'a'.repeat(20_000)} HTTP/1.1\r\nhost: test\r\n\r\n`, '\0\0\0\0\r\n\r\n', 'POST /v1/apply HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\nhost: test\r\n\r\n']) {
    const client = await RawClient.open(server.url)
    client.send(text)
    await client.closed
    expect(client.text).toMatch(/^HTTP\/1\.1 4\d\d/)
  }
})

test('nobody is left', async () => {
  await until(async () => (await metric(server.url, 'isopix_requests_inside')) === 0)
})
