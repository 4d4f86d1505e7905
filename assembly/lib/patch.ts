// Kernels of small windows take rows as they are, without pixels beyond their ends: copying whole rows to make room for
// these would cost more than the window. What such a kernel makes of the ends is wrong, and made again from a patch, which
// holds sixteen bytes of every tap at one end of the row with what lies around them, the border's pixels included.
//
// A patch begins with the addresses of its taps, as kernels get them; then come the sixteen bytes that are made from it
// (and as many more, which kernels that make 32 at a time write), then the taps, five at most.

import { mapIndex } from './edge'
import { Stage } from './stage'

const RESULT: usize = 64
const TAPS: usize = 128
const TAP_BYTES: usize = 192
// Room before the first pixel of a tap; kernels read up to 16 bytes before it and 64 from it on.
const BEFORE: usize = 64

// TAPS + 5 * TAP_BYTES.
export const PATCH_BYTES: usize = 1088

/** The first pixel of the left (0) or right (1) end of a row. */
// @ts-ignore: decorator
@inline
function firstOf(stage: Stage, end: i32): i32 {
  return end == 0 ? 0 : max(0, stage.width - 16 / stage.channels)
}

/** Where a kernel has to put what it makes of a patch. */
// @ts-ignore: decorator
@inline
export function patchResult(patch: usize): usize {
  return patch + RESULT
}

// T is as large as a pixel.
// @ts-ignore: decorator
@inline
function fillTaps<T>(patch: usize, rows: usize, stage: Stage, radius: i32, first: i32): void {
  const width = stage.inputWidth
  const border = stage.border
  const taps = 2 * radius + 1
  const pixels = 16 / <i32>sizeof<T>()
  for (let k = 0; k < taps; k++) {
    const row = <usize>load<u32>(rows + (<usize>k << 2))
    const tap = patch + TAPS + BEFORE + <usize>k * TAP_BYTES
    store<u32>(patch + (<usize>k << 2), <u32>tap)
    for (let i = -radius; i < pixels + radius; i++) {
      const m = mapIndex(first + i, width, border)
      store<T>(tap + <usize>i * sizeof<T>(), load<T>(m < 0 ? stage.outside : row + <usize>m * sizeof<T>()))
    }
  }
}

/** Fills a patch with one end of a row's taps. */
export function fillPatch(patch: usize, rows: usize, stage: Stage, radius: i32, end: i32): void {
  if (stage.channels == 4) fillTaps<u32>(patch, rows, stage, radius, firstOf(stage, end))
  else fillTaps<u8>(patch, rows, stage, radius, firstOf(stage, end))
}

/** Puts the result of a patch where it belongs. */
export function keepPatch(patch: usize, dst: usize, stage: Stage, end: i32): void {
  v128.store(dst + <usize>(firstOf(stage, end) * stage.channels), v128.load(patch + RESULT))
}
