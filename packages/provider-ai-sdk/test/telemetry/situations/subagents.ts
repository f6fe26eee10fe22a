// SPDX-License-Identifier: Apache-2.0
import { wrapTools } from '../../../src/telemetry/index.ts'
import type { ScriptedConversation } from '../../helpers/stage.ts'
import { calls, done, lookUpTools, named, twoRequests, type Scene, type Situation } from './situation.ts'

/** What the models of subagents say: one uses a tool of its own, the other one the first. */
export const subagentConversations: readonly ScriptedConversation[] = [
  { name: 'research', when: { system: 'You research' }, turns: [calls('look_up'), 'Found.'] },
  { name: 'lead', when: { system: 'You lead' }, turns: [calls('research'), 'Led.'] },
]

/** Tools in which the first one runs. */
export const subagentTools = ({ agent }: Scene) => {
  const researcher = () => agent(lookUpTools, 'You research')
  return {
    generate: named('research', async () => (await researcher().generate({ prompt: 'Go' })).text),
    stream: named('research', async () => (await researcher().stream({ prompt: 'Go' })).text),
    generator: named('research', async function* () {
      yield 'thinking'
      const { textStream } = await researcher().stream({ prompt: 'Go' })
      for await (const text of textStream) yield text
    }),
  }
}
export const researchTold = ['research > look_up running, succeeded', 'research > request', 'research > request']

/** Agents in tools, which are to be children of the agent that called the tool. */
export const subagents: readonly Situation[] = [
  ...(['generate', 'stream', 'generator'] as const).flatMap((form): Situation[] => [
    {
      name: `a subagent in a tool (${form})`,
      turns: [calls('research'), done],
        play: (scene) => scene.stream(subagentTools(scene)[form]).text,
      // ai@6 has nothing that runs a tool in a context.
      told: ({ major }) => [
        ...(major === 6 ? researchTold.map((told) => told.replace('research > ', '')) : researchTold),
        'research running, succeeded',
        ...twoRequests,
      ],
    },
    {
      name: `a subagent in a tool of wrapTools (${form})`,
      turns: [calls('research'), done],
        play: (scene) => scene.stream(wrapTools(subagentTools(scene)[form])).text,
      told: [...researchTold, 'research running, succeeded', ...twoRequests],
    },
  ]),
  {
    name: 'two subagents at once, whose tools have the same ids',
    turns: [calls('research', 'research'), done],
    play: (scene) => scene.generate(wrapTools(subagentTools(scene).generate)),
    told: [
      ...[...researchTold, ...researchTold],
      'research running, succeeded',
      'research running, succeeded',
      ...twoRequests,
    ],
  },
  {
    name: 'a subagent in a tool of a subagent, wrapped twice',
    turns: [calls('delegate'), done],
    play: (scene) => {
      const inner = wrapTools(wrapTools(subagentTools(scene).generate))
      const lead = () => scene.agent(inner, 'You lead').generate({ prompt: 'Go' })
      return scene.generate(wrapTools(named('delegate', async () => (await lead()).text)))
    },
    told: [
      ...researchTold.map((told) => `delegate > ${told}`),
      'delegate > request',
      'delegate > request',
      'delegate > research running, succeeded',
      'delegate running, succeeded',
      ...twoRequests,
    ],
  },
]
