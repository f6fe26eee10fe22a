// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest'
import { wrapTools } from '../../../src/telemetry/index.ts'
import { abortedTool, untilAborted } from './aborts.ts'
import {
  breakDown,
  breakTold,
  calls,
  done,
  lookUpTold,
  lookUpTools,
  named,
  twoRequests,
  type GenerateOptions,
  type Situation,
} from './situation.ts'
import { researchTold, subagentTools } from './subagents.ts'

// eslint-disable-next-line @typescript-eslint/no-deprecated -- ai@6 has nothing else.
const telemetry = (settings: object): GenerateOptions => ({ experimental_telemetry: settings })

const recordsNothing = { isEnabled: true, recordInputs: false, recordOutputs: false }

const threeEnds = {
  ...lookUpTools,
  ...named('break', breakDown),
  ...named('refuse', () => ({ content: [{ type: 'text', text: 'no' }], isError: true })),
}
const threeEndsTold = [breakTold, lookUpTold, 'refuse running, error McpToolError']

/** What an application sets for the telemetry of its calls. */
export const settings: readonly Situation[] = [
  {
    name: 'a call with integrations of its own',
    turns: [calls('look_up', 'break', 'refuse'), done],
    play: ({ generate }) => generate(threeEnds, telemetry({ isEnabled: true, integrations: [{}] })),
    told: [...threeEndsTold, ...twoRequests],
  },
  {
    name: 'a subagent in a call with integrations of its own',
    turns: [calls('research'), done],
    play: (scene) =>
      scene.generate(wrapTools(subagentTools(scene).generate), telemetry({ isEnabled: true, integrations: [{}] })),
    told: [...researchTold, 'research running, succeeded', ...twoRequests],
  },
  {
    name: 'telemetry switched off (isEnabled: false)',
    turns: [calls('look_up'), done],
    play: ({ generate }) => generate(lookUpTools, telemetry({ isEnabled: false })),
    // ai@7 tells nobody anything then.
    told: ({ major }) => (major === 6 ? [lookUpTold, ...twoRequests] : twoRequests),
  },
  {
    name: 'a subagent in a tool of wrapTools, telemetry switched off',
    turns: [calls('research'), done],
    play: (scene) => scene.generate(wrapTools(subagentTools(scene).generate), telemetry({ isEnabled: false })),
    told: ({ major }) => [...researchTold, ...(major === 6 ? ['research running, succeeded'] : []), ...twoRequests],
  },
  {
    name: 'recordInputs: false and recordOutputs: false',
    turns: [calls('look_up', 'break', 'refuse'), done],
    play: ({ generate }) => generate(threeEnds, telemetry(recordsNothing)),
    // Later ai@7 hides what a tool has returned, and with it the isError of MCP.
    told: ({ version }) => [
      ...threeEndsTold.map((told) =>
        version === '7.0.173' ? told.replace('refuse running, error McpToolError', 'refuse running, succeeded') : told,
      ),
      ...twoRequests,
    ],
  },
  {
    name: 'recordInputs: false and recordOutputs: false, aborted',
    turns: [calls('wait'), done],
    play: async ({ generate }) => {
      const { tools, options } = abortedTool(untilAborted)
      await expect(generate(tools, { ...options, ...telemetry(recordsNothing) })).rejects.toThrow()
    },
    told: ['request', 'wait running, cancelled'],
  },
  {
    name: 'recordOutputs: false in a call with integrations of its own',
    turns: [calls('look_up', 'break', 'refuse'), done],
    play: ({ generate }) => generate(threeEnds, telemetry({ ...recordsNothing, integrations: [{}] })),
    // Later ai@7 tells its tracing channel that a tool has ended and not how.
    told: ({ version }) => [
      ...threeEndsTold.map((told) => (version === '7.0.173' ? told.replace(/running, .*/, 'running, unknown') : told)),
      ...twoRequests,
    ],
  },
]
