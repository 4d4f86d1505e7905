import { filters as registry } from '../../src/filters/index.js'
import { definitionOf } from '../../src/parse-steps.js'
import type { Section } from '../section.js'
import { stepsToTime } from '../steps.js'
import { type BackendsData, backendCharts, backendTables, measureBackends } from './backends.js'

export const filters: Section<BackendsData> = {
  name: 'filters',
  title: 'Every filter on every backend',
  about:
    'Milliseconds of one call. Ordinary images are copied in and out, within the time; resident ones are in the memory of the backend before and after, so that ' +
    'the difference is what the copies take.',
  measure(setting) {
    const chosen = setting.filters?.map((name) => definitionOf(name, '--filter: ')) ?? registry
    // All cases of a filter that was asked for; else its default.
    const most = setting.filters === undefined ? 1 : undefined
    return measureBackends(chosen.flatMap((definition) => stepsToTime(definition, setting.width, setting.height).slice(0, most)), setting)
  },
  tables: (data) => backendTables('Filters', data),
  charts: (data) => backendCharts('Filters', data),
}
