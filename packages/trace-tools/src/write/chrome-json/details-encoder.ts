// SPDX-License-Identifier: Apache-2.0
import { rowKind } from '../../read/columns.ts'
import type { DetailsEncoder } from '../timeline-format.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { JsonBuffer } from './json-buffer.ts'
import { RequestDetails } from './request-details.ts'
import { ToolDetails } from './tool-details.ts'

/** Memory grows to what a batch needs, and is used again for the next one. */
const FIRST_BYTES = 1 << 16

/** Makes the function that encodes what single rows say, as fragments of events. */
export function createDetailsEncoder({
  stages = true,
  markers = true,
  args = 'full',
}: TimelineOptions): DetailsEncoder {
  const buffer = new JsonBuffer()
  const requests = new RequestDetails(buffer, { stages, markers, args })
  const tools = new ToolDetails(buffer, { args })
  return (batch, spare) => {
    const ends = spare !== undefined && spare.ends.length >= batch.count ? spare.ends : new Uint32Array(batch.count)
    buffer.begin(spare?.bytes ?? Buffer.allocUnsafeSlow(FIRST_BYTES))
    // One reference that moves on: an object for each row would be garbage.
    const at = { batch, row: 0 }
    for (; at.row < batch.count; at.row++) {
      const kind = batch.kinds[at.row]
      if (kind === rowKind.request) requests.write(at)
      else if (kind === rowKind.toolStart || kind === rowKind.toolEnd || kind === rowKind.toolError) {
        tools.write(at, kind)
      }
      ends[at.row] = buffer.length
    }
    return { bytes: buffer.bytes, ends }
  }
}
