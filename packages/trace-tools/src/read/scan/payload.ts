// SPDX-License-Identifier: Apache-2.0
import { patternOf, type Text } from './text.ts'

const key = '"event_type":'
/** What a payload row says of itself. */
const mark = `${key}"request_payload"`
const markPattern = patternOf(mark)

/** Dynamo writes the event type before any content, so core's parser looks for it here only. */
const MARK_WITHIN_BYTES = 512

/** Whether a line is a payload row, which may be of many megabytes, without looking at more than its head. */
export function isPayload(line: Buffer): boolean {
  return line.subarray(0, MARK_WITHIN_BYTES).includes(mark)
}

/**
 * Whether the event type that stands here makes its line a payload row.
 *
 * @param lineStart Where the line begins.
 */
export function isPayloadType(text: Text, at: number, lineStart: number): boolean {
  const start = at - key.length
  return start + mark.length - lineStart <= MARK_WITHIN_BYTES && text.matches(start, markPattern)
}
