// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { setStage, type ScriptedTurn, type Stage } from './helpers/stage.ts'
import { hasScript, openTerminal, textsOf, type Terminal } from './helpers/terminal.ts'

const plain = fileURLToPath(new URL('helpers/plain-provider.ts', import.meta.url))
const bash = (command: string): ScriptedTurn => ({ toolCalls: [{ name: 'bash', arguments: { command } }] })
/** How Pi lists this package among its extensions: by its file. */
const extensionName = 'extension#ts'
const CTRL_C = '\u0003'

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
        environment: { ...stage.pi.environment, ...stage.environment },
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
      await using stage = await setStage([bash('true'), 'Finished.'], { pi: { program, install: [extension] } })
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

    it('closes its running tool calls on Ctrl-C twice', async () => {
      await using stage = await setStage([bash('sleep 20'), 'Never said.'], { pi: { program, install: [extension] } })
      const terminal = open(stage)
      await ready(terminal)
      terminal.type('Do it.\r')
      await vi.waitUntil(() => stage.frontend.counters.toolEvents.accepted === 1, { timeout: 30_000 })
      terminal.type(CTRL_C)
      terminal.type(CTRL_C)
      await terminal.done
      expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 2, cancelled: 0 })
      const { tools } = await stage.rows()
      expect(tools.map(({ tool }) => tool.status)).toEqual(['running', 'cancelled'])
    })
  },
)
