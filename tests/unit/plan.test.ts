import { expect, test } from 'vitest'
import { phases } from '../../src/backends/wasm/phases.js'
import { passes } from '../../src/backends/webgpu/passes.js'
import type { Step } from '../../src/filters/define.js'
import { brightness, crop, equalize, flip, gaussianBlur, invert, luminance, sepia, sobel, threshold, unsharpMask } from '../../src/filters/factories.js'
import { compile } from '../../src/plan.js'
import type { Shape } from '../../src/stage.js'

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
  expect(kernels([sepia(), invert(), cut])).toEqual(['copy', 'color_matrix', 'lut'])
  expect(kernels([sobel(), sepia(), cut])).toEqual(['sobel', 'copy', 'color_matrix'])
})

test('opaque images need no premultiplication, others do', () => {
  expect(kernels([gaussianBlur()])).toEqual(['gaussian_blur_y', 'gaussian_blur_x'])
  expect(kernels([gaussianBlur()], rgba, false)).toEqual(['premultiply', 'gaussian_blur_y', 'gaussian_blur_x', 'unpremultiply'])
  expect(kernels([gaussianBlur({ border: 'constant', fill: '#00000080' })])).toContain('premultiply')
})

test('three channels are given alpha once, and lose it at the end', () => {
  expect(kernels([sobel(), invert()], { ...rgba, channels: 3 })).toEqual(['add_alpha', 'sobel', 'lut', 'drop_alpha'])
  expect(kernels([luminance()], { ...rgba, channels: 3 })).toEqual(['add_alpha', 'luminance'])
})

test('a chain without barriers is one phase of the row loop', () => {
  expect(phasesOf([luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold()])).toEqual(['luminance gaussian_blur_y gaussian_blur_x sobel lut'])
  expect(phasesOf([sepia(), unsharpMask({ sigma: 2 }), sobel()])).toHaveLength(1)
})

test('windows that read sideways from an image read a padded copy', () => {
  expect(phasesOf([sobel()])).toEqual(['copy sobel'])
})

test('a histogram, a flip and a wrapped border cut the chain', () => {
  expect(phasesOf([sepia(), equalize(), invert()])).toEqual(['color_matrix', 'histogram', 'lut lut'])
  expect(phasesOf([equalize()])).toEqual(['histogram', 'lut'])
  expect(phasesOf([sobel(), flip(), sobel()])).toHaveLength(2)
  expect(phasesOf([invert(), gaussianBlur({ border: 'wrap' })])).toEqual(['lut', 'gaussian_blur_y gaussian_blur_x'])
})

test('what costs less than memory is computed again', () => {
  const plan = compile([equalize()], { ...rgba, channels: 3 }, true)
  expect(phases(plan).map(({ stages }) => stages.map(({ stage }) => stage.kernel).filter(Boolean))).toEqual([
    ['add_alpha', 'histogram'],
    ['add_alpha', 'lut', 'drop_alpha'],
  ])
})

test('points are one pass on the GPU, and join the windows beside them', () => {
  expect(passesOf([sepia(), invert(), sepia(), threshold()])).toEqual(['color_matrix lut color_matrix lut'])
  expect(passesOf([invert(), brightness({ amount: 2 }), threshold(), invert(), threshold()])).toEqual(['lut'])
  expect(passesOf([luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold()])).toEqual(['luminance gaussian_blur_y', 'gaussian_blur_x', 'sobel lut'])
  expect(passesOf([equalize(), sobel()])).toEqual(['#', 'lut sobel'])
  expect(passesOf([unsharpMask()], true)).toEqual(['gaussian_blur_y', 'gaussian_blur_x unsharp_mask'])
})

test('the same chain on the same shape is compiled once', () => {
  const steps = [sobel(), invert()]
  expect(compile([...steps], rgba, true)).toBe(compile(steps, rgba, true))
  expect(compile(steps, { ...rgba, width: 401 }, true)).not.toBe(compile(steps, rgba, true))
})
