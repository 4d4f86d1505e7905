/** The first slots of `data`, as shaders/lib/frame.wgsl names them (with _). */
export const FRAME_FIELDS = [
  'width', 'firstRow', 'rows', 'dstFirst', 'dstUnits',
  'srcWidth', 'srcHeight', 'srcFirst', 'srcUnits',
  'joinedFirst', 'joinedUnits',
  'opWidth', 'opHeight',
  'fill', 'fillGreen', 'fillBlue', 'fillAlpha',
  'rowOffset', 'rowStarts',
  'reachLeft', 'reachRight', 'reachUp', 'reachDown',
] as const

export type Frame = Readonly<Record<(typeof FRAME_FIELDS)[number], number>>

/** Where the places of the levels' parameters begin. */
export const AT = FRAME_FIELDS.length
