import { testBrowser } from './browser-laws.js'

// Debian's WebKit has no WebGPU.
testBrowser('webkit', [])
