// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { makeFolder } from '@dynamo-agent/trace-tools'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { copyProject } from './project.ts'

/** Where everything of a run is kept; absolute paths. */
export interface OutputPaths {
  /** What a Dynamo frontend writes. */
  readonly trace: string
  /** For https://ui.perfetto.dev. */
  readonly timeline: string
  /** The mended copy of the project. */
  readonly project: string
}

/** Lies in the project of a run, and says that it and the files beside it may be replaced. */
const MARKER = '.dynamo-agent-demo'

const markerText = 'This folder, and trace.jsonl and trace.pftrace beside it, are replaced when the demo runs again.\n'

/**
 * Makes the folder of a run, with a fresh copy of the project. What an older
 * run left there is replaced; what anybody else did is never touched.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`
 */
export async function prepareOutput(outputDirectory: string): Promise<OutputPaths> {
  const folder = resolve(outputDirectory)
  const paths = {
    trace: join(folder, 'trace.jsonl'),
    timeline: join(folder, 'trace.pftrace'),
    project: join(folder, 'quickstart-project'),
  }
  if (!(await exists(join(paths.project, MARKER)))) await refuseToReplace(paths)
  try {
    await makeFolder(folder)
    await rm(paths.trace, { force: true })
    await rm(paths.timeline, { force: true })
    await rm(paths.project, { recursive: true, force: true })
    // First of all, so that a run that ends here can be replaced too.
    await mkdir(paths.project)
    await writeFile(join(paths.project, MARKER), markerText)
    await copyProject(paths.project)
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `cannot write to ${folder}`,
      advice: 'Choose another output folder.',
      cause: DynamoAgentError.isInstance(cause) ? cause.cause : cause,
    })
  }
  return paths
}

async function refuseToReplace(paths: OutputPaths): Promise<void> {
  for (const path of Object.values(paths) as readonly string[]) {
    if (!(await exists(path))) continue
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `${path} exists already, and is not from an older run of the demo`,
      advice: 'Choose another output folder.',
    })
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
