// SPDX-License-Identifier: Apache-2.0
import type { DialectSelector } from '@dynamo-agent/client/detect'
import type { Nvext, observeNvext } from '@dynamo-agent/client/nvext'
import type { EnvironmentSettings } from '@dynamo-agent/core'
import type { PiContext, PiHost } from '../pi/host.ts'
import type { ModelList } from '../provider/model-list.ts'
import type { CallIdentity } from '../provider/stream.ts'
import type { PiSession } from '../session/pi-session.ts'
import { keeperOfPiSession } from '../session/session-registry.ts'
import type { SettingProblem } from '../settings/dynamo-settings.ts'
import type { Status } from './describe-status.ts'
import { readLastAnswer, type LastAnswer } from './last-answer.ts'

export interface ShowStatusOptions {
  readonly settings: EnvironmentSettings
  readonly settingProblems: readonly SettingProblem[]
  readonly selector: DialectSelector
  readonly session: PiSession
  readonly models: ModelList
}

/**
 * Adds the command `/dynamo` and a word in Pi's footer; both go through Pi alone.
 *
 * @returns Looks at the answers to turns, where there is anybody to show them to.
 */
export function showStatus(pi: PiHost, options: ShowStatusOptions): NonNullable<CallIdentity['observe']> {
  const { settings, settingProblems, selector, session, models } = options
  let lastAnswer: LastAnswer | undefined
  let served: Nvext | undefined
  let piSessionId: string | undefined
  let watch: typeof observeNvext | undefined
  const currentStatus = (): Status => {
    const { context, contextProblem, toolEvents, harnessLog, hints } = keeperOfPiSession(piSessionId) ?? session
    return {
      baseUrl: settings.baseUrl,
      dialect: selector.current.name,
      evidence: selector.evidence,
      models: { count: models.discovery?.models.length ?? 0, problem: models.discovery?.problem },
      context,
      contextProblem,
      lastAnswer,
      toolEvents,
      harnessLog,
      hints,
      environmentProblems: settings.problems,
      settingProblems,
    }
  }
  // Loaded for somebody who looks, and once: Pi's loader keeps no module.
  let words: Promise<typeof import('./describe-status.ts')> | undefined
  const describing = () => (words ??= import('./describe-status.ts'))
  const showBriefly = async ({ hasUI, ui }: PiContext) => {
    if (!hasUI) return
    const { describeBriefly } = await describing()
    ui.setStatus('dynamo', describeBriefly(currentStatus()))
  }
  pi.on('session_start', async (_event, context) => {
    piSessionId = context.sessionManager.getSessionId()
    await showBriefly(context)
    if (context.hasUI) watch ??= (await import('@dynamo-agent/client/nvext')).observeNvext
  })
  pi.on('message_end', async ({ message }, context) => {
    const answer = readLastAnswer(message)
    if (answer === undefined) return
    lastAnswer = { ...answer, ...(served && { served }) }
    served = undefined
    session.answered(answer)
    await showBriefly(context)
  })
  pi.registerCommand('dynamo', {
    description: 'What NVIDIA Dynamo is told about this session, and what it did for it',
    async handler(_args, { ui }) {
      const isMissing = models.discovery === undefined || models.discovery.models.length === 0
      // It may have come by now.
      const [{ describeStatus }] = await Promise.all([describing(), isMissing && models.refresh()])
      ui.notify(describeStatus(currentStatus()), 'info')
    },
  })
  return ({ sessionId }) => {
    if (watch === undefined || sessionId !== piSessionId) return undefined
    const observe = watch
    served = undefined
    return (answer) =>
      observe(answer, (told) => {
        served = { ...served, ...told }
      })
  }
}
