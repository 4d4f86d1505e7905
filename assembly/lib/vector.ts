// Small vector helpers that several kernels share. All are inlined.

/** Interleaves the bytes 0..7 of a and b: a0 b0 a1 b1 … */
// @ts-ignore: decorator
@inline
export function zipLowI8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

/** Interleaves the bytes 8..15 of a and b. */
// @ts-ignore: decorator
@inline
export function zipHighI8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Interleaves the i16 lanes 0..3 of a and b: a0 b0 a1 b1 … */
// @ts-ignore: decorator
@inline
export function zipLowI16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23)
}

/** Interleaves the i16 lanes 4..7 of a and b. */
// @ts-ignore: decorator
@inline
export function zipHighI16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)
}

/** Interleaves the i32 lanes 0 and 1 of a and b: a0 b0 a1 b1. */
// @ts-ignore: decorator
@inline
export function zipLowI32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5)
}

/** Interleaves the i32 lanes 2 and 3 of a and b. */
// @ts-ignore: decorator
@inline
export function zipHighI32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7)
}

/** The first of each two elements of 32 bits. */
// @ts-ignore: decorator
@inline
export function evenI32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 2, 4, 6)
}

/** The second of each two elements of 32 bits. */
// @ts-ignore: decorator
@inline
export function oddI32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 1, 3, 5, 7)
}

/** The first of each two elements of 64 bits. */
// @ts-ignore: decorator
@inline
export function evenI64(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
}

/** The second of each two elements of 64 bits. */
// @ts-ignore: decorator
@inline
export function oddI64(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
}

/** Adds neighbours: [a0+a1, a2+a3, b0+b1, b2+b3]. */
// @ts-ignore: decorator
@inline
export function addPairsI32(a: v128, b: v128): v128 {
  return i32x4.add(evenI32(a, b), oddI32(a, b))
}

/**
 * Two weights of u8 pixels of four channels, as i16, for every pixel: those of red and blue, or of green and alpha; `weights` is the
 * address of four.
 */
// @ts-ignore: decorator
@inline
export function weightsOfTwo(weights: usize, first: usize): v128 {
  return i32x4.splat(load<u16>(weights + first) | ((<i32>load<u16>(weights + first, 4)) << 16))
}

/** Red and blue of four pixels as i16, one beside the other: without shuffles a dot product adds what two channels weigh. */
// @ts-ignore: decorator
@inline
export function redBlue(px: v128): v128 {
  return v128.and(px, i16x8.splat(255))
}

/** Green and alpha of four pixels as i16, one beside the other. */
// @ts-ignore: decorator
@inline
export function greenAlpha(px: v128): v128 {
  return i16x8.shr_u(px, 8)
}

/** Packs four vectors of i32, in order, to sixteen u8, clamped to 0..255. */
// @ts-ignore: decorator
@inline
export function packU8(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
}

/** 2^23 as f32, of which the bits are 0x4b000000. */
// @ts-ignore: decorator
@inline
export function twoTo23(): v128 {
  return f32x4.splat(8388608)
}

/**
 * The nearest integers of four f32 from 0 to below 2^23, half to even. Between 2^23 and 2^24 floats are the integers: the sum is
 * rounded to one of them, and its lowest bits are that integer. Conversions of wasm take care of what is not a number too,
 * in many instructions.
 * @param magic twoTo23().
 */
// @ts-ignore: decorator
@inline
export function nearestI32(v: v128, magic: v128): v128 {
  return i32x4.sub(f32x4.add(v, magic), magic)
}

/** Half of an integer, in rows of i16, which have 6 fractional bits. */
// @ts-ignore: decorator
@inline
export function halfI16(): v128 {
  return i16x8.splat(32)
}

/**
 * Rounds eight values of i16 with 6 fractional bits to integers, half up.
 * @param half halfI16().
 */
// @ts-ignore: decorator
@inline
export function roundI16(v: v128, half: v128): v128 {
  // The largest value is 32767 - 32 (architecture, formats), so the addition does not wrap.
  return i16x8.shr_s(i16x8.add(v, half), 6)
}

/**
 * Stores sixteen values of i16 with 6 fractional bits as T: as they are, or rounded to u8 and clamped.
 * @param half halfI16().
 */
// @ts-ignore: decorator
@inline
export function storeRounded<T>(dst: usize, low: v128, high: v128, half: v128): void {
  if (sizeof<T>() == 1) {
    v128.store(dst, i8x16.narrow_i16x8_u(roundI16(low, half), roundI16(high, half)))
  } else {
    v128.store(dst, low)
    v128.store(dst, high, 16)
  }
}

/** The sixteen bytes that begin one pixel before b, of two vectors side by side. `four`: pixels have four channels. */
// @ts-ignore: decorator
@inline
export function pixelBefore(a: v128, b: v128, four: bool): v128 {
  return four
    ? i8x16.shuffle(a, b, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)
    : i8x16.shuffle(a, b, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/** The sixteen bytes that begin two pixels before b. */
// @ts-ignore: decorator
@inline
export function pixelsBefore(a: v128, b: v128, four: bool): v128 {
  return four
    ? i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
    : i8x16.shuffle(a, b, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
}

/** The sixteen bytes that begin one pixel after the first of a. */
// @ts-ignore: decorator
@inline
export function pixelAfter(a: v128, b: v128, four: bool): v128 {
  return four
    ? i8x16.shuffle(a, b, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
    : i8x16.shuffle(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
}

/** The sixteen bytes that begin two pixels after the first of a. */
// @ts-ignore: decorator
@inline
export function pixelsAfter(a: v128, b: v128, four: bool): v128 {
  return four
    ? i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
    : i8x16.shuffle(a, b, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
}
