// An aborted job stops at once, whatever it is at, and its call rejects when no worker touches its memory any more.
import { type TestContext, afterEach, describe, expect, test, vi } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { SLOTS_PER_PRIORITY } from '../../src/backends/wasm/protocol.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { equalize, gaussianBlur, median, sobel } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { leftOut } from '../helpers/left-out.js'
import { isSettled, jobOf, manualPool, settle } from '../helpers/manual-pool.js'

afterEach(() => vi.restoreAllMocks())

const reason = new Error('enough')

describe('a job', () => {
  test('that is aborted before it starts takes no slot and starts no worker', async () => {
    const { pool, started } = manualPool()
    await expect(pool.run(jobOf(1, 4, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
    expect(started()).toBe(0)
  })

  test('that nobody has begun rejects at once', async () => {
    const { pool, runStrip } = manualPool()
    const controller = new AbortController()
    const call = pool.run(jobOf(1, 4, { signal: controller.signal }))
    await settle()
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(runStrip(0)).toBe(false)
  })

  test('rejects when the strips in hand are done and not before; no other is taken', async () => {
    const { pool, runStrip } = manualPool()
    const controller = new AbortController()
    const onStrip = vi.fn()
    const call = pool.run(jobOf(1, 4, { signal: controller.signal, onStrip }))
    await settle()
    let wasSettled: Promise<boolean> | undefined
    // Both workers have a strip in hand when the signal fires.
    runStrip(0, () => {
      runStrip(1, () => {
        controller.abort(reason)
        expect(runStrip(1)).toBe(false)
        wasSettled = isSettled(call)
      })
      expect(runStrip(1)).toBe(false)
    })
    await expect(call).rejects.toBe(reason)
    expect(runStrip(0)).toBe(false)
    expect(onStrip).not.toHaveBeenCalled()
    await wasSettled
  })

  test('waits for a strip in hand however long that takes', async () => {
    const { pool, runStrip, die } = manualPool()
    const controller = new AbortController()
    const call = pool.run(jobOf(1, 4, { signal: controller.signal }))
    await settle()
    // A worker that is never heard of again, but for its death.
    expect(() =>
      runStrip(0, () => {
        throw new Error('stuck')
      }),
    ).toThrow('stuck')
    controller.abort(reason)
    expect(await isSettled(call)).toBe(false)
    die(0, new Error('killed'))
    await expect(call).rejects.toBe(reason)
    expect(runStrip(1)).toBe(false)
  })

  test('may be aborted by whoever is told of its progress, also of the last strip', async () => {
    for (const at of [1, 2]) {
      const { pool, runStrip } = manualPool()
      const controller = new AbortController()
      const onStrip = vi.fn((done: number) => {
        if (done === at) controller.abort(reason)
      })
      const call = expect(pool.run(jobOf(1, 2, { signal: controller.signal, onStrip }))).rejects.toBe(reason)
      await settle()
      runStrip(0)
      await settle()
      expect(runStrip(0)).toBe(at === 2)
      await call
      expect(onStrip).toHaveBeenCalledTimes(at)
    }
  })

  test('that is done when the signal fires, but has not been told so, rejects', async () => {
    const { pool, runStrip } = manualPool()
    const controller = new AbortController()
    const call = pool.run(jobOf(1, 1, { signal: controller.signal }))
    await settle()
    runStrip(0)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  test('that has resolved does not mind', async () => {
    const { pool, runStrip } = manualPool()
    const controller = new AbortController()
    const call = pool.run(jobOf(1, 1, { signal: controller.signal }))
    await settle()
    runStrip(0)
    await call
    controller.abort(reason)
    const next = pool.run(jobOf(2, 1))
    await settle()
    expect(runStrip(0)).toBe(true)
    await next
  })

  test('whose progress cannot be told lets go of its memory before it rejects', async () => {
    const { pool, runStrip } = manualPool()
    const onStrip = (): void => {
      throw reason
    }
    const call = pool.run(jobOf(1, 3, { onStrip }))
    await settle()
    runStrip(0)
    await expect(call).rejects.toBe(reason)
    expect(runStrip(0)).toBe(false)
  })
})

describe('a call that waits for a slot', () => {
  const full = async () => {
    const manual = manualPool()
    const controller = new AbortController()
    const running = Array.from({ length: SLOTS_PER_PRIORITY }, (_, job) => manual.pool.run(jobOf(job, 1, { signal: controller.signal })))
    await settle()
    /** Ends the calls that have the slots, which is how the test ends. */
    const end = async (): Promise<void> => {
      controller.abort(reason)
      for (const { status } of await Promise.allSettled(running)) expect(status).toMatch(/rejected|fulfilled/)
    }
    return { ...manual, running, end }
  }

  test('rejects at once and never runs', async () => {
    const { pool, runStrip, running, end } = await full()
    const controller = new AbortController()
    const ran: number[] = []
    const waiting = pool.run(jobOf(99, 1, { signal: controller.signal }))
    expect(await isSettled(waiting)).toBe(false)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    while (runStrip(0, (job) => ran.push(job))) await settle()
    await Promise.all(running)
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: SLOTS_PER_PRIORITY }, (_, job) => job))
    await end()
  })

  test('rejects if it is aborted in the moment in which it gets one, which goes to the next', async () => {
    const { pool, runStrip, running, end } = await full()
    const controller = new AbortController()
    const waiting = pool.run(jobOf(98, 1, { signal: controller.signal }))
    const next = pool.run(jobOf(99, 1))
    runStrip(0)
    // Reactions to a promise run in order: this one before the waiting call goes on.
    void Promise.race(running).then(() => controller.abort(reason))
    await expect(waiting).rejects.toBe(reason)
    await settle()
    const ran: number[] = []
    while (runStrip(0, (job) => ran.push(job))) await settle()
    expect(ran).toContain(99)
    expect(ran).not.toContain(98)
    await next
    await end()
  })

  test('does not wait for calls of the other priority', async () => {
    const { pool, runStrip, end } = await full()
    const batch = pool.run(jobOf(99, 1, { priority: 'batch' }))
    await settle()
    const ran: number[] = []
    for (let i = 0; i < 5; i++) runStrip(0, (job) => ran.push(job))
    expect(ran).toContain(99)
    await batch
    await end()
  })

  test('rejects, as those that run do, when the engine closes', async () => {
    const { pool, running } = await full()
    const calls = Promise.allSettled([...running, pool.run(jobOf(99, 1))])
    await settle()
    await pool.close()
    for (const call of await calls) expect(call).toMatchObject({ status: 'rejected', reason: { code: 'ERR_DISPOSED' } })
    await expect(pool.run(jobOf(100, 1))).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
  })
})

describe.each(['shared', 'transfer'] as const)('with workers, at every strip, %s', (threading) => {
  const image = makeImage(200, 90, 4)
  const steps = [gaussianBlur({ sigma: 2 }), equalize()]

  test('a call rejects with the reason, its memory returns, and the next call is right', async () => {
    const expected = (await referenceBackend.run({ image, steps })).image
    const backend = await WasmBackend.open({ threads: 2, threading, rowsPerStrip: 10, inlineWork: 0, memoryBudgetBytes: 2 ** 26 })
    let aborted = 0
    for (let at = 0; at <= 1; at += 0.05) {
      const controller = new AbortController()
      const onProgress = (fraction: number): void => {
        if (fraction >= at) controller.abort(reason)
      }
      await backend.run({ image, steps, signal: controller.signal, onProgress }).then(
        () => expect(controller.signal.aborted && at < 1).toBe(false),
        (error: unknown) => {
          expect(error).toBe(reason)
          aborted++
        },
      )
      expect(backend.arena.bytesUsed).toBe(0)
      const { image: actual } = await backend.run({ image, steps })
      expect(difference(actual, expected)).toBeUndefined()
    }
    expect(aborted).toBeGreaterThan(15)
    await backend.close()
  })

  test('AbortSignal.timeout works', async () => {
    const backend = await WasmBackend.open({ threads: 1, threading, rowsPerStrip: 1, inlineWork: 0, memoryBudgetBytes: 2 ** 30 })
    const large = makeImage(1000, 1000, 4)
    const many = Array.from({ length: 20 }, () => backend.run({ image: large, steps, signal: AbortSignal.timeout(20) }))
    for (const outcome of await Promise.allSettled(many)) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError' } })
    expect(backend.arena.bytesUsed).toBe(0)
    await backend.close()
  })
})

describe('on the GPU', () => {
  const image = makeImage(90, 70, 3)
  const steps = [gaussianBlur({ sigma: 2 }), equalize(), median({ radius: 1 }), sobel()]
  let backend: WebgpuBackend | undefined
  /** Calls `during` whenever something is submitted, with how often that was so far. */
  const open = async (context: TestContext, workPerSubmit: number | undefined, during: (submits: number) => void): Promise<WebgpuBackend> => {
    const opened = await WebgpuBackend.open({ workPerSubmit })
    if (typeof opened === 'string') return context.skip(leftOut('webgpu', opened))
    let submits = 0
    const { queue } = opened.resources.device
    const { submit } = queue
    queue.submit = (buffers) => {
      submit.call(queue, buffers)
      during(++submits)
    }
    backend = opened
    return opened
  }
  afterEach(() => backend?.close())

  test('a call is heard between passes: no other is submitted, its memory returns, and the next call is right', async (context) => {
    const expected = (await referenceBackend.run({ image, steps })).image
    for (const at of [1, 2, 3]) {
      const controller = new AbortController()
      let submitted = 0
      const { run, keep, resources } = bound(
        await open(context, 0, (submits) => {
          submitted = submits
          if (submits === at) controller.abort(reason)
        }),
      )
      for (const start of [run, keep]) {
        await expect(start({ image, steps, signal: controller.signal })).rejects.toBe(reason)
        expect(resources.bytesUsed).toBe(0)
      }
      expect(submitted).toBe(at)
      expect(difference((await run({ image, steps })).image, expected)).toBeUndefined()
      await backend?.close()
    }
  })

  test('one that is not aborted gives the same bytes from several submits', async (context) => {
    let submitted = 0
    const { run } = await open(context, 0, (submits) => (submitted = submits)).then(bound)
    const { image: actual, passes } = await run({ image, steps, signal: new AbortController().signal })
    expect(difference(actual, (await referenceBackend.run({ image, steps })).image)).toBeUndefined()
    expect(submitted).toBe(passes)
  })

  test.each([
    ['no signal', 0, undefined],
    ['little to do', undefined, new AbortController().signal],
  ])('with %s there is one submit', async (_, workPerSubmit, signal, context?: unknown) => {
    let submitted = 0
    const { run } = await open(context as TestContext, workPerSubmit, (submits) => (submitted = submits)).then(bound)
    await run({ image, steps, signal })
    expect(submitted).toBe(1)
  })
})

const bound = (backend: WebgpuBackend) => ({ run: backend.run.bind(backend), keep: backend.keep.bind(backend), resources: backend.resources })
