// Draws charts as SVG. Colours are variables of the page's style, so that one drawing is right in light and in dark.
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Chart, LinesChart, NamesChart, RoofChart } from './chart.js'
import { digits } from './text.js'

const ROW = 20
const WIDE = 920
const NARROW = 450
/** Of a letter of the labels. */
const LETTER = 6.1
const COLOURS = 10

export const colourOf = (index: number): string => `var(--series-${index % COLOURS})`

/** The names of a chart's series, in the order of their colours. */
export const seriesOf = ({ points, series }: Chart): readonly string[] => series ?? [...new Set(points.map((point) => point.series))]

/** @param wide The chart has the width of the page. */
export function draw(chart: Chart, wide = false): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const series = seriesOf(chart)
  const common = {
    document: document as unknown as Document,
    color: { domain: [...series], range: series.map((_, index) => colourOf(index)) },
    ariaLabel: chart.title,
  }
  const svg = chart.kind === 'lines' ? drawLines(chart, common, wide ? WIDE : NARROW) : chart.kind === 'roof' ? drawRoof(chart, common) : drawNames(chart, common)
  // Plot writes a style of its own into each drawing; the page has one for all.
  svg.querySelector('style')?.remove()
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return svg.outerHTML
}

type Common = Pick<Plot.PlotOptions, 'document' | 'color' | 'ariaLabel'>

const scale = ({ label, log = false }: { label: string; log?: boolean }): Plot.ScaleOptions => ({
  label,
  ...(log ? { type: 'log', tickFormat: (value: number) => (/^[125]/.test(digitsOf(value)) ? tick(value) : '') } : { tickFormat: tick }),
})

const tick = (value: number): string => (value >= 1000 ? `${value / 1000}k` : String(Number(value.toPrecision(6))))
/** The first digit that is not 0, and what follows. */
const digitsOf = (value: number): string => value.toExponential().replace('.', '')

function drawNames({ kind, values, mark, points, from: start }: NamesChart, common: Common): SVGElement {
  const names = [...new Set(points.map(({ at }) => at))]
  const from = start ?? mark?.value ?? (values.log ? Math.min(...points.map(({ low, value }) => low ?? value)) / 1.2 : 0)
  const whiskers = points.filter(({ low, high }) => low !== undefined && high !== undefined)
  const marks =
    kind === 'bars'
      ? [
          Plot.barX(points, { y: 'at', x1: from, x2: 'value', fill: 'series', rx: 1.5, insetTop: 3, insetBottom: 3 }),
          Plot.ruleY(whiskers, { y: 'at', x1: 'low', x2: 'high', strokeWidth: 1, strokeOpacity: 0.7 }),
          Plot.text(points, {
            y: 'at',
            x: ({ value, high }: NamesChart['points'][number]) => Math.max(from, value, high ?? value),
            text: ({ value }: NamesChart['points'][number]) => digits(value),
            textAnchor: 'start',
            dx: 6,
          }),
        ]
      : [
          Plot.ruleY(whiskers, { y: 'at', x1: 'low', x2: 'high', stroke: 'series', strokeWidth: 2, strokeOpacity: 0.4 }),
          Plot.dot(points, { y: 'at', x: 'value', fill: 'series', r: 4 }),
        ]
  const plot = Plot.plot({
    ...common,
    width: WIDE,
    height: names.length * ROW + 70,
    marginLeft: Math.max(...names.map((name) => name.length)) * LETTER + 16,
    marginRight: 50,
    marginTop: 34,
    marginBottom: 36,
    x: { ...scale(values), axis: 'both', grid: true },
    y: { domain: names, label: null, tickSize: 0 },
    marks: [...marks, ...(mark === undefined ? [] : [Plot.ruleX([mark.value], { strokeWidth: 1.5 })])],
  })
  return plot as unknown as SVGElement
}

function drawLines({ along, values, mark, points }: LinesChart, common: Common, width: number): SVGElement {
  const places = [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b)
  const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined)
  const x = along.whole ? { label: along.label, ticks: places, tickFormat: String } : scale(along)
  const plot = Plot.plot({
    ...common,
    width,
    height: width === WIDE ? 400 : 300,
    marginLeft: 50,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 40,
    x: { ...x, grid: true },
    y: { ...scale(values), grid: true, zero: !(values.log ?? false) },
    marks: [
      Plot.areaY(banded, { x: 'at', y1: 'low', y2: 'high', fill: 'series', fillOpacity: 0.15 }),
      Plot.lineY(points, { x: 'at', y: 'value', stroke: 'series', strokeWidth: 2 }),
      Plot.dot(points, { x: 'at', y: 'value', fill: 'series', r: 3 }),
      ...(mark === undefined ? [] : [Plot.ruleY([mark.value], { strokeDasharray: '4 3' })]),
    ],
  })
  return plot as unknown as SVGElement
}

function drawRoof({ along, values, points, roof }: RoofChart, common: Common): SVGElement {
  const lowest = Math.min(...points.map(({ at }) => at)) / 1.6
  const highest = Math.max(roof.top / roof.slope, ...points.map(({ at }) => at)) * 2.5
  const edge = [lowest, roof.top / roof.slope, highest].map((at) => ({ at, value: Math.min(at * roof.slope, roof.top) }))
  const frame: Plot.PlotOptions = {
    ...common,
    width: WIDE,
    height: 700,
    marginLeft: 50,
    marginRight: 170,
    marginTop: 30,
    marginBottom: 40,
    x: { ...scale(along), grid: true },
    y: { ...scale(values), grid: true },
  }
  const marks = [
    Plot.line(edge, { x: 'at', y: 'value', strokeWidth: 2.5, strokeOpacity: 0.6 }),
    Plot.dot(points, { x: 'at', y: 'value', fill: 'series', r: 4, title: 'name' }),
  ]
  const bare = Plot.plot({ ...frame, marks })
  const labels = labelsOf(points.map(({ name, at, value }) => ({ text: name, x: bare.scale('x')?.apply(at) as number, y: bare.scale('y')?.apply(value) as number })))
  const texts = points.map((point, index) =>
    Plot.text([point], { x: 'at', y: 'value', text: 'name', fontSize: 9.5, textAnchor: 'start', dx: 7, dy: labels[index] as number, fillOpacity: 0.75 }),
  )
  return Plot.plot({ ...frame, marks: [...marks, ...texts] }) as unknown as SVGElement
}

/** How far down or up labels to the right of points have to move so that none lies on another. */
function labelsOf(wanted: readonly { readonly text: string; readonly x: number; readonly y: number }[]): number[] {
  const [height, letter] = [11, 5]
  const placed: { x: number; y: number; width: number }[] = []
  const moved = wanted.map(() => 0)
  for (const index of [...wanted.keys()].sort((a, b) => (wanted[a]?.y as number) - (wanted[b]?.y as number))) {
    const { text, x, y } = wanted[index] as (typeof wanted)[number]
    const box = { x, y, width: text.length * letter + 10 }
    const collides = (): boolean => placed.some((other) => Math.abs(other.y - box.y) < height && other.x < box.x + box.width && box.x < other.x + other.width)
    // The nearest free place, in turn below and above.
    for (let step = 1; collides(); step++) box.y = y + (step % 2 === 0 ? -step : step + 1) / 2
    placed.push(box)
    moved[index] = box.y - y
  }
  return moved
}
