// SPDX-License-Identifier: Apache-2.0

/** Categories of slices, as the converter that ships with Dynamo names them. */
export const category = {
  request: 'dynamo.llm',
  stage: 'dynamo.llm.stage',
  marker: 'dynamo.llm.marker',
  tool: 'dynamo.agent.tool',
  toolMarker: 'dynamo.agent.tool.marker',
  session: 'dynamo.agent.session',
  harness: 'dynamo.agent.harness',
  harnessMarker: 'dynamo.agent.harness.marker',
  flow: 'dynamo.flow',
} as const

/** Name of the mark at a request's first token. */
export const FIRST_TOKEN = 'first token'

/** Name of the mark where a harness said that a trajectory is over. */
export const SESSION_END = 'session end'
