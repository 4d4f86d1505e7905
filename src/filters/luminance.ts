import { choice } from '../params.js'
import { defineFilter } from './define.js'
import { blank, fractions } from './maths.js'

/** What red, green and blue weigh in a grey level. */
export const LUMA = {
  bt709: [0.2126, 0.7152, 0.0722],
  bt601: [0.299, 0.587, 0.114],
  average: [1 / 3, 1 / 3, 1 / 3],
} as const

export const lumaParam = choice({
  options: ['bt709', 'bt601', 'average'],
  default: 'bt709',
  summary: 'What red, green and blue weigh: as for HD video, as for SD video and JPEG, or the same.',
})

/**
 * Fractions of 2^15 that sum to exactly 32768. They are even, so that `grayscale`, whose matrix has fractions of
 * 2^14, gives the same levels.
 */
export function lumaWeights(name: keyof typeof LUMA): Int16Array {
  return Int16Array.of(...fractions(LUMA[name], 2 ** 14).map((weight) => 2 * weight), 0)
}

export const luminance = defineFilter({
  name: 'luminance',
  summary: 'To one channel: the grey level of each colour. Alpha is dropped.',
  details: '(r wr + g wg + b wb + 2^14) >> 15, the weights being fractions of 2^15 that sum to 1. One channel stays as it is.',
  params: { weights: lumaParam },
  keepsOpaque: () => true,
  shape: () => ({ channels: 1 }),
  stages: ({ weights }, { channels }) =>
    channels === 1
      ? []
      : [{ kernel: 'luminance', kind: 'point', shape: { channels: 1 }, params: { weights: lumaWeights(weights) }, work: 0.15 }],
  reference(image, { weights }) {
    if (image.channels === 1) return image
    const [r, g, b] = lumaWeights(weights) as unknown as [number, number, number]
    const out = blank(image.width, image.height, 1)
    for (let i = 0; i < out.data.length; i++) {
      const [red, green, blue] = image.data.subarray(i * 4, i * 4 + 3) as unknown as [number, number, number]
      out.data[i] = (red * r + green * g + blue * b + 2 ** 14) >> 15
    }
    return out
  },
  cases: [{ weights: 'bt601' }, { weights: 'average' }],
})
