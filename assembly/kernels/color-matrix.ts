// color_matrix: out[i] = clamp((m[i] . (r, g, b, a) + bias[i] + half) >> shift), straight alpha.
//
// m is i16 with `shift` <= 14 fractional bits, bias the offset times 255 in the same scale. The engine picks
// `shift` so that |m| <= 32767; a sum of four products is at most 4 * 255 * 32767 = 33,422,340. Offsets are at
// most 128, so that |bias| is at most 128 * 255 * 2^14 + 2^13 = 534,781,952: sums stay below 2^30.

import { addPairsI32, packU8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  shift!: i32
  matrix!: usize // i16, 4 rows of 4
  bias!: usize // i32, 4, rounding included
}

// Whether red, green and blue become the same, and alpha stays: shades of grey.
// @ts-ignore: decorator
@inline
function isGrey(params: Params): bool {
  const red = load<u64>(params.matrix)
  const bias = load<i32>(params.bias)
  return (
    red == load<u64>(params.matrix, 8) &&
    red == load<u64>(params.matrix, 16) &&
    load<u64>(params.matrix, 24) == (<u64>1) << <u64>(48 + params.shift) &&
    bias == load<i32>(params.bias, 4) &&
    bias == load<i32>(params.bias, 8) &&
    load<i32>(params.bias, 12) == (1 << params.shift) >> 1
  )
}

// @ts-ignore: decorator
@inline
function greyRow(src: usize, dst: usize, n: usize, params: Params): void {
  const shift = params.shift
  const weights = v128.load64_splat(params.matrix)
  const bias = v128.load32_splat(params.bias)
  for (let x: usize = 0; x < n; x += 16) {
    const px = v128.load(src + x)
    const sums = addPairsI32(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(px), weights), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(px), weights))
    const grey = i32x4.shr_s(i32x4.add(sums, bias), shift)
    const levels = packU8(grey, grey, grey, grey)
    v128.store(dst + x, i8x16.shuffle(levels, px, 0, 0, 0, 19, 1, 1, 1, 23, 2, 2, 2, 27, 3, 3, 3, 31))
  }
}

export function color_matrix(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const params = changetype<Params>(stage.params)
  const shift = params.shift
  const n = <usize>stage.width << 2
  if (isGrey(params)) {
    greyRow(src, dst, n, params)
    return
  }
  const mR = v128.load64_splat(params.matrix)
  const mG = v128.load64_splat(params.matrix, 8)
  const mB = v128.load64_splat(params.matrix, 16)
  const mA = v128.load64_splat(params.matrix, 24)
  const biasR = v128.load32_splat(params.bias)
  const biasG = v128.load32_splat(params.bias, 4)
  const biasB = v128.load32_splat(params.bias, 8)
  const biasA = v128.load32_splat(params.bias, 12)
  for (let x: usize = 0; x < n; x += 16) {
    const px = v128.load(src + x)
    const lo = i16x8.extend_low_i8x16_u(px)
    const hi = i16x8.extend_high_i8x16_u(px)
    const r = addPairsI32(i32x4.dot_i16x8_s(lo, mR), i32x4.dot_i16x8_s(hi, mR))
    const g = addPairsI32(i32x4.dot_i16x8_s(lo, mG), i32x4.dot_i16x8_s(hi, mG))
    const b = addPairsI32(i32x4.dot_i16x8_s(lo, mB), i32x4.dot_i16x8_s(hi, mB))
    const a = addPairsI32(i32x4.dot_i16x8_s(lo, mA), i32x4.dot_i16x8_s(hi, mA))
    const planes = packU8(
      i32x4.shr_s(i32x4.add(r, biasR), shift),
      i32x4.shr_s(i32x4.add(g, biasG), shift),
      i32x4.shr_s(i32x4.add(b, biasB), shift),
      i32x4.shr_s(i32x4.add(a, biasA), shift),
    )
    v128.store(dst + x, i8x16.shuffle(planes, planes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15))
  }
}
