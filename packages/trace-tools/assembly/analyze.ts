// SPDX-License-Identifier: Apache-2.0
// What a summary does for each request and tool call. An instance belongs to one summarizer.
// src/analyze/analyze-module.ts says what each export does.
import {
  END_MS,
  IS_CONTEXT_FREE,
  IS_TWOFOLD,
  KIND,
  START_MS,
  TIMING,
  TOOL_CALL,
  UNENDED,
} from '../src/model/told'
import { takeTurn } from './analyze/cache-loss'
import { sumRequest } from './analyze/request-sums'
import { coverAgent, coverRequest, coverTools } from './analyze/wall-time'
import { behind, valueOf } from './spans'

export { placeBlocks } from './analyze/cache-loss'
export { sums } from './analyze/request-sums'
export { coverAgent, coveredMs } from './analyze/wall-time'
export { allocate } from './memory'

/** Takes spans, which take so many bytes. */
export function takeSpans(spans: usize, bytes: usize): void {
  for (let span = spans; span < spans + bytes; span = behind(span)) {
    if (valueOf(span, KIND) === TOOL_CALL) takeCall(span)
    else takeRequest(span)
    // Without a session there is no run that goes on between requests.
    if (isContextFree(span)) coverAgent(valueOf(span, START_MS), valueOf(span, END_MS))
  }
}

function takeRequest(span: usize): void {
  sumRequest(span)
  coverRequest(span)
  if (!isContextFree(span)) takeTurn(span)
}

function takeCall(span: usize): void {
  if (valueOf(span, TIMING) === UNENDED || valueOf(span, IS_TWOFOLD) !== 0) return
  coverTools(valueOf(span, START_MS), valueOf(span, END_MS))
}

function isContextFree(span: usize): bool {
  return valueOf(span, IS_CONTEXT_FREE) !== 0
}
