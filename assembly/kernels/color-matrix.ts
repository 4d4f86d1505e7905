// color_matrix: out[i] = clamp((m[i] . (r, g, b, a) + bias[i] + half) >> shift), straight alpha.
//
// m is i16 with `shift` <= 14 fractional bits, bias the offset times 255 in the same scale. The engine picks
// `shift` so that |m| <= 32767; a sum of four products is at most 4 * 255 * 32767 = 33,422,340. Offsets are at
// most 128, so that |bias| is at most 128 * 255 * 2^14 + 2^13 = 534,781,952: sums stay below 2^30.

import { alphaMask, pinned } from '../lib/pinned'
import { greenAlpha, packU8, redBlue, weightsOfTwo } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  shift!: i32
  matrix!: usize // i16, 4 rows of 4
  bias!: usize // i32, 4, rounding included
}

// Whether alpha stays what it is.
// @ts-ignore: decorator
@inline
function keepsAlpha(params: Params): bool {
  return load<u64>(params.matrix, 24) == (<u64>1) << <u64>(48 + params.shift) && load<i32>(params.bias, 12) == (1 << params.shift) >> 1
}

// Whether red, green and blue become the same: shades of grey.
// @ts-ignore: decorator
@inline
function isGrey(params: Params): bool {
  const red = load<u64>(params.matrix)
  const bias = load<i32>(params.bias)
  return (
    red == load<u64>(params.matrix, 8) && red == load<u64>(params.matrix, 16) && bias == load<i32>(params.bias, 4) && bias == load<i32>(params.bias, 8)
  )
}

/** One channel of four pixels. */
// @ts-ignore: decorator
@inline
function channel4(rb: v128, ga: v128, ofRB: v128, ofGA: v128, bias: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(rb, ofRB), i32x4.dot_i16x8_s(ga, ofGA)), bias), shift)
}

// @ts-ignore: decorator
@inline
function greyRow(src: usize, dst: usize, n: usize, params: Params): void {
  const shift = params.shift
  const ofRB = pinned(weightsOfTwo(params.matrix, 0))
  const ofGA = pinned(weightsOfTwo(params.matrix, 2))
  const bias = v128.load32_splat(params.bias)
  const places = pinned(i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3))
  const alpha = alphaMask(4)
  for (let x: usize = 0; x < n; x += 16) {
    const px = v128.load(src + x)
    const grey = channel4(redBlue(px), greenAlpha(px), ofRB, ofGA, bias, shift)
    const levels = packU8(grey, grey, grey, grey)
    v128.store(dst + x, v128.bitselect(px, i8x16.swizzle(levels, places), alpha))
  }
}

// @ts-ignore: decorator
@inline
function colourRow(src: usize, dst: usize, n: usize, params: Params, withAlpha: bool): void {
  const shift = params.shift
  const matrix = params.matrix
  const redOfRB = pinned(weightsOfTwo(matrix, 0))
  const redOfGA = pinned(weightsOfTwo(matrix, 2))
  const greenOfRB = pinned(weightsOfTwo(matrix, 8))
  const greenOfGA = pinned(weightsOfTwo(matrix, 10))
  const blueOfRB = pinned(weightsOfTwo(matrix, 16))
  const blueOfGA = pinned(weightsOfTwo(matrix, 18))
  const alphaOfRB = pinned(weightsOfTwo(matrix, 24))
  const alphaOfGA = pinned(weightsOfTwo(matrix, 26))
  const biasR = v128.load32_splat(params.bias)
  const biasG = v128.load32_splat(params.bias, 4)
  const biasB = v128.load32_splat(params.bias, 8)
  const biasA = v128.load32_splat(params.bias, 12)
  const places = pinned(i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15))
  const alpha = alphaMask(4)
  for (let x: usize = 0; x < n; x += 16) {
    const px = v128.load(src + x)
    const rb = redBlue(px)
    const ga = greenAlpha(px)
    const r = channel4(rb, ga, redOfRB, redOfGA, biasR, shift)
    const g = channel4(rb, ga, greenOfRB, greenOfGA, biasG, shift)
    const b = channel4(rb, ga, blueOfRB, blueOfGA, biasB, shift)
    const a = withAlpha ? channel4(rb, ga, alphaOfRB, alphaOfGA, biasA, shift) : b
    const planes = packU8(r, g, b, a)
    const out = i8x16.swizzle(planes, places)
    v128.store(dst + x, withAlpha ? out : v128.bitselect(px, out, alpha))
  }
}

export function color_matrix(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const params = changetype<Params>(stage.params)
  const n = <usize>stage.width << 2
  if (!keepsAlpha(params)) colourRow(src, dst, n, params, true)
  else if (isGrey(params)) greyRow(src, dst, n, params)
  else colourRow(src, dst, n, params, false)
}
