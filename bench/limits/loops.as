// The loops that a machine is measured with, in AssemblyScript: what no filter can beat.

/** Copies bytes, a multiple of 64, as filters do that only move them. */
export function copy(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 64) {
    v128.store(to + i, v128.load(from + i))
    v128.store(to + i, v128.load(from + i, 16), 16)
    v128.store(to + i, v128.load(from + i, 32), 32)
    v128.store(to + i, v128.load(from + i, 48), 48)
  }
}

/** Multiplies 16-bit numbers in pairs and adds, in 8 chains that do not wait for each other: 16 instructions a turn. */
export function multiply(from: usize, turns: i32): i32 {
  const w = v128.load(from)
  let a = v128.load(from, 16), b = v128.load(from, 32), c = v128.load(from, 48), d = v128.load(from, 64)
  let e = v128.load(from, 80), f = v128.load(from, 96), g = v128.load(from, 112), h = v128.load(from, 128)
  for (let i = 0; i < turns; i++) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(a, w))
    b = i32x4.add(b, i32x4.dot_i16x8_s(b, w))
    c = i32x4.add(c, i32x4.dot_i16x8_s(c, w))
    d = i32x4.add(d, i32x4.dot_i16x8_s(d, w))
    e = i32x4.add(e, i32x4.dot_i16x8_s(e, w))
    f = i32x4.add(f, i32x4.dot_i16x8_s(f, w))
    g = i32x4.add(g, i32x4.dot_i16x8_s(g, w))
    h = i32x4.add(h, i32x4.dot_i16x8_s(h, w))
  }
  return i32x4.extract_lane(v128.xor(v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h))), 0)
}
