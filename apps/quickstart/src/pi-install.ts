// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The Pi coding agent and our extension for it, where they are installed. */
export interface PiInstall {
  /** The program, to be run by Node. */
  readonly cli: string
  readonly version: string
  /** What Pi's settings say of @dynamo-agent/provider-pi. */
  readonly provider: PiExtensions
}

/** The parts of Pi's settings that name extensions. */
export interface PiExtensions {
  /** Folders, as `pi install` takes them. */
  readonly packages?: readonly string[]
  readonly extensions?: readonly string[]
}

/** @throws DynamoAgentError `DYN_DEMO_UNAVAILABLE` when Pi is not installed beside this package. */
export async function findPi(): Promise<PiInstall> {
  try {
    const pi = new URL('..', import.meta.resolve('@earendil-works/pi-coding-agent'))
    const manifest = JSON.parse(await readFile(new URL('package.json', pi), 'utf8')) as {
      version: string
      bin: { pi: string }
    }
    return {
      cli: fileURLToPath(new URL(manifest.bin.pi, pi)),
      version: manifest.version,
      provider: findProvider(),
    }
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_DEMO_UNAVAILABLE',
      message: 'the Pi coding agent is not installed here',
      advice: 'Install the packages of this project, or of @dynamo-agent/quickstart, with their dependencies.',
      cause,
    })
  }
}

/** The package as users install it; in the project's own workspace, where nothing need be built, its source. */
function findProvider(): PiExtensions {
  const entry = fileURLToPath(import.meta.resolve('@dynamo-agent/provider-pi'))
  if (entry.endsWith('.ts')) return { extensions: [entry] }
  return { packages: [dirname(fileURLToPath(import.meta.resolve('@dynamo-agent/provider-pi/package.json')))] }
}
