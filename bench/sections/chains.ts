import { CHAINS } from '../chains.js'
import type { Section } from '../section.js'
import { type BackendsData, backendCharts, backendTables, measureBackends } from './backends.js'

export const chains: Section<BackendsData> = {
  name: 'chains',
  title: 'Chains of steps',
  about: 'Milliseconds of one call with several steps, which read and write an image once where rows can stream, and of some of those steps alone.',
  measure: (setting) => measureBackends(CHAINS, setting),
  tables: (data) => backendTables('Chains', data),
  charts: (data) => backendCharts('Chains', data),
}
