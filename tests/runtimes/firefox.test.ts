import { testBrowser } from './browser-laws.js'

testBrowser('firefox', ['golden'])
