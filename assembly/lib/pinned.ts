// Vectors that do not change in a loop.
//
// V8 computes what it can compute, constants, splats and masks of shuffles among them, where it is used: in every turn of a
// loop anew, three to five instructions each. What was loaded it keeps. So that a vector is loaded it goes through memory.

// A vector's worth of memory of the worker's own.
let cell: usize = 0

export function placePinned(address: usize): void {
  cell = address
}

/** The same vector, for use in a loop. */
// @ts-ignore: decorator
@inline
export function pinned(v: v128): v128 {
  v128.store(cell, v)
  return v128.load(cell)
}

/** Selects alpha where pixels have four channels, and nothing where they have one. */
// @ts-ignore: decorator
@inline
export function alphaMask(channels: i32): v128 {
  return pinned(i32x4.splat(channels == 4 ? 0xff000000 : 0))
}
