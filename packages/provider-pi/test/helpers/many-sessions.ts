// SPDX-License-Identifier: Apache-2.0
import type { PiHost } from '../../src/pi/host.ts'

type Package = typeof import('../../src/extension.ts')
type Handler = (event: object, context: object) => unknown

/** A process with so many sessions of Pi, as where subagents run in it; in each a tool runs and never ends. */
const [count = 1] = process.argv.slice(2).map(Number)
const address = new URL('../../src/extension.ts', import.meta.url).href
for (let session = 0; session < count; session++) {
  const { createDynamoExtension } = (await import(`${address}?${session}`)) as Package
  const handlers = new Map<string, Handler[]>()
  const pi = {
    on: (name: string, handler: Handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
    registerCommand: () => undefined,
    registerProvider: () => undefined,
  } as unknown as PiHost
  await createDynamoExtension({ streamSimple: () => undefined })(pi)
  const context = { hasUI: false, mode: 'print', sessionManager: { getSessionId: () => `pi-${session}` } }
  const emit = (name: string, event: object) => Promise.all((handlers.get(name) ?? []).map((handle) => handle(event, context)))
  await emit('session_start', { reason: 'startup' })
  await emit('tool_execution_start', { toolCallId: `call-${session}`, toolName: 'bash' })
}
setInterval(() => undefined, 1000)
