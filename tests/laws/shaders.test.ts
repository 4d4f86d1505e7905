// Every shader compiles, with tiles and without, on any machine: Dawn's null backend has no adapter to find.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forGpu } from '../../src/backends/webgpu/for-gpu.js'
import { passes } from '../../src/backends/webgpu/passes.js'
import { Resources } from '../../src/backends/webgpu/resources.js'
import { filters } from '../../src/filters/index.js'
import { compile } from '../../src/plan.js'
import type { Shape } from '../../src/stage.js'
import { describeStep, stepsOf } from '../helpers/steps.js'

/** Devices live as long as this is referred to. */
let gpu: GPU
let device: GPUDevice
let compiled = 0

beforeAll(async () => {
  const { create, globals } = (await import(createRequire(import.meta.url).resolve('webgpu'))) as typeof import('webgpu')
  Object.assign(globalThis, globals)
  gpu = create(['backend=null'])
  const adapter = await gpu.requestAdapter()
  device = await (adapter as GPUAdapter).requestDevice()
})

afterAll(() => {
  console.log(`shaders: ${compiled} pipelines compiled`)
  device.destroy()
})

test.each(filters.map((definition) => [definition.name, definition] as const))('%s', async (_, definition) => {
  for (const tiles of [true, false]) {
    const resources = new Resources(device, tiles, Number.POSITIVE_INFINITY)
    for (const step of stepsOf(definition)) {
      for (const channels of definition.colour ? ([3, 4] as const) : ([1, 3, 4] as const)) {
        const source: Shape = { width: 47, height: 33, channels, format: 'u8' }
        if (definition.fits?.(step.values, source) !== undefined) continue
        const plan = forGpu(compile([step], source, false))
        const shapes = plan.nodes.map(({ shape }) => (shape.channels === 3 ? { ...shape, channels: 4 as const } : shape))
        for (const pass of passes(plan, tiles)) {
          device.pushErrorScope('validation')
          const pipelines = [resources.pipeline(pass, shapes)]
          const reduce = plan.nodes[pass.output]?.stage.reduce
          if (pass.reduces && reduce !== undefined) pipelines.push(resources.tablePipeline(reduce.shader))
          const failure = await Promise.all(pipelines).then(() => undefined, (error: Error) => error.message)
          const reported = await device.popErrorScope()
          expect(failure ?? reported?.message, `${describeStep(step)} on ${channels} channels`).toBeUndefined()
        }
      }
    }
    compiled += resources.pipelinesCompiled
  }
})
