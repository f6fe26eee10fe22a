// SPDX-License-Identifier: Apache-2.0
import type { ExtensionFactory, ProjectedSessionEntry } from '@earendil-works/pi-coding-agent'

type Model = Parameters<Parameters<ExtensionFactory>[0]['setModel']>[0]

/**
 * A Pi extension that gives a run whose model has failed to the next model.
 *
 * To prompt again would ask the question twice. This goes on with the
 * conversation as it stands, without the failed answer, as Pi's own retry does;
 * for whoever listens to Pi it is another turn of the same run.
 *
 * @param profiles Models to go on with, best first, each of them once.
 */
export function failOver(profiles: readonly string[], modelOf: (profile: string) => Model): ExtensionFactory {
  const waiting = [...profiles]
  return (pi) => {
    pi.on('agent_before_settle', async ({ outcome, entries, context }) => {
      // What somebody has stopped has not failed.
      const next = outcome === 'error' ? waiting.shift() : undefined
      if (next === undefined || !(await pi.setModel(modelOf(next)))) return undefined
      const last = context.contextEntries.findLast(({ messages }) => messages.length > 0)
      // Pi itself drops the answer of a model for which the conversation is too long.
      if (!isAnswer(last)) return { continue: true }
      const withoutIt = { type: 'context_edit', targetId: last.sourceEntry.id, replacement: null } as const
      return { entries: [...entries, withoutIt], continue: true }
    })
  }
}

function isAnswer(entry: ProjectedSessionEntry | undefined): entry is ProjectedSessionEntry {
  return entry?.messages.at(-1)?.role === 'assistant'
}
