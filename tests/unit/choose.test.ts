import { expect, test } from 'vitest'
import { type Capabilities, type Cost, choose, predictMs, workloadOf } from '../../src/choose.js'
import { Costs } from '../../src/costs.js'
import { crop, invert } from '../../src/filters/factories.js'

const slow: Cost = { fixedMs: 0, stageMs: 0, workPerMs: 1000, bytesPerMs: 1e9 }
const fast: Cost = { fixedMs: 5, stageMs: 0.5, workPerMs: 10_000, bytesPerMs: 1e6 }
const reference = { available: true, cost: { fixedMs: 0, stageMs: 0, workPerMs: 1, bytesPerMs: 1 } } as const
const wasm = { available: true, cost: slow } as const
const gpu = { available: true, cost: fast, name: 'a card' } as const
const none = { available: false, reason: 'there is none' } as const

test.each([
  ['little work stays where starting is cheap', { wasm, webgpu: gpu, reference }, { work: 1000, bytes: 0, stages: 0 }, 'wasm', /predicted 1.00 ms, against 5.10 ms on webgpu/],
  ['much work goes where it is done fast', { wasm, webgpu: gpu, reference }, { work: 100_000, bytes: 0, stages: 0 }, 'webgpu', /predicted 15 ms, against 100 ms on wasm/],
  ['stages count', { wasm, webgpu: gpu, reference }, { work: 10_000, bytes: 0, stages: 10 }, 'wasm', /predicted 10 ms, against 11 ms on webgpu/],
  ['moving bytes counts', { wasm, webgpu: gpu, reference }, { work: 100_000, bytes: 1e8, stages: 0 }, 'wasm', /against 115 ms on webgpu/],
  ['a GPU that is a program is never picked', { wasm, webgpu: { ...gpu, software: true }, reference }, { work: 1e9, bytes: 0, stages: 0 }, 'wasm', /a card is a program on the CPU/],
  ['what is not there is not picked', { wasm, webgpu: none, reference }, { work: 1e9, bytes: 0, stages: 0 }, 'wasm', /webgpu: there is none/],
  ['the GPU runs where wasm does not', { wasm: none, webgpu: gpu, reference }, { work: 1, bytes: 0, stages: 0 }, 'webgpu', /wasm: there is none/],
  ['the reference is the last resort', { wasm: none, webgpu: none, reference }, { work: 1, bytes: 0, stages: 0 }, 'reference', /nothing faster runs here \(wasm: there is none; webgpu: there is none\)/],
  ['a program is better than nothing, but only when asked for', { wasm: none, webgpu: { ...gpu, software: true }, reference }, { work: 1, bytes: 0, stages: 0 }, 'reference', /webgpu: a card/],
] as const)('%s', (_, capabilities, workload, backend, reason) => {
  const choice = choose(workload, capabilities as Capabilities)
  expect(choice).toMatchObject({ backend, reason: expect.stringMatching(reason) })
  expect(choice.predictions).toHaveLength(3)
})

test('costs follow what runs take, and one odd run does not turn them', () => {
  const costs = new Costs(1)
  const workload = { work: 8_000_000, bytes: 0, stages: 0 }
  const before = predictMs(costs.of('wasm'), workload)
  costs.learn('wasm', workload, before * 1000)
  expect(predictMs(costs.of('wasm'), workload)).toBeLessThan(before * 1.2)
  for (let i = 0; i < 100; i++) costs.learn('wasm', workload, before * 3)
  expect(predictMs(costs.of('wasm'), workload) / before).toBeCloseTo(3, 1)
})

test('what a run takes changes the part of the cost that it mostly was', () => {
  const costs = new Costs(1)
  const small = { work: 100, bytes: 100, stages: 2 }
  const large = { work: 100_000_000, bytes: 100_000_000, stages: 2 }
  const before = { small: predictMs(costs.of('wasm'), small), large: predictMs(costs.of('wasm'), large) }
  costs.adopt('wasm', small, 10 * before.small)
  expect(predictMs(costs.of('wasm'), small) / before.small).toBeCloseTo(10, 1)
  expect(predictMs(costs.of('wasm'), large) / before.large).toBeCloseTo(1, 1)
  costs.adopt('wasm', large, 10 * before.large)
  expect(predictMs(costs.of('wasm'), large) / before.large).toBeCloseTo(10, 1)
  expect(predictMs(costs.of('wasm'), small) / before.small).toBeCloseTo(10, 0)
})

test('calibration takes over what a backend needs, and steps that do not fit leave the costs alone', async () => {
  const costs = new Costs(1)
  const steps = [invert()]
  const workload = workloadOf(steps, { width: 512, height: 512, channels: 4, format: 'u8' })
  const backend = {
    name: 'webgpu' as const,
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { image: { width: 1, height: 1, channels: 1 as const, data: new Uint8ClampedArray(1) }, passes: 1, strips: 1, bytesMoved: 0 }
    },
    close: async () => {},
  }
  await costs.calibrate([backend], steps)
  expect(predictMs(costs.of('webgpu'), workload)).toBeGreaterThan(45)
  const known = costs.of('webgpu')
  await costs.calibrate([backend], [crop({ left: 0, top: 0, width: 5000, height: 1 })])
  expect(costs.of('webgpu')).toEqual(known)
})
