// SPDX-License-Identifier: Apache-2.0
import type { TimelineFormat } from '../timeline-format.ts'

/**
 * Chrome trace events as JSON, which most viewers read. Names, categories,
 * times and arguments are those of the converter that ships with Dynamo:
 * https://github.com/ai-dynamo/dynamo/tree/main/benchmarks/request_trace. It
 * is a bare array with one event a line, which viewers load even if it was cut
 * off. The same trace gives the same text.
 *
 * Times are integer epoch microseconds. A worker id is a number up to 2^63 and
 * a text beyond, where engines would make something else of the number.
 */
export const chromeJsonFormat: TimelineFormat = {
  extension: '.json',
  loadDetailsEncoder: async () => (await import('./details-encoder.ts')).createDetailsEncoder,
  loadWriter: async () => (await import('./chrome-json-writer.ts')).createChromeJsonWriter,
}
