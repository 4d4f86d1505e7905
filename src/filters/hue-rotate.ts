import { number } from '../params.js'
import { colourRows, defineMatrix } from './matrix.js'

/** The matrices of the specification: what does not depend on the angle, what its cosine and its sine scale. */
const GREY = [0.213, 0.715, 0.072]
const COSINE = [
  [0.787, -0.715, -0.072],
  [-0.213, 0.285, -0.072],
  [-0.213, -0.715, 0.928],
]
const SINE = [
  [-0.213, -0.715, 0.928],
  [0.143, 0.14, -0.283],
  [-0.787, 0.715, 0.072],
]

/** Cosine and sine of an angle in degrees, exact at multiples of 90. */
function turn(degrees: number): [number, number] {
  const quarters = Math.round(degrees / 90)
  const rest = ((degrees - 90 * quarters) * Math.PI) / 180
  const cos = Math.cos(rest)
  const sin = Math.sin(rest)
  return ([[cos, sin], [-sin, cos], [-cos, -sin], [sin, -cos]] as const)[quarters & 3] as [number, number]
}

export const hueRotate = defineMatrix({
  name: 'hue-rotate',
  summary: 'Turn the hue of every colour, as CSS hue-rotate().',
  details: 'The matrix of the [Filter Effects specification](https://www.w3.org/TR/filter-effects-1/#huerotateEquivalent). Greys stay exactly what they are.',
  params: {
    degrees: number({ default: 0, min: -360, max: 360, unit: 'degrees', summary: 'The angle; red turns towards yellow and green.' }),
  },
  grey: 'kept',
  matrix({ degrees }) {
    const [cos, sin] = turn(degrees)
    return colourRows([0, 1, 2].map((i) => GREY.map((weight, j) => weight + cos * (COSINE[i]?.[j] as number) + sin * (SINE[i]?.[j] as number))))
  },
  cases: [{ degrees: 90 }, { degrees: -137.5 }, { degrees: 360 }],
})
