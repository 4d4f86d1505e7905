// What the compiler says of the public API. The checks are the types: `tsc` fails where one does not hold.
import { execFileSync } from 'node:child_process'
import { expect, expectTypeOf, test } from 'vitest'
import { type MapFailure, type MapResult, type Result, type Step, apply, colorMatrix, crop, gaussianBlur, invert, lut, map, sobel } from '../../src/index.js'

/** Never called: it only has to compile. */
export function uses(image: ImageData): void {
  expectTypeOf(apply(image, [invert()])).resolves.toEqualTypeOf<Result>()
  expectTypeOf(gaussianBlur()).toEqualTypeOf<Step>()
  expectTypeOf(gaussianBlur({ sigma: 2, border: 'reflect-101', fill: '#fff' })).toEqualTypeOf<Step>()
  expectTypeOf(sobel({ output: 'x' })).toEqualTypeOf<Step>()
  expectTypeOf(lut({ table: new Uint8Array(256) })).toEqualTypeOf<Step>()
  expectTypeOf(colorMatrix({ matrix: [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0] })).toEqualTypeOf<Step>()
  const sources = [image, Promise.resolve(image), async () => image]
  expectTypeOf(map(sources, [invert()])).toEqualTypeOf<AsyncGenerator<MapResult<Result>, undefined>>()
  expectTypeOf(map(sources, ({ width }) => (width > 9 ? [invert()] : []), { onError: 'skip' })).toEqualTypeOf<AsyncGenerator<MapResult<Result>, undefined>>()
  expectTypeOf(map(sources, [], { onError: 'settle', backend: 'wasm' })).toEqualTypeOf<AsyncGenerator<MapResult<Result> | MapFailure, undefined>>()
  // @ts-expect-error one image for all results
  map(sources, [invert()], { into: image })
  // @ts-expect-error no images
  map(['photo.jpg'], [invert()])
  // @ts-expect-error a misspelt parameter
  gaussianBlur({ sgima: 2 })
  // @ts-expect-error a value of the wrong type
  gaussianBlur({ sigma: '2' })
  // @ts-expect-error none of the choices
  sobel({ output: 'z' })
  // @ts-expect-error a required parameter is missing
  crop({ left: 0, top: 0, width: 1 })
  // @ts-expect-error required parameters are missing
  crop()
  // @ts-expect-error a filter without parameters has none
  invert({ amount: 1 })
  // @ts-expect-error a factory is no step
  void apply(image, [invert])
}

test('everything compiles', () => {
  expect(execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { encoding: 'utf8' })).toBe('')
})
