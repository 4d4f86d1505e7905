// The public names. Nothing inside the package imports this file.
/// <reference lib="esnext.disposable" preserve="true" />
export type { BackendName, Priority, Threading } from './backends/backend.js'
export type { ResidentImage } from './backends/wasm/resident.js'
export type { Border } from './border.js'
export type { Capabilities, Choice, Prediction } from './choose.js'
export {
  type ApplyOptions,
  type Engine,
  type EngineOptions,
  type Explanation,
  type MapOptions,
  type Stats,
  apply,
  createEngine,
  map,
} from './engine.js'
export {
  BackendError,
  DisposedError,
  FileError,
  InvalidArgumentError,
  IsopixError,
  MemoryError,
  StepError,
  UnsupportedError,
} from './errors.js'
export type { Filter, Step } from './filters/define.js'
export * from './filters/factories.js'
export type { Image, ImageLike } from './image.js'
export type { KeptImage } from './kept-image.js'
export type { MapEntry, MapFailure, MapProgress, MapResult, MapSource, OnError, StepsOf } from './map.js'
export { parseSteps } from './parse-steps.js'
export type { Canvas, Result } from './result.js'
export type { RunInfo } from './run-info.js'
export type { BrowserSource, Source } from './sources.js'
