// SPDX-License-Identifier: Apache-2.0

/**
 * The environment of a Pi that knows nothing of this user's settings, asks
 * nobody for news and tells nobody of itself.
 *
 * @param home Where it keeps everything.
 */
export function piEnvironment(home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PI_|DYN|OPENAI_)/.test(name))
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PI_CODING_AGENT_DIR: home,
    PI_OFFLINE: '1',
    PI_SKIP_VERSION_CHECK: '1',
    PI_TELEMETRY: '0',
  }
}
