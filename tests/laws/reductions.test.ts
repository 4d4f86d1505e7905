// The shader that makes a table from counters gives what the definition's function gives: also for counts that no
// image of these tests has, up to 2^31 pixels.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filters } from '../../src/filters/index.js'
import type { Reduction } from '../../src/stage.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { allBackends } from '../helpers/backends.js'
import { random } from '../helpers/images.js'
import { stepsOf } from '../helpers/steps.js'

const STORAGE = 0x80 | 0x08 | 0x04 // GPUBufferUsage.STORAGE | COPY_DST | COPY_SRC
const READBACK = 0x01 | 0x08 // GPUBufferUsage.MAP_READ | COPY_DST
const TABLE_BYTES = 4096

const reductions = filters.flatMap((definition) =>
  stepsOf(definition).flatMap((step) =>
    ([1, 4] as const).flatMap((channels) => {
      if (definition.colour && channels === 1) return []
      const stages = definition.stages(step.values, { width: 8, height: 8, channels, format: 'u8', opaque: false })
      return stages.flatMap(({ reduce }) => (reduce === undefined ? [] : [[`${JSON.stringify(step)}, ${channels} channels`, reduce] as const]))
    }),
  ),
)

let gpu: WebgpuBackend | undefined
beforeAll(async () => {
  const backends = await allBackends()
  gpu = backends.map(({ backend }) => backend).find((backend) => backend instanceof WebgpuBackend)
  await Promise.all(backends.map(({ backend }) => (backend === gpu ? undefined : backend.close())))
})
afterAll(() => gpu?.close())

/** Counts of `pixels` pixels: all sorts of shapes, by seed. */
function countsOf(size: number, pixels: number, seed: number): Uint32Array {
  const next = random(seed)
  const counts = new Uint32Array(size)
  for (let first = 0; first < size; first += 256) {
    const weights = Array.from({ length: 256 }, () => (next() < 0.3 + 0.1 * (seed % 7) ? 0 : next() ** (1 + (seed % 5))))
    const sum = weights.reduce((a, b) => a + b, 0)
    let left = pixels
    weights.forEach((weight, level) => {
      const count = sum === 0 ? 0 : Math.floor((weight / sum) * pixels)
      counts[first + level] = count
      left -= count
    })
    counts[first + Math.floor(next() * 256)]! += left
  }
  return counts
}

async function tableOnGpu({ resources }: WebgpuBackend, { shader, params, tableSize }: Reduction, counts: Uint32Array): Promise<number[]> {
  const { device } = resources
  const pipeline = await resources.tablePipeline(shader)
  const buffer = (bytes: number, usage: number): GPUBuffer => device.createBuffer({ size: bytes, usage })
  const inputs = [buffer(TABLE_BYTES, STORAGE), buffer(TABLE_BYTES, STORAGE), ...(params.length > 0 ? [buffer(256, STORAGE)] : [])]
  const readback = buffer(TABLE_BYTES, READBACK)
  device.queue.writeBuffer(inputs[0] as GPUBuffer, 0, Uint32Array.from(counts))
  if (params.length > 0) device.queue.writeBuffer(inputs[2] as GPUBuffer, 0, Int32Array.from(params))
  const encoder = device.createCommandEncoder()
  const encoding = encoder.beginComputePass()
  encoding.setPipeline(pipeline)
  const entries = inputs.map((input, binding) => ({ binding, resource: { buffer: input } }))
  encoding.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  encoding.dispatchWorkgroups(1)
  encoding.end()
  encoder.copyBufferToBuffer(inputs[1] as GPUBuffer, 0, readback, 0, TABLE_BYTES)
  device.queue.submit([encoder.finish()])
  await readback.mapAsync(0x01)
  const table = [...new Int32Array(readback.getMappedRange()).subarray(0, tableSize)]
  for (const used of [...inputs, readback]) used.destroy()
  return table
}

describe.each(reductions)('%s', (_, reduce) => {
  test('the same table from the same counts', async (context) => {
    if (gpu === undefined) return context.skip('webgpu is missing')
    for (const [index, pixels] of [1, 2, 99, 1000, 8_294_400, 123_456_789, 2 ** 31 - 1].entries()) {
      for (let round = 0; round < 3; round++) {
        const counts = countsOf(reduce.size, pixels, 10 * index + round)
        const expected = reduce.table(counts)
        expect(expected.length).toBe(reduce.tableSize)
        expect(await tableOnGpu(gpu, reduce, counts), `${pixels} pixels, seed ${10 * index + round}`).toEqual([...expected])
      }
    }
    // Every pixel of the same level.
    const flat = new Uint32Array(reduce.size).map((__, i) => (i % 256 === 200 ? 4321 : 0))
    expect(await tableOnGpu(gpu, reduce, flat)).toEqual([...reduce.table(flat)])
  })
})
