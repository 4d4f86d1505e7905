import { describe, expect, test } from 'vitest'
import { parseSteps } from '../../src/parse-steps.js'
import { phases } from '../../src/backends/wasm/phases.js'
import { passes } from '../../src/backends/webgpu/passes.js'
import type { Step } from '../../src/filters/define.js'
import { brightness, crop, equalize, flip, gaussianBlur, invert, luminance, sepia, sobel, threshold, unsharpMask } from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import { type Plan, compile, makeStages, shapesOf } from '../../src/plan.js'
import type { Shape } from '../../src/stage.js'
import { stepsOf } from '../helpers/steps.js'

const rgba: Shape = { width: 400, height: 300, channels: 4, format: 'u8' }
const kernels = (steps: readonly Step[], source = rgba, opaque = true): string[] => compile(steps, source, opaque).nodes.slice(1).map(({ stage }) => stage.kernel)
const phasesOf = (steps: readonly Step[], opaque = true): string[] =>
  phases(compile(steps, rgba, opaque)).map(({ stages }) => stages.map(({ stage }) => stage.kernel).filter(Boolean).join(' '))
const passesOf = (steps: readonly Step[], opaque = false): string[] =>
  passes(compile(steps, rgba, opaque)).map(({ before, window, after, reduces }) =>
    [...before, ...(window ? [window] : []), ...after].map(({ stage }) => stage.kernel).concat(reduces ? '#' : []).join(' '),
  )

test('tables become one', () => {
  expect(kernels([invert(), brightness({ amount: 1.2 }), threshold(), invert(), invert()])).toEqual(['lut'])
})

test('what changes nothing vanishes', () => {
  expect(kernels([invert(), invert()])).toEqual([])
  expect(kernels([brightness(), sepia({ amount: 0 }), gaussianBlur({ sigma: 0.1 })])).toEqual([])
  expect(kernels([sobel(), invert(), invert(), sobel()])).toEqual(['sobel', 'sobel'])
  expect(kernels([crop({ left: 0, top: 0, width: 400, height: 300 })])).toEqual([])
})

test('a crop moves before points, not before windows', () => {
  const cut = crop({ left: 5, top: 6, width: 100, height: 90 })
  expect(kernels([sepia(), invert(), cut])).toEqual(['copy', 'color_matrix', 'line'])
  expect(kernels([sobel(), sepia(), cut])).toEqual(['sobel', 'copy', 'color_matrix'])
})

test('opaque images need no premultiplication, others do', () => {
  expect(kernels([gaussianBlur()])).toEqual(['gaussian_blur_y', 'gaussian_blur_x'])
  expect(kernels([gaussianBlur()], rgba, false)).toEqual(['premultiply', 'gaussian_blur_y', 'gaussian_blur_x', 'unpremultiply'])
  expect(kernels([gaussianBlur({ border: 'constant', fill: '#00000080' })])).toContain('premultiply')
})

test('three channels are given alpha once, and lose it at the end', () => {
  expect(kernels([sobel(), invert()], { ...rgba, channels: 3 })).toEqual(['add_alpha', 'sobel', 'line', 'drop_alpha'])
  expect(kernels([luminance()], { ...rgba, channels: 3 })).toEqual(['add_alpha', 'luminance'])
})

test('a chain without barriers is one phase of the row loop', () => {
  expect(phasesOf([luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold()])).toEqual(['luminance gaussian_blur_y gaussian_blur_x sobel line'])
  expect(phasesOf([sepia(), unsharpMask({ sigma: 2 }), sobel()])).toHaveLength(1)
})

test('windows that read sideways from an image read a padded copy', () => {
  expect(phasesOf([sobel()])).toEqual(['copy sobel'])
})

test('a histogram, a flip and a wrapped border cut the chain', () => {
  expect(phasesOf([sepia(), equalize(), invert()])).toEqual(['color_matrix', 'histogram', 'lut line'])
  expect(phasesOf([equalize()])).toEqual(['histogram', 'lut'])
  expect(phasesOf([sobel(), flip(), sobel()])).toHaveLength(2)
  expect(phasesOf([invert(), gaussianBlur({ border: 'wrap' })])).toEqual(['line', 'gaussian_blur_y gaussian_blur_x'])
})

test('what two phases need is made once', () => {
  const plan = compile([equalize()], { ...rgba, channels: 3 }, true)
  expect(phases(plan).map(({ stages }) => stages.map(({ stage }) => stage.kernel).filter(Boolean))).toEqual([['add_alpha'], ['histogram'], ['lut', 'drop_alpha']])
})

test('points are one pass on the GPU, and join the windows beside them', () => {
  expect(passesOf([sepia(), invert(), sepia(), threshold()])).toEqual(['color_matrix line color_matrix line'])
  expect(passesOf([invert(), brightness({ amount: 2 }), threshold(), invert(), threshold()])).toEqual(['line'])
  expect(passesOf([luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold()])).toEqual(['luminance gaussian_blur_y', 'gaussian_blur_x', 'sobel line'])
  expect(passesOf([equalize(), sobel()])).toEqual(['#', 'lut sobel'])
  expect(passesOf([unsharpMask()], true)).toEqual(['gaussian_blur_y', 'gaussian_blur_x unsharp_mask'])
})

test('the same chain on the same shape is compiled once', () => {
  const steps = [sobel(), invert()]
  expect(compile([...steps], rgba, true)).toBe(compile(steps, rgba, true))
  expect(compile(steps, { ...rgba, width: 401 }, true)).not.toBe(compile(steps, rgba, true))
})

test.each(filters.map((definition) => [definition.name, definition] as const))('%s says what it makes of a shape as its stages do', (_, definition) => {
  for (const channels of [1, 3, 4] as const) {
    if (definition.colour && channels === 1) continue
    for (const step of stepsOf(definition)) {
      const source = { ...rgba, channels }
      if (definition.fits?.(step.values, source) !== undefined) continue
      const { nodes, result } = compile([step], source, false)
      expect(shapesOf([step], source), JSON.stringify(step)).toEqual([nodes[result]?.shape])
    }
  }
})

describe('steps from anywhere', () => {
  /** Counts how often tables are made. */
  const counting = (): { made: () => number; steps: Step[] } => {
    let made = 0
    const steps = parseSteps([...Array(6).fill({ filter: 'resize', width: 2 ** 20, height: 1 })]).map((step, index) => {
      const values = { ...step.values, width: 2 ** 20 - index }
      const stages: Step['filter']['stages'] = (...of) => {
        made++
        return step.filter.stages(...of)
      }
      return { ...step, values, filter: { ...step.filter, stages } }
    })
    return { made: () => made, steps }
  }

  test('that make what no memory holds are refused before a table is made', () => {
    const { made, steps } = counting()
    const tooMuch = { ...(steps[0] as Step), values: { width: 2 ** 20, height: 4000, kernel: 'lanczos3' } }
    for (const call of [() => compile([tooMuch], rgba, false), () => makeStages([tooMuch], rgba).next()]) {
      expect(call).toThrow('a result of 1048576 x 4000 x 4 = 16777216000 bytes fits no memory; the most is 4294967296')
    }
    expect(made()).toBe(0)
  })

  test('that need longer tables than there may be are refused before one is made', () => {
    const { made, steps } = counting()
    const call = (): Plan => compile([...steps, ...steps], rgba, false)
    expect(call).toThrow('step 9, resize: expected the sides of what all steps make to sum to at most 8388608, got more')
    expect(made()).toBe(0)
  })

  test('have their tables made step by step, and none of them twice', () => {
    const { made, steps } = counting()
    const small = steps.map((step, index) => ({ ...step, values: { width: 50 + index, height: 40, kernel: 'lanczos3' } }))
    const perStep: number[] = []
    let before = 0
    for (const _ of makeStages(small, rgba)) {
      perStep.push(made() - before)
      before = made()
    }
    // For images that may have alpha, and for opaque ones.
    expect(perStep).toEqual([2, 2, 2, 2, 2, 2])
    for (const opaque of [false, true]) compile(small, rgba, opaque)
    expect(made()).toBe(before)
  })
})
