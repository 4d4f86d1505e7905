// Many requests at once, slow ones, and clients that hang up.
import sharp from 'sharp'
import { afterEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine.js'
import type { Apply } from '../../src/server/apply.js'
import { HangUp } from '../../src/server/visit.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { parseStepText } from '../../src/parse-steps.js'
import { reference } from '../helpers/reference.js'
import { RawClient, type TestServer, bytesOf, decode, encode, head, metric, post, problemIn, startServer, until } from '../helpers/server.js'

const image = makeImage(60, 40, 4)
const INVERT = { query: 'step=invert' }
let server: TestServer | undefined

afterEach(async () => {
  await server?.close()
  expect(server?.errors).toEqual([])
  server = undefined
})

/** An engine whose calls wait until they are told to go on, or are aborted. */
class Held {
  /** Calls that began. */
  started = 0
  /** What each aborted call was given as reason. */
  readonly aborted: unknown[] = []
  readonly #waiting: (() => void)[] = []
  #isOpen = false

  readonly wrap =
    (apply: Apply): Apply =>
    async (source, steps, options) => {
      this.started++
      const { signal } = options
      await new Promise<void>((resolve, reject) => {
        if (this.#isOpen) return resolve()
        this.#waiting.push(resolve)
        signal?.addEventListener('abort', () => {
          this.aborted.push(signal.reason)
          reject(signal.reason)
        })
      })
      return apply(source, steps, options)
    }

  goOn(): void {
    this.#isOpen = true
    for (const resolve of this.#waiting) resolve()
  }
}

async function startHeld(options: Parameters<typeof startServer>[0] = {}): Promise<{ held: Held; url: string; engine: Engine; png: Buffer }> {
  const held = new Held()
  server = await startServer(options, held.wrap)
  return { held, url: server.url, engine: server.engine, png: await encode(image) }
}

const inside = (url: string): Promise<number> => metric(url, 'isopix_requests_inside')
const expectEmpty = (url: string): Promise<void> => until(async () => (await inside(url)) === 0 && (await metric(url, 'isopix_requests_in_flight')) === 0)

describe('more than it can do', () => {
  test('as many as it should are worked on, as many as it may wait, and others are refused at once', async () => {
    const { held, url, engine, png } = await startHeld({ concurrency: 2, queue: 3 })
    const taken = Array.from({ length: 5 }, () => post(url, png, INVERT))
    await until(async () => (await metric(url, 'isopix_queue_length')) === 3)
    // What is worked on has first to be decoded.
    await until(() => held.started === 2)
    expect(await metric(url, 'isopix_requests_in_flight')).toBe(2)

    const refused = await post(url, png, INVERT)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await problemIn(refused)).toMatchObject({ status: 503, code: 'ERR_BUSY' })
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)

    held.goOn()
    const expected = await reference(image, parseStepText('invert'))
    for (const response of await Promise.all(taken)) expect(difference(await decode(await bytesOf(response)), expected)).toBeUndefined()
    expect(engine.stats().calls).toBe(5)
    await expectEmpty(url)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await post(url, png, INVERT)).status).toBe(200)
  })

  test('those who came first are first', async () => {
    const order: number[] = []
    let goOn = (): void => undefined
    const told = new Promise<void>((resolve) => (goOn = resolve))
    server = await startServer({ concurrency: 1 }, (apply) => async (source, ...rest) => {
      order.push(source.width)
      await told
      return apply(source, ...rest)
    })
    const { url } = server
    const widths = [9, 8, 7, 6, 5]
    const client = await RawClient.open(url)
    for (const [waiting, width] of widths.entries()) {
      const body = await encode(makeImage(width, 3, 3))
      client.send(head('/v1/apply?step=invert', body.length), body)
      // Pictures are looked at several at a time: the next one comes when this one waits.
      await until(async () => order.length === 1 && (await metric(url, 'isopix_queue_length')) === waiting)
    }
    goOn()
    await until(() => order.length === 5)
    expect(order).toEqual(widths)
    client.hangUp()
  })

  test('a body that still arrives has a place', async () => {
    const { held, url, png } = await startHeld({ concurrency: 1, queue: 1 })
    const clients = await Promise.all([RawClient.open(url), RawClient.open(url)])
    for (const client of clients) client.send(head('/v1/apply?step=invert', png.length))
    await until(async () => (await inside(url)) === 2)
    expect((await post(url, png, INVERT)).status).toBe(503)
    held.goOn()
    for (const client of clients) client.send(png)
    for (const client of clients) await until(() => client.text.startsWith('HTTP/1.1 200'))
    for (const client of clients) client.hangUp()
    await expectEmpty(url)
  })

  test('memory that runs out: beside others a request may come again, alone it never fits', async () => {
    const { MemoryError } = await import('../../src/errors.js')
    let fail: (() => void) | undefined
    server = await startServer({ concurrency: 2 }, (apply) => async (...call) => {
      await new Promise<void>((resolve) => (fail = resolve))
      void apply
      void call
      throw new MemoryError('no')
    })
    const { url } = server
    const png = await encode(image)
    const first = post(url, png, INVERT)
    await until(() => fail !== undefined)
    const failFirst = fail as unknown as () => void
    const second = post(url, png, INVERT)
    await until(() => fail !== failFirst)
    failFirst()
    const answer = await first
    expect(answer.headers.get('retry-after')).not.toBeNull()
    expect(await problemIn(answer)).toMatchObject({ status: 503, code: 'ERR_BUSY' })
    ;(fail as unknown as () => void)()
    expect(await problemIn(await second)).toMatchObject({ status: 413, code: 'ERR_TOO_LARGE' })
  })
})

describe('a client that hangs up', () => {
  test('while its picture is filtered: the engine is told', async () => {
    const { held, url, engine, png } = await startHeld()
    const controller = new AbortController()
    const response = post(url, png, { ...INVERT, signal: controller.signal })
    await until(() => held.started === 1)
    controller.abort()
    await expect(response).rejects.toThrow()
    await until(() => held.aborted.length === 1)
    expect(held.aborted[0]).toBeInstanceOf(HangUp)
    await expectEmpty(url)
    expect(engine.stats().calls).toBe(0)
    expect(await metric(url, 'isopix_hang_ups_total')).toBe(1)
  })

  test('while a real call runs: it ends, and the next one is right', async () => {
    let outcome: unknown
    let started = false
    server = await startServer({}, (apply) => (...call) => {
      const work = apply(...call)
      started = true
      work.catch((error: unknown) => (outcome = error))
      return work
    })
    const { url, engine } = server
    const large = await encode(makeImage(2000, 1500, 4, 'gradient'))
    const controller = new AbortController()
    // Some seconds of work.
    const response = post(url, large, { query: 'step=median:radius=30&step=median:radius=40&step=median:radius=50', signal: controller.signal })
    await until(() => started)
    controller.abort()
    await expect(response).rejects.toThrow()
    await until(() => outcome !== undefined)
    expect(outcome).toBeInstanceOf(HangUp)
    expect(engine.stats()).toMatchObject({ calls: 0, arenaBytesUsed: 0 })
    const next = await post(url, await encode(image), INVERT)
    expect(difference(await decode(await bytesOf(next)), await reference(image, parseStepText('invert')))).toBeUndefined()
  })

  test('while it waits: its place is free, and its picture is not touched', async () => {
    const { held, url, engine, png } = await startHeld({ concurrency: 1, queue: 1 })
    const first = post(url, png, INVERT)
    await until(() => held.started === 1)
    const controller = new AbortController()
    const second = post(url, png, { ...INVERT, signal: controller.signal })
    await until(async () => (await metric(url, 'isopix_queue_length')) === 1)
    controller.abort()
    await expect(second).rejects.toThrow()
    await until(async () => (await metric(url, 'isopix_queue_length')) === 0)
    await until(async () => (await inside(url)) === 1)
    const third = post(url, png, INVERT)
    await until(async () => (await metric(url, 'isopix_queue_length')) === 1)
    held.goOn()
    expect([(await first).status, (await third).status]).toEqual([200, 200])
    expect(held.started).toBe(2)
    expect(engine.stats().calls).toBe(2)
  })

  test.each(['image/png', 'multipart/form-data; boundary=x'])('in the middle of its body, %s', async (type) => {
    const { url } = await startHeld()
    const client = await RawClient.open(url)
    client.send(head('/v1/apply?step=invert', 1000, type), type === 'image/png' ? 'abc' : '--x\r\ncontent-disposition: form-data; name="image"\r\n\r\nabc')
    await until(async () => (await inside(url)) === 1)
    client.hangUp()
    await expectEmpty(url)
  })

  test('having sent several requests ahead', async () => {
    const { held, url, png } = await startHeld({ concurrency: 2, queue: 20 })
    const client = await RawClient.open(url)
    for (let i = 0; i < 15; i++) client.send(head('/v1/apply?step=invert', png.length), png)
    await until(async () => (await metric(url, 'isopix_queue_length')) === 13)
    await until(() => held.started === 2)
    client.hangUp()
    await until(() => held.aborted.length === 2)
    await expectEmpty(url)
    expect(held.started).toBe(2)
    held.goOn()
    expect((await post(url, png, INVERT)).status).toBe(200)
  })

  test('during every one of many requests, at any time: nothing is left', async () => {
    server = await startServer({ queue: 100 })
    const { url, engine } = server
    const png = await encode(makeImage(400, 300, 4))
    const results = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const response = post(url, png, { query: 'step=gaussian-blur:sigma=9', signal: AbortSignal.timeout(1 + index * 4) })
        return response.then(bytesOf).then(() => 'answered', () => 'gone')
      }),
    )
    expect(results).toContain('gone')
    await expectEmpty(url)
    expect(engine.stats().arenaBytesUsed).toBe(0)
    expect((await post(url, png, INVERT)).status).toBe(200)
  })
})

describe('time', () => {
  test.each(['image/png', 'multipart/form-data; boundary=x'])('a body that does not arrive, %s', async (type) => {
    const { url } = await startHeld({ timeoutSeconds: 1 })
    const client = await RawClient.open(url)
    client.send(head('/v1/apply?step=invert', 1000, type), '--x\r\n')
    await client.closed
    expect(client.text).toMatch(/^HTTP\/1\.1 408 /)
    expect(client.text).toContain('"code":"ERR_SLOW"')
    await expectEmpty(url)
  })

  test('headers that do not arrive', async () => {
    const { url } = await startHeld({ timeoutSeconds: 1 })
    const client = await RawClient.open(url)
    client.send('POST /v1/apply HTTP/1.1\r\nhost: te')
    await client.closed
    expect(client.text).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('work that takes too long, and what waits behind it', async () => {
    const { held, url, png } = await startHeld({ timeoutSeconds: 1, concurrency: 1 })
    const responses = await Promise.all([post(url, png, INVERT), post(url, png, INVERT)])
    for (const response of responses) {
      expect(response.headers.get('retry-after')).not.toBeNull()
      expect(await problemIn(response)).toMatchObject({ status: 503, code: 'ERR_TIMEOUT', detail: 'the request was not done within 1 s' })
    }
    expect(held.aborted.length).toBe(held.started)
    await expectEmpty(url)
  })

  test('an answer that is not read', async () => {
    server = await startServer({ timeoutSeconds: 10, maxBytes: 2 ** 25, maxPixels: 10_000_000 })
    const { url } = server
    const { width, height, channels, data } = makeImage(3000, 3000, 3)
    const body = await sharp(data, { raw: { width, height, channels } }).tiff({ compression: 'none' }).toBuffer()
    const client = await RawClient.open(url)
    client.socket.pause()
    // More than the system keeps for a client.
    client.send(head('/v1/apply?step=invert&format=jpeg&quality=100', body.length, 'image/tiff'), body)
    await until(async () => (await metric(url, 'isopix_pixels_total')) > 0)
    await expectEmpty(url)
    client.socket.resume()
    await client.closed
    expect(client.text).toMatch(/^HTTP\/1\.1 200 /)
    expect(client.text.length).toBeLessThan(Number(/content-length: (\d+)/.exec(client.text)?.[1]))
  })
})
