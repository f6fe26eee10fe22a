// SPDX-License-Identifier: Apache-2.0
import { Agent, Pool } from './undici.ts'

/** Connections to any number of servers, and the end of all of them. */
export interface Connections {
  readonly agent: Agent
  /** Lets open requests end, cuts what is left after `timeoutMs`. Never rejects. */
  close(timeoutMs: number): Promise<void>
}

/**
 * An undici agent without its time-outs for headers and body.
 *
 * Its pools are kept here too: an agent that is closing forgets them, so that
 * its own destroy() cuts nothing any more and a stalled request would hold
 * close() for ever.
 */
export function openConnections(connectTimeoutMs: number): Connections {
  const pools = new Set<Pool>()
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectTimeoutMs },
    factory(origin, options) {
      // The agent ends a pool that has lost its connections and makes another when it is needed.
      for (const pool of pools) if (pool.destroyed) pools.delete(pool)
      const pool = new Pool(origin, options)
      pools.add(pool)
      return pool
    },
  })

  return {
    agent,
    async close(timeoutMs) {
      let timer: NodeJS.Timeout | undefined
      const expired = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
        timer.unref()
      })
      // What a closing connection has to complain about concerns nobody any more.
      await Promise.race([agent.close().catch(() => undefined), expired])
      clearTimeout(timer)
      await Promise.all([...pools].map((pool) => pool.destroy().catch(() => undefined)))
    },
  }
}
