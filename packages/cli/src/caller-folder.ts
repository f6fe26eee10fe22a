// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path'

/** The root scripts of the repository that run this command, by the package that holds them. */
const rootPackage = 'dynamo-agent-workspace'

/** What of `process` tells where its caller stands. */
export interface CallerProcess {
  readonly env: Record<string, string | undefined>
  cwd(): string
  chdir(folder: string): void
}

/**
 * Goes to the folder of the person who typed the command, so that relative
 * paths mean what they look like.
 *
 * Only one way of starting needs it: the repository's own root script
 * (`npx -y pnpm@12 dynamo-agent …`, also with `-w`, `--dir` or `-C`). A package
 * manager runs a script in the folder of its package and leaves the caller's
 * folder in INIT_CWD (measured: npm 11.19, pnpm 12.21). Inside anybody else's
 * script the package's folder is the right one, because the paths stand in
 * that script; INIT_CWD is set there as well, so it alone decides nothing.
 *
 * What the command starts inherits these variables. A dynamo-agent further
 * down that runs in another folder is left there, and INIT_CWD is taken away
 * so that it is never followed twice.
 */
export function enterCallerFolder(process: CallerProcess): void {
  const { INIT_CWD: callerFolder, npm_package_name: packageName, npm_package_json: manifest } = process.env
  if (packageName !== rootPackage || callerFolder === undefined || manifest === undefined) return
  if (process.cwd() !== dirname(manifest)) return
  process.chdir(callerFolder)
  delete process.env.INIT_CWD
}
