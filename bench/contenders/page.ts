// The backends of isopix in a page.
import { openOwn } from './own.js'
import { pageFunctions } from './page-functions.js'

Object.assign(globalThis, { bench: pageFunctions(openOwn) })
