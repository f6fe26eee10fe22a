// SPDX-License-Identifier: Apache-2.0
import type { ByRelease } from './by-release.ts'
import { bodies } from './differences/bodies.ts'
import type { Case } from './differences/cases.ts'
import { completionShapes } from './differences/completion-shapes.ts'
import { completionBodies } from './differences/completions.ts'
import { doubleKeys } from './differences/double-keys.ts'
import { guided } from './differences/guided.ts'
import { identity } from './differences/identity.ts'
import { messages } from './differences/messages.ts'
import { agentHints, nvextKeys } from './differences/nvext.ts'
import { responseInput } from './differences/response-input.ts'
import { responseShapes } from './differences/response-shapes.ts'
import { responseTools } from './differences/response-tools.ts'
import { responseBodies } from './differences/responses.ts'
import { routes } from './differences/routes.ts'
import { rowShapes, rowWriters } from './differences/rows.ts'
import { shapes } from './differences/shapes.ts'
import { toolEvents } from './differences/tool-events.ts'
import { tools } from './differences/tools.ts'
import { values } from './differences/values.ts'
import type { Target } from './targets/target.ts'

/**
 * What each release does, and so where they differ: one row for each
 * behaviour, one column for each release. Everything here was measured, and is
 * measured again each time the suite runs.
 */
export const differences = {
  requests: [
    ...[nvextKeys, agentHints, bodies, messages, tools, values, guided, doubleKeys],
    ...[completionBodies, responseBodies, responseInput, responseTools, routes],
  ],
  shapes: [shapes, completionShapes, responseShapes, rowShapes],
  rowWriters,
  identity,
  toolEvents,
} as const

/** What a target has to do: a release what its column says, local-frontend the same unless the row says otherwise. */
export function expectedOf(
  target: Pick<Target, 'name' | 'release'>,
  one: Case & { readonly expected: ByRelease<string> },
): string {
  const { name, release } = target
  const ours = name === 'local-frontend 1.2' || name === 'local-frontend 1.3+' ? one.ours?.answers[name] : undefined
  return ours ?? one.expected[release]
}
