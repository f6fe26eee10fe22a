// SPDX-License-Identifier: Apache-2.0
import { chromeJsonFormat } from './write/chrome-json/chrome-json-format.ts'
import { perfettoFormat } from './write/perfetto/perfetto-format.ts'
import type { TimelineFormat } from './write/timeline-format.ts'

/** Perfetto's own protobuf, or the JSON that Chrome's tracing invented and most viewers read. */
export type TimelineFormatName = 'perfetto' | 'chrome-json'

/** Every format there is; a new one is a folder in write/ and a line here. */
export const timelineFormats: Readonly<Record<TimelineFormatName, TimelineFormat>> = {
  perfetto: perfettoFormat,
  'chrome-json': chromeJsonFormat,
}
