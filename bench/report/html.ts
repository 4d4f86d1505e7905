// The report: one file with everything in it, for light and dark.
import type { Section } from '../section.js'
import type { Chart, Table } from './chart.js'
import { colourOf, draw, seriesOf } from './draw.js'
import type { Run } from './run.js'

const STYLE = `
:root { color-scheme: light dark; --ground: #fdfdfc; --text: #1c1d20; --quiet: #6b6f76; --line: #e3e3de; --panel: #fff;
  --series-0: #2f6fdf; --series-1: #e08a1e; --series-2: #d0483e; --series-3: #2a9d8f; --series-4: #8a5cd1;
  --series-5: #c2528b; --series-6: #7a8b2c; --series-7: #5b6675; --series-8: #a0673a; --series-9: #1797b8 }
@media (prefers-color-scheme: dark) { :root { --ground: #15171a; --text: #e6e7e9; --quiet: #9aa0a8; --line: #2c3036; --panel: #1b1e22;
  --series-0: #6ea2ff; --series-1: #f0a94e; --series-2: #f07a6e; --series-3: #4fc3b5; --series-4: #b394ee;
  --series-5: #e585b4; --series-6: #a9bb55; --series-7: #9aa7b8; --series-8: #cf9a6d; --series-9: #4fc1de } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1040px; padding: 3rem 1.5rem 6rem; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, sans-serif }
h1 { margin: 0; font-size: 2rem; line-height: 1.2 } h2 { margin: 4rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.4rem }
h3 { margin: 0 0 .3rem; font-size: 1rem } p { max-width: 46rem; color: var(--quiet) } a { color: var(--series-0) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem } dt { color: var(--quiet) } dd { margin: 0 }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin-top: 1.5rem; font-size: .95rem }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0 }
figure { margin: 0; min-width: 0; padding: 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; max-width: 100%; overflow-x: auto }
svg { display: block; max-width: 100%; height: auto; font: 11px system-ui, sans-serif; fill: currentColor; overflow: visible }
svg [aria-label*="grid"] { color: var(--line); stroke: currentColor; stroke-opacity: 1 }
.legend { display: flex; max-width: 900px; flex-wrap: wrap; gap: .1rem 1rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .8rem; color: var(--quiet) }
.legend i { display: inline-block; width: .7em; height: .7em; margin-right: .4em; border-radius: 2px }
.legend .mark { width: 2px; margin-left: .3em; background: var(--text) }
details { margin: .8rem 0 } summary { cursor: pointer; font-weight: 600; font-size: .95rem }
.table { overflow-x: auto } table { border-collapse: collapse; margin: .7rem 0; font-size: .84rem; font-variant-numeric: tabular-nums }
th, td { padding: .22rem .8rem .22rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top } th { color: var(--quiet); font-weight: 500 }
td.number, th.number { text-align: right; white-space: nowrap } td:first-child { white-space: nowrap } td:nth-child(3) { white-space: nowrap } #goals td { white-space: normal } small { display: block; color: var(--quiet) }
`

/** @param goals What the run says of the goals, before everything else. */
export function htmlOf({ machine, sections }: Run, known: readonly Section[], goals: readonly Table[] = []): string {
  const shown = known.filter(({ name }) => name in sections)
  const facts = [
    ['Processor', `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB`],
    ['System', `${machine.system}, Node ${machine.node}`],
    ['Date', machine.date],
    ['Command', machine.command],
  ] as const
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>isopix, measured</title>
<style>${STYLE}</style>
<body>
<h1>isopix, measured</h1>
<p>Medians, with quartiles as thin lines and bands. What is compared was timed in turn, round by round, after its pictures had been checked.</p>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('')}</dl>
<nav>${goals.length > 0 ? '<a href="#goals">Goals</a>' : ''}${shown.map(({ name, title }) => `<a href="#${name}">${escape(title)}</a>`).join('')}</nav>
${[...(goals.length > 0 ? [sectionOfGoals(goals)] : []), ...shown.map((section) => sectionOf(section, sections[section.name]))].join('\n')}
</body>
</html>
`
}

function sectionOf(section: Section, data: unknown): string {
  const charts = section.charts(data).filter(({ points }) => points.length > 0)
  const tables = section.tables(data)
  return `<section id="${section.name}">
<h2>${escape(section.title)}</h2>
<p>${escape(section.about)}</p>
<div class="charts">${charts.map((chart) => figure(chart, charts.length === 1)).join('\n')}</div>
${tables.map((table) => details(table)).join('\n')}
</section>`
}

const sectionOfGoals = (tables: readonly Table[]): string => `<section id="goals">
<h2>Goals</h2>
${tables.map((table) => details(table, true)).join('\n')}
</section>`

function figure(chart: Chart, wide: boolean): string {
  const series = seriesOf(chart)
  const entries = series.length > 1 ? series.map((name, index) => `<li><i style="background: ${colourOf(index)}"></i>${escape(name)}</li>`) : []
  if (chart.mark !== undefined) entries.push(`<li><i class="mark"></i>${escape(chart.mark.label)}</li>`)
  const legend = entries.length > 0 ? `<ul class="legend">${entries.join('')}</ul>` : ''
  return `<figure><h3>${escape(chart.title)}</h3>${legend}${draw(chart, wide)}</figure>`
}

function details({ title, columns, rows, notes = [] }: Table, open = false): string {
  const isNumeric = columns.map((_, column) => rows.some((row) => /^[\d.]+$/.test(String(row[column]))))
  const cell = (tag: string, text: string | number, column: number): string => `<${tag}${isNumeric[column] ? ' class="number"' : ''}>${escape(String(text))}</${tag}>`
  return `<details${open ? ' open' : ''}><summary>${escape(title)}</summary><div class="table"><table>
<tr>${columns.map((name, column) => cell('th', name, column)).join('')}</tr>
${rows.map((row) => `<tr>${row.map((text, column) => cell('td', text, column)).join('')}</tr>`).join('\n')}
</table></div>${notes.map((note) => `<small>${escape(note)}</small>`).join('')}</details>`
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
