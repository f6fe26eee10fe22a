// SPDX-License-Identifier: Apache-2.0

/** The oldest Node that every package of dynamo-agent runs on. */
const oldest = { major: 22, minor: 19 }

/**
 * Says, ready to print, why dynamo-agent cannot run on a Node version such as
 * `20.19.4`; undefined when it can.
 */
export function findNodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined
  return (
    `dynamo-agent: Node ${version} is too old\n` +
    `  It needs Node ${oldest.major}.${oldest.minor} or newer.\n` +
    '  npx -y -p node@24 -p dynamo-agent dynamo-agent --help\n'
  )
}
