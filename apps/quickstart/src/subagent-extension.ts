// SPDX-License-Identifier: Apache-2.0
import { contextToEnvironment, createSubagentContext, type Environment } from '@dynamo-agent/core'
import { agentContextOfPiSession } from '@dynamo-agent/provider-pi/sessions'
import type { ExtensionAPI, ExtensionContext } from '@earendil-works/pi-coding-agent'
import { spawn, type ChildProcess } from 'node:child_process'

/** What the model says when it calls the tool. */
interface SubagentCall {
  readonly role: string
  /** Goes into the system prompt of the subagent. */
  readonly instructions: string
  readonly task: string
}

/** JSON Schema, which is what Pi's schema library builds; so this file needs nothing but Pi. */
const parameters = {
  type: 'object',
  properties: {
    role: { type: 'string', description: 'Name of the subagent, in one word' },
    instructions: { type: 'string', description: 'Who the subagent is and what it must not do' },
    task: { type: 'string', description: 'What it has to find out' },
  },
  required: ['role', 'instructions', 'task'],
} as const

/**
 * A Pi extension with one tool, `subagent`: another Pi that works on a task of
 * its own and answers. It has a trajectory of its own in the caller's session,
 * whose id names the tool call, so that a timeline can show which call led to
 * which trajectory.
 */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function registerSubagentTool(pi: ExtensionAPI): void {
  const running = new Set<ChildProcess>()

  pi.registerTool({
    name: 'subagent',
    label: 'Subagent',
    description: 'Gives a task to another agent with a fresh context. Several calls in one turn run at the same time.',
    parameters,
    // eslint-disable-next-line max-params -- Pi's signature.
    async execute(toolCallId, params, signal, _onUpdate, context) {
      const call = params as SubagentCall
      const child = spawn(process.execPath, piArguments(call, context), {
        cwd: context.cwd,
        env: { ...process.env, ...subagentEnvironment({ role: call.role, toolCallId }, context) },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal && { signal }),
      })
      running.add(child)
      try {
        return { content: [{ type: 'text', text: await answerOf(child) }], details: { role: call.role } }
      } finally {
        running.delete(child)
      }
    },
  })

  // A Pi that is told to end does not abort its tools, and would leave its subagents running.
  pi.on('session_shutdown', () => {
    for (const child of running) child.kill()
  })
}

function piArguments({ instructions, task }: SubagentCall, { model }: ExtensionContext): string[] {
  const [, cli = ''] = process.argv
  return [
    ...[cli, '--print', '--no-session', '--no-skills', '--no-context-files'],
    ...(model === undefined ? [] : ['--model', `${model.provider}/${model.id}`]),
    ...['--tools', 'read,bash', '--append-system-prompt', instructions],
    task,
  ]
}

/** The identity that the subagent gets; nothing when this session has none. */
function subagentEnvironment(
  { role, toolCallId }: { readonly role: string; readonly toolCallId: string },
  { sessionManager }: ExtensionContext,
): Environment {
  const parent = agentContextOfPiSession(sessionManager.getSessionId())
  if (parent === undefined) return {}
  const child = createSubagentContext(parent, `${parent.trajectoryId}.${role}.${toolCallId}`)
  // A Pi session id left over from a shell tool further up would make the ids look like that one's.
  return { ...contextToEnvironment(child), PI_SESSION_ID: undefined }
}

/** What a subagent printed; rejects with its complaint when it failed. */
async function answerOf(child: ChildProcess): Promise<string> {
  let answer = ''
  let complaint = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (answer += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject)
  })
  if (status === 0) return answer.trim()
  throw new Error(complaint.trim() || `the subagent ended with status ${String(status)}`)
}
