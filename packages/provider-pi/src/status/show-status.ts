// SPDX-License-Identifier: Apache-2.0
import type { DialectSelector } from '@dynamo-agent/client/detect'
import type { EnvironmentSettings } from '@dynamo-agent/core'
import type { PiContext, PiHost } from '../pi/host.ts'
import type { Discovery } from '../provider/discovery.ts'
import type { PiSession } from '../session/pi-session.ts'
import { describeBriefly, describeStatus, type Status } from './describe-status.ts'
import { readLastAnswer, type LastAnswer } from './last-answer.ts'

export interface ShowStatusOptions {
  readonly settings: EnvironmentSettings
  readonly selector: DialectSelector
  readonly session: PiSession
  readonly discovery: Promise<Discovery>
}

/** Adds the command `/dynamo` and a word in Pi's footer; both go through Pi alone. */
export function showStatus(pi: PiHost, { settings, selector, session, discovery }: ShowStatusOptions): void {
  let lastAnswer: LastAnswer | undefined
  const currentStatus = async (): Promise<Status> => {
    const { models, problem } = await discovery
    return {
      baseUrl: settings.baseUrl,
      dialect: selector.current.name,
      evidence: selector.evidence,
      models: { count: models.length, problem },
      context: session.context,
      lastAnswer,
      toolEvents: session.toolEvents,
      hints: session.hints,
      environmentProblems: settings.problems,
    }
  }
  const showBriefly = async ({ hasUI, ui }: PiContext) => {
    if (hasUI) ui.setStatus('dynamo', describeBriefly(await currentStatus()))
  }
  pi.on('session_start', (_event, context) => showBriefly(context))
  pi.on('message_end', async ({ message }, context) => {
    const answer = readLastAnswer(message)
    if (answer === undefined) return
    lastAnswer = answer
    session.answered(answer)
    await showBriefly(context)
  })
  pi.registerCommand('dynamo', {
    description: 'What NVIDIA Dynamo is told about this session, and what it did for it',
    async handler(_args, { ui }) {
      ui.notify(describeStatus(await currentStatus()), 'info')
    },
  })
}
