// Every bad input gets one clear error with a stable code, from the call where it was made.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, IsopixError, apply, createEngine, crop, gaussianBlur, invert, luminance, parseSteps, sepia } from '../../src/index.js'
import { makeImage } from '../helpers/images.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ threads: 1, memoryBudgetBytes: 2 ** 25 })
})
afterAll(() => engine.close())

const bytes = (length: number): Uint8ClampedArray => new Uint8ClampedArray(length)
const good = makeImage(4, 3, 4)
const bad = (value: unknown): never => value as never

const synchronous: readonly [string, () => unknown, string, RegExp][] = [
  ['unknown parameter', () => gaussianBlur(bad({ sgima: 2 })), 'ERR_INVALID_ARGUMENT', /gaussianBlur: unknown parameter "sgima" \(did you mean "sigma"\?\); it has sigma, border, fill/],
  ['NaN', () => gaussianBlur({ sigma: Number.NaN }), 'ERR_INVALID_ARGUMENT', /expected sigma to be a number from 0.1 to 100, got NaN/],
  ['wrong type', () => gaussianBlur(bad({ sigma: 'two' })), 'ERR_INVALID_ARGUMENT', /got "two" \(string\)/],
  ['out of range', () => gaussianBlur({ sigma: 0 }), 'ERR_INVALID_ARGUMENT', /got 0/],
  ['not one of the choices', () => gaussianBlur(bad({ border: 'mirror' })), 'ERR_INVALID_ARGUMENT', /one of replicate, reflect/],
  ['a missing parameter', () => crop(bad({ left: 0 })), 'ERR_INVALID_ARGUMENT', /expected top to be .* got nothing/],
  ['parameters that are no object', () => invert(bad(3)), 'ERR_INVALID_ARGUMENT', /expected its parameters to be an object, got 3/],
  ['an unknown filter in JSON', () => parseSteps([{ filter: 'gausian-blur' }]), 'ERR_INVALID_ARGUMENT', /step 1: unknown filter "gausian-blur".*did you mean "gaussian-blur"/],
  ['JSON that is none', () => parseSteps('['), 'ERR_INVALID_ARGUMENT', /not JSON/],
  ['JSON that is no list', () => parseSteps({}), 'ERR_INVALID_ARGUMENT', /expected steps to be a list/],
  ['a resident image without size', () => engine.createImage(0, 5), 'ERR_INVALID_ARGUMENT', /expected width/],
  ['a resident image beyond the budget', () => engine.createImage(10_000, 10_000), 'ERR_MEMORY', /memoryBudgetBytes/],
]

test.each(synchronous)('%s', (_, call, code, message) => {
  const error = caught(call)
  expect(error).toBeInstanceOf(IsopixError)
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(error.stack, 'the stack names the line of the call').toContain('errors.test.ts')
})

const asynchronous: readonly [string, () => Promise<unknown>, string, RegExp][] = [
  ['no image', () => engine.apply(bad(null), []), 'ERR_INVALID_ARGUMENT', /expected image to be an object with width, height and data, got null/],
  ['a width of 0', () => engine.apply({ width: 0, height: 3, data: bytes(0) }, []), 'ERR_INVALID_ARGUMENT', /expected image.width/],
  ['a fractional height', () => engine.apply({ width: 3, height: 1.5, data: bytes(18) }, []), 'ERR_INVALID_ARGUMENT', /expected image.height/],
  ['a huge width', () => engine.apply({ width: 2 ** 31, height: 1, data: bytes(4) }, []), 'ERR_INVALID_ARGUMENT', /expected image.width/],
  ['a huge area', () => engine.apply({ width: 2 ** 20, height: 2 ** 20, data: bytes(4) }, []), 'ERR_INVALID_ARGUMENT', /at most 4294967295 pixels/],
  ['data that does not fit', () => engine.apply({ width: 3, height: 3, data: bytes(10) }, []), 'ERR_INVALID_ARGUMENT', /10 bytes for 3 x 3/],
  ['data that does not fit the channels', () => engine.apply({ width: 3, height: 3, channels: 4, data: bytes(27) }, []), 'ERR_INVALID_ARGUMENT', /= 36 bytes, got 27/],
  ['two channels', () => engine.apply({ width: 3, height: 3, channels: 2, data: bytes(18) }, []), 'ERR_INVALID_ARGUMENT', /to be 1, 3 or 4, got 2/],
  ['data of another type', () => engine.apply({ width: 1, height: 1, data: bad([1, 2, 3, 4]) }, []), 'ERR_INVALID_ARGUMENT', /an array of 4/],
  ['steps that are none', () => engine.apply(good, bad('invert')), 'ERR_INVALID_ARGUMENT', /expected steps to be an array of steps/],
  ['a step that is a factory', () => engine.apply(good, bad([invert])), 'ERR_INVALID_ARGUMENT', /expected steps\[0\]/],
  ['a step that cannot follow another', () => engine.apply(good, [luminance(), sepia()]), 'ERR_STEP', /step 2, sepia: expected an image with colour/],
  ['a rectangle outside', () => engine.apply(good, [crop({ left: 2, top: 0, width: 3, height: 3 })]), 'ERR_STEP', /within the image of 4 x 3/],
  ['an unknown backend', () => engine.apply(good, [], { backend: bad('cuda') }), 'ERR_INVALID_ARGUMENT', /one of auto, wasm, webgpu, reference/],
  ['into of another size', () => engine.apply(good, [], { into: makeImage(3, 4, 4) }), 'ERR_INVALID_ARGUMENT', /4 x 3 with 4 channels.*got 3 x 4/],
  ['an image beyond the budget', () => engine.apply(makeImage(4000, 3000, 4, 'zeros'), [invert()]), 'ERR_MEMORY', /budget is 32 MiB/],
  ['a backend that is not there', async () => await (await createEngine({ gpu: false })).apply(good, [], { backend: 'webgpu' }), 'ERR_UNSUPPORTED', /leave the GPU alone/],
  ['threads of another type', () => createEngine({ threads: bad('all') }), 'ERR_INVALID_ARGUMENT', /createEngine: expected threads/],
  ['the same from the function alone', () => apply(bad(undefined), []), 'ERR_INVALID_ARGUMENT', /got nothing/],
]

test.each(asynchronous)('%s', async (_, call, code, message) => {
  const error = await call().then(
    () => expect.fail('it was accepted'),
    (reason: Error) => reason,
  )
  expect(error).toBeInstanceOf(IsopixError)
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(error.stack, 'the stack names the line of the call').toContain('errors.test.ts')
})

test('after all of that the engine still works, and holds no memory', async () => {
  expect((await engine.apply(good, [invert()])).data[0]).toBe(255 - (good.data[0] as number))
  expect(engine.stats().arenaBytesUsed).toBe(0)
})

function caught(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  return expect.fail('it was accepted')
}
