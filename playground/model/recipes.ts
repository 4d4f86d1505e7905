// Chains to begin with, as on the command line.
import { parseStepText } from '../../src/parse-steps.js'
import { type Chain, itemOf } from './chain.js'

const RECIPES = {
  Poster: 'median:radius=3 saturate:amount=1.6 posterize:levels=5',
  Dream: 'gaussian-blur:sigma=9 brightness:amount=1.12 saturate:amount=1.4',
  Edges: 'luminance gaussian-blur:sigma=1.6 sobel levels:inWhite=90 invert',
  Crisp: 'unsharp-mask:sigma=2.4,amount=1.4 contrast:amount=1.1',
  'Old photo': 'sepia:amount=0.85 levels:outBlack=24,outWhite=236 contrast:amount=1.1',
  Relief: 'grayscale gaussian-blur:sigma=1.2 emboss:amount=2.5',
} as const

export type Recipe = keyof typeof RECIPES

export const recipes = Object.keys(RECIPES) as readonly Recipe[]

export const recipe = (name: Recipe): Chain => RECIPES[name].split(' ').map((text) => itemOf(parseStepText(text)))
