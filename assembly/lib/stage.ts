// The record of one stage, as the engine writes it (src/backends/wasm/records.ts: `STAGE_FIELDS`;
// tests/laws/contract.test.ts holds the two lists equal) and as the row loop and the kernels read it.
//
// Every field is one 4-byte slot. A worker runs on a private copy, in which `base`, `state`, `rows` and
// `spare` have become addresses.

@unmanaged
export class Stage {
  // What to run, and on what.
  kernel!: u32 // table slot of the row kernel; 0: the rows are an image in memory
  finish!: u32 // table slot of the function to call after the strip's last row; 0: none
  input!: i32 // index of the stage whose rows the kernel reads
  join!: i32 // index of a second stage, read at the same row; -1: none

  // The rows this stage makes.
  width!: i32 // pixels
  height!: i32 // rows of the whole image
  channels!: i32 // elements a pixel
  bytes!: i32 // bytes an element: 1 is u8; 2 is i16 with 6 fractional bits; 4 is i32

  // The rows it needs: row y needs `taps` rows from `starts[y]`, or from `y + offset` without a list.
  taps!: i32
  offset!: i32
  starts!: usize
  border!: i32 // what lies above and below the input: see edge.ts
  outside!: usize // the row that stands there when the border is constant
  inputBytes!: i32
  inputWidth!: i32
  inputStride!: i32 // bytes from a row of the input to the next, where a row may need any of them; else 0

  // What its consumer wants to find left and right of each row.
  padLeft!: i32 // pixels
  padRight!: i32
  padBorder!: i32
  padFill!: usize // one pixel, in this stage's format

  params!: usize // the kernel's own `Params`

  // Where its rows live.
  base!: usize // pixel 0 of row 0
  stride!: i32 // bytes from a row to the next
  ringRows!: i32 // row y is at base + (y mod ringRows) * stride
  state!: usize // memory that lasts from row to row of a strip; its first word is 0 at the first row
  rows!: usize // room for the taps' addresses
  spare!: usize // one row beside the image, for rows whose overrun would hurt
  next!: i32 // the next row to make
  until!: i32 // one past the last row that the strip needs
}

// Kernels may read this many bytes past either end of a row's padding, and write this many past a row.
export const SLACK: i32 = 64
