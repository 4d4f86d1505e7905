import type { Fill, Format, Stage } from '../stage.js'
import type { Border } from '../border.js'
import type { Context } from './define.js'

/** Whether a constant border of this colour leaves an opaque image opaque. */
export const opaqueBorder = (border: Border, fill: Fill): boolean => border !== 'constant' || fill[3] === 255

/**
 * Puts `middle`, stages that read and write rows of i16, between premultiplication and its inverse. Where the
 * pixels are opaque there is nothing to multiply: the first stage reads u8 and the last one writes it, with the
 * same bytes.
 */
export function premultiplied(
  context: Context,
  outside: { readonly border: Border; readonly fill: Fill },
  middle: (formats: { readonly first: Format; readonly last: Format }) => readonly Stage[],
): readonly Stage[] {
  if (context.channels === 1 || (context.opaque && opaqueBorder(outside.border, outside.fill))) {
    return middle({ first: 'u8', last: 'u8' })
  }
  return [
    { kernel: 'premultiply', kind: 'point', shape: { format: 'i16' }, work: 0.5 },
    ...middle({ first: 'i16', last: 'i16' }),
    { kernel: 'unpremultiply', kind: 'point', shape: { format: 'u8' }, work: 1.5 },
  ]
}
