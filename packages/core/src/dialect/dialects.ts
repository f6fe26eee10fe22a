// SPDX-License-Identifier: Apache-2.0
import { agentContextBodyDialect } from './agent-context-body.ts'
import type { Dialect, DialectName } from './dialect.ts'
import { sessionHeadersDialect } from './session-headers.ts'

/** Every dialect by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'session-headers': sessionHeadersDialect,
  'agent-context-body': agentContextBodyDialect,
}
