// SPDX-License-Identifier: Apache-2.0
import type { ToolLoopAgent, ToolSet } from 'ai'
import { z } from 'zod'
import type { InstalledSdk } from '../../helpers/sdks.ts'
import type { ScriptedTurn } from '../../helpers/stage.ts'

export type Sdk = Awaited<ReturnType<InstalledSdk['load']>>
export type GenerateOptions = Partial<Parameters<Sdk['generateText']>[0]>

/** An SDK, and ways to call a scripted model in a session of its own. */
export interface Scene {
  readonly sdk: Sdk
  readonly prompt: string
  readonly inSession: <Result>(fn: () => Result) => Result
  /** Lets the model speak until it is done. */
  readonly generate: (tools: ToolSet, options?: GenerateOptions) => ReturnType<Sdk['generateText']>
  readonly stream: (tools: ToolSet, options?: GenerateOptions) => ReturnType<Sdk['streamText']>
  /** Belongs to the session in which it is called. */
  readonly agent: (tools: ToolSet, instructions?: string) => ToolLoopAgent<never, ToolSet>
}

/** A way of using tools, and what the trace has to say of it. */
export interface Situation {
  readonly name: string
  /** Of the model. */
  readonly turns: readonly ScriptedTurn[]
  readonly play: (scene: Scene) => PromiseLike<unknown>
  /** As toldStories puts it; a function where the versions differ. */
  readonly told: readonly string[] | ((sdk: InstalledSdk) => readonly string[])
}

export const inputSchema = z.object({ word: z.string() })

/** A turn in which the model asks for tools. */
export const calls = (...names: readonly string[]): ScriptedTurn => ({
  toolCalls: names.map((name) => ({ name, arguments: { word: name } })),
})
export const done = 'Done.'
export const twoRequests: readonly string[] = ['request', 'request']

/** A tool with a body in one of the forms that a body can have. */
export const named = (name: string, execute: (...args: never) => unknown): ToolSet =>
  ({ [name]: { inputSchema, execute } }) as object as ToolSet

export const lookUpTools = named('look_up', ({ word }: { word: string }) => `found ${word}`)
export const lookUpTold = 'look_up running, succeeded'

export const breakDown = (): never => {
  throw new RangeError('too far')
}
export const breakTold = 'break running, error RangeError'
