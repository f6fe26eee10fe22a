// SPDX-License-Identifier: Apache-2.0
import type { TraceModel } from './model/trace-model.ts'
import { writeChromeJson } from './write/chrome-json/write-chrome-json.ts'
import { writePerfetto } from './write/perfetto/write-perfetto.ts'
import type { TimelineOptions } from './write/timeline-options.ts'

/** How a timeline is written. */
export interface TimelineFormat {
  /** Ending of files in this format, with the dot. */
  readonly extension: string
  write(model: TraceModel, options: TimelineOptions): Iterable<Uint8Array | string>
}

/** Perfetto's own protobuf, or the JSON that Chrome's tracing invented and most viewers read. */
export type TimelineFormatName = 'perfetto' | 'chrome-json'

/** Every format there is; a new one is a folder in write/ and a line here. */
export const timelineFormats: Readonly<Record<TimelineFormatName, TimelineFormat>> = {
  perfetto: { extension: '.pftrace', write: writePerfetto },
  'chrome-json': { extension: '.json', write: writeChromeJson },
}
