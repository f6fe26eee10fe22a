// SPDX-License-Identifier: Apache-2.0

/** What a payload row says of itself. */
const mark = '"event_type":"request_payload"'

/** Dynamo writes the event type before any content, so core's parser looks for it here only. */
const MARK_WITHIN_BYTES = 512

/** Whether a line is a payload row, which may be of many megabytes, without looking at more than its head. */
export function isPayload(line: Buffer): boolean {
  return line.subarray(0, MARK_WITHIN_BYTES).includes(mark)
}
