import { useSoftwareGpu } from './software-gpu.js'

useSoftwareGpu()
