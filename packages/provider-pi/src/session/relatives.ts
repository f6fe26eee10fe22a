// SPDX-License-Identifier: Apache-2.0
import type { RegisteredSession } from './session-registry.ts'

/** What Pi tells of a session that starts. */
export interface StartingSession {
  readonly piSessionId: string
  readonly file?: string | undefined
  /** `startup`, `new`, `resume`, `fork` or `reload`; undefined where Pi does not say. */
  readonly reason?: string | undefined
  readonly previousFile?: string | undefined
  /**
   * Of the session that this one was forked from, as its own file has it. That
   * stays when it is resumed, and it is all that tells of `pi --fork`.
   */
  readonly originFile?: string | undefined
  /** What `PI_SUBAGENT_PARENT_SESSION` says while it starts. */
  readonly parentPiSessionId?: string | undefined
}

/** How a session is related to others of its process. */
export interface Relatives {
  /** The same session, when it has been here before: `/reload`, `/resume`. */
  readonly self?: Pick<RegisteredSession, 'context'> | undefined
  /** The session that started this one, as a subagent in the same process. */
  readonly starter?: Pick<RegisteredSession, 'piSessionId' | 'context' | 'priority'> | undefined
  /** The session that this one was forked from, when that is or was in this process. */
  readonly origin?: Pick<RegisteredSession, 'context'> | undefined
  /** Pi's id of the session that this one was forked from, when that was in another process. */
  readonly originElsewhere?: string | undefined
  /** All others that the process has had, the first one first. */
  readonly others?: readonly Pick<RegisteredSession, 'context'>[]
}

export function findRelatives(starting: StartingSession, sessions: readonly RegisteredSession[]): Relatives {
  const { piSessionId, file, reason, previousFile, originFile, parentPiSessionId } = starting
  const others = sessions.filter((session) => session.piSessionId !== piSessionId)
  return {
    self: sessions.find((session) => session.piSessionId === piSessionId),
    starter: sessionAbove(file, others) ?? others.find(({ live, piSessionId: id }) => live && id === parentPiSessionId),
    ...findOrigin(originFile ?? (reason === 'fork' ? previousFile : undefined), others),
    others,
  }
}

/** pi-subagents keeps the session of a child below a folder that is named as the file of its parent. */
function sessionAbove(file: string | undefined, sessions: readonly RegisteredSession[]): RegisteredSession | undefined {
  if (file === undefined) return undefined
  const depth = (session: RegisteredSession) => session.file?.length ?? 0
  return sessions
    .filter((session) => session.file !== undefined && isBelow(file, session.file.replace(/\.jsonl$/, '')))
    .sort((one, other) => depth(other) - depth(one))[0]
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder) && /^[\\/]/.test(file.slice(folder.length))
}

/** Pi ends the name of a session's file with the session's id. */
function findOrigin(file: string | undefined, sessions: readonly RegisteredSession[]): Relatives {
  if (file === undefined) return {}
  const [, piSessionId] = /_([^_\\/]+)\.jsonl$/.exec(file) ?? []
  const origin = sessions.find((session) => session.file === file || session.piSessionId === piSessionId)
  return origin === undefined ? { originElsewhere: piSessionId } : { origin }
}
