// SPDX-License-Identifier: Apache-2.0
import { AsyncLocalStorage } from 'node:async_hooks'
import { processWide } from '../process-wide.ts'
import type { AgentContext } from './agent-context.ts'

const storageKey = Symbol.for('dynamo-agent.current-context')

/** What holds the current context, for platforms that take a storage and no function, as `Channel.bindStore` does. */
export function agentContextStorage(): AsyncLocalStorage<AgentContext> {
  return processWide(storageKey, () => new AsyncLocalStorage<AgentContext>())
}

/** Runs `fn` with `context` as the current one, in everything it awaits or schedules too. */
export function withAgentContext<Result>(context: AgentContext, fn: () => Result): Result {
  return agentContextStorage().run(context, fn)
}

/** The context of the innermost withAgentContext around this call, if any. */
export function currentAgentContext(): AgentContext | undefined {
  return agentContextStorage().getStore()
}

/**
 * Ties a callback to a context, for places where the platform loses it: event
 * emitters, pooled callbacks, anything called from another request's flow.
 *
 * @param context The current context when left out; with neither, `fn` comes
 * back as it is.
 */
export function bindAgentContext<Arguments extends unknown[], Result>(
  fn: (...args: Arguments) => Result,
  context: AgentContext | undefined = currentAgentContext(),
): (...args: Arguments) => Result {
  if (context === undefined) return fn
  // An event emitter gives its listeners itself as `this`.
  return function (this: unknown, ...args) {
    return withAgentContext(context, () => fn.apply(this, args))
  }
}

/**
 * Ties an async iterable to a context. A generator body runs in the flow of
 * whoever calls `next()`, not of whoever made it, so without this a stream
 * that is consumed elsewhere loses its context at the first `yield`.
 */
export function bindAgentContextToIterable<Item>(
  iterable: AsyncIterable<Item>,
  context: AgentContext | undefined = currentAgentContext(),
): AsyncIterable<Item> {
  if (context === undefined) return iterable
  return {
    [Symbol.asyncIterator]() {
      const iterator = withAgentContext(context, () => iterable[Symbol.asyncIterator]())
      const bound: AsyncIterator<Item> = {
        next: (...args) => withAgentContext(context, () => iterator.next(...args)),
      }
      if (iterator.return) {
        bound.return = (value) => withAgentContext(context, () => iterator.return?.(value) ?? ended<Item>())
      }
      if (iterator.throw) {
        bound.throw = (error) => withAgentContext(context, () => iterator.throw?.(error) ?? ended<Item>())
      }
      return bound
    },
  }
}

function ended<Item>(): Promise<IteratorResult<Item>> {
  return Promise.resolve({ done: true, value: undefined })
}
