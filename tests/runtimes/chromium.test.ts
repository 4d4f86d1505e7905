import { testBrowser } from './browser-laws.js'

testBrowser('chromium', ['golden', 'chains'])
