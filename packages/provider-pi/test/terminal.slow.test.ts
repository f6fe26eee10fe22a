// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readHarnessRows, rowsOf } from './helpers/harness-rows.ts'
import { setStage, type ScriptedTurn, type Stage } from './helpers/stage.ts'
import { hasScript, openTerminal, textsOf, type Terminal } from './helpers/terminal.ts'

const plain = fileURLToPath(new URL('helpers/plain-provider.ts', import.meta.url))
const bash = (command: string): ScriptedTurn => ({ toolCalls: [{ name: 'bash', arguments: { command } }] })
const logOf = ({ pi }: Stage) => join(pi.folder, 'harness.jsonl')
/** How Pi lists this package among its extensions: by its file. */
const extensionName = 'extension#ts'
const CTRL_C = '\u0003'
const CTRL_Z = '\u001a'

let extension = ''
beforeAll(async () => {
  if (hasScript) extension = await installExtension()
}, 300_000)

describe.skipIf(!hasScript).each(piReleases)(
  "Pi %s on a terminal (skipped without util-linux's script)",
  { timeout: 120_000 },
  (release) => {
    let program = ''
    beforeAll(async () => {
      program = await installPi(release)
    }, 300_000)

    const open = (stage: Stage, extensions: readonly string[] = []) =>
      openTerminal({
        command: [process.execPath, program, ...extensions, '--no-session', '-nc', '--model', 'dynamo/scripted'],
        folder: stage.pi.folder,
        environment: { ...stage.pi.environment, ...stage.environment, DYN_AGENT_HARNESS_LOG: logOf(stage) },
      })
    const shown = (terminal: Terminal, text: string) =>
      vi.waitUntil(() => terminal.written().includes(text), { timeout: 30_000 })
    /** Pi draws its screen before it listens to it. */
    const ready = async (terminal: Terminal) => {
      await shown(terminal, '(dynamo) scripted')
      for (let length = 0; length < terminal.written().length; ) {
        length = terminal.written().length
        await delay(1000)
      }
    }
    /** One prompt and its answer, and the end. */
    const converse = async (terminal: Terminal) => {
      await ready(terminal)
      terminal.type('Do it.\r')
      await shown(terminal, 'Finished.')
      terminal.type('/quit\r')
      expect(await terminal.done).toBe(0)
    }

    it('delivers its tool calls on /quit, and shows nothing of ours but the word in the footer', async () => {
      // Long enough that Pi shows how long it runs, with and without this package.
      await using stage = await setStage([bash('sleep 1.2'), 'Finished.'], { pi: { program, install: [extension] } })
      const terminal = open(stage)
      await shown(terminal, 'Dynamo')
      await converse(terminal)
      expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 2, cancelled: 0 })

      const without = open(stage, ['-ne', '-e', plain])
      await converse(without)
      const known = textsOf(without.written())
      const ours = [...textsOf(terminal.written())].filter((text) => !known.has(text))
      expect(ours.filter((text) => !/^Dynamo(?:, # % cached)?$/.test(text))).toEqual([extensionName])
    })

    /** Pi with a tool that runs. */
    const openAtWork = async (stage: Stage) => {
      const terminal = open(stage)
      await ready(terminal)
      terminal.type('Do it.\r')
      await vi.waitUntil(() => stage.frontend.counters.toolEvents.accepted === 1, { timeout: 30_000 })
      return terminal
    }
    const outcomeOf = async (stage: Stage) => {
      const { tools } = await stage.rows()
      const ends = rowsOf(await readHarnessRows(logOf(stage)), 'session_end')
      return { tools: tools.map(({ tool }) => tool.status), ends: ends.length }
    }

    it.each([
      // Only a later Pi restores the terminal and goes with 0.
      { signal: 'SIGINT', status: 130 },
      { signal: 'SIGTERM', status: release === '0.73.1' ? 143 : 0 },
      { signal: 'SIGHUP', status: release === '0.73.1' ? 129 : 0 },
    ] as const)('closes its running tool call and its log on $signal', async ({ signal, status }) => {
      await using stage = await setStage([bash('sleep 20'), 'Never said.'], { pi: { program, install: [extension] } })
      const terminal = await openAtWork(stage)
      terminal.signal(signal)
      expect(await terminal.done).toBe(status)
      expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 2, cancelled: 0 })
      expect(await outcomeOf(stage)).toEqual({ tools: ['running', 'cancelled'], ends: 1 })
    })

    it('goes on with its session when it is interrupted while it is suspended', async () => {
      await using stage = await setStage([bash('sleep 5'), 'Finished.'], { pi: { program, install: [extension] } })
      const terminal = await openAtWork(stage)
      terminal.type(CTRL_Z)
      await delay(1000)
      terminal.signal('SIGINT')
      await delay(1000)
      terminal.signal('SIGCONT')
      await shown(terminal, 'Finished.')
      terminal.type('/quit\r')
      expect(await terminal.done).toBe(0)
      expect(await outcomeOf(stage)).toEqual({ tools: ['running', 'succeeded'], ends: 1 })
    })

    it('closes its running tool calls on Ctrl-C twice', async () => {
      await using stage = await setStage([bash('sleep 20'), 'Never said.'], { pi: { program, install: [extension] } })
      const terminal = await openAtWork(stage)
      terminal.type(CTRL_C)
      terminal.type(CTRL_C)
      await terminal.done
      expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 2, cancelled: 0 })
      const { tools } = await stage.rows()
      expect(tools.map(({ tool }) => tool.status)).toEqual(['running', 'cancelled'])
    })
  },
)
