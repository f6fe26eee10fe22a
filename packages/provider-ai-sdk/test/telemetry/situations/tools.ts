// SPDX-License-Identifier: Apache-2.0
/* eslint-disable @typescript-eslint/no-deprecated -- ai@6 has nothing else. */
import type { ModelMessage, ToolSet } from 'ai'
import { setTimeout as delay } from 'node:timers/promises'
import { vi } from 'vitest'
import {
  breakDown,
  breakTold,
  calls,
  done,
  inputSchema,
  lookUpTold,
  lookUpTools,
  named,
  twoRequests,
  type GenerateOptions,
  type Situation,
} from './situation.ts'

/** What tools can be, and how they can be called. */
export const tools: readonly Situation[] = [
  {
    name: 'generateText',
    turns: [calls('look_up'), done],
    play: ({ generate }) => generate(lookUpTools),
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'streamText',
    turns: [calls('look_up'), done],
    play: ({ stream }) => stream(lookUpTools).text,
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'ToolLoopAgent that generates',
    turns: [calls('look_up'), done],
    play: ({ agent, inSession, prompt }) => inSession(() => agent(lookUpTools).generate({ prompt })),
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'ToolLoopAgent that streams',
    turns: [calls('look_up'), done],
    play: async ({ agent, inSession, prompt }) => {
      const run = await inSession(() => agent(lookUpTools).stream({ prompt }))
      return run.text
    },
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'parallel calls',
    turns: [calls('look_up', 'look_up', 'look_up'), done],
    play: ({ generate }) => generate(named('look_up', () => delay(5, 'found'))),
    told: [lookUpTold, lookUpTold, lookUpTold, ...twoRequests],
  },
  {
    name: 'a tool that rejects',
    turns: [calls('break'), done],
    play: ({ generate }) => generate(named('break', () => Promise.reject(new RangeError('too far')))),
    told: [breakTold, ...twoRequests],
  },
  {
    name: 'a tool that throws at once',
    turns: [calls('break'), done],
    play: ({ stream }) => stream(named('break', breakDown)).text,
    told: [breakTold, ...twoRequests],
  },
  {
    name: 'a tool that throws what is no error',
    turns: [calls('break'), done],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- That is the situation.
    play: ({ generate }) => generate(named('break', () => Promise.reject('no'))),
    told: ['break running, error Error', ...twoRequests],
  },
  {
    name: 'a tool with preliminary results',
    turns: [calls('watch'), done],
    play: ({ stream }) =>
      stream(
        named('watch', async function* () {
          yield 'half'
          await delay(1)
          yield 'whole'
        }),
      ).text,
    told: ['watch running, succeeded', ...twoRequests],
  },
  {
    name: 'dynamicTool',
    turns: [calls('look_up'), done],
    play: ({ sdk, generate }) =>
      generate({ look_up: sdk.dynamicTool({ inputSchema, execute: () => Promise.resolve('found') }) }),
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'a reader that stops reading',
    turns: [calls('look_up')],
    play: async ({ sdk, stream }) => {
      let isDone = false
      const tools = named('look_up', async () => {
        await delay(20)
        isDone = true
      })
      const reader = stream(tools, { stopWhen: sdk.stepCountIs(1) }).fullStream.getReader()
      for (;;) {
        const { value } = await reader.read()
        if (value === undefined || value.type === 'tool-call') break
      }
      await vi.waitUntil(() => isDone, { timeout: 10_000 })
    },
    told: ['look_up running, succeeded', 'request'],
  },
  {
    name: 'a tool of the client',
    turns: [calls('ask_user')],
    play: ({ generate }) => generate({ ask_user: { inputSchema } }),
    told: ['request'],
  },
  {
    name: 'a tool that nobody knows',
    turns: [calls('unknown'), done],
    play: ({ generate }) => generate(lookUpTools),
    told: twoRequests,
  },
  {
    name: 'arguments that do not fit',
    turns: [{ toolCalls: [{ name: 'look_up', arguments: { word: 5 } }] }, done],
    play: ({ generate }) => generate(lookUpTools),
    told: twoRequests,
  },
  {
    name: 'a tool that waits for approval',
    turns: [calls('look_up'), done],
    play: async (scene) => {
      const tools = { look_up: { ...lookUpTools.look_up, needsApproval: true } } as ToolSet
      const { content, response } = await scene.generate(tools)
      const [request] = content.filter((part) => part.type === 'tool-approval-request')
      const approval = { type: 'tool-approval-response', approvalId: request?.approvalId ?? '', approved: true } as const
      const messages: ModelMessage[] = [
        { role: 'user', content: scene.prompt },
        ...response.messages,
        { role: 'tool', content: [approval] },
      ]
      await scene.generate(tools, { prompt: undefined, messages } as GenerateOptions)
    },
    told: [lookUpTold, ...twoRequests],
  },
  {
    name: 'two operations of one session at once, whose tools have the same ids',
    turns: [calls('look_up'), done],
    play: async ({ generate }) => {
      let begun = 0
      const tools = named('look_up', async () => {
        begun++
        await vi.waitUntil(() => begun === 2, { timeout: 10_000 })
        return 'found'
      })
      await Promise.all([generate(tools), generate(tools)])
    },
    told: ['look_up running, running, succeeded, succeeded', ...twoRequests, ...twoRequests],
  },
]
