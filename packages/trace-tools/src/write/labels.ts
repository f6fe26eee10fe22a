// SPDX-License-Identifier: Apache-2.0
import type { Request, ToolSpan } from '../model/trace-model.ts'

/** Categories of slices, as the converter that ships with Dynamo names them. */
export const category = {
  request: 'dynamo.llm',
  stage: 'dynamo.llm.stage',
  marker: 'dynamo.llm.marker',
  tool: 'dynamo.agent.tool',
  flow: 'dynamo.flow',
} as const

/** Name of the mark at a request's first token. */
export const FIRST_TOKEN = 'first token'

export function requestLabel({ record }: Request): string {
  return `LLM request: ${record.request.model ?? 'unknown-model'}`
}

export function toolLabel({ failed, call }: ToolSpan): string {
  return `${failed ? 'Tool error' : 'Tool'}: ${call.toolClass}`
}
