// What tabs tell each other. Everything survives a structured clone, which an error of this package
// does not, so errors travel as words.

import { MilepostError, MilepostNetworkError, MilepostProblem, MilepostProtocolError } from "../errors.js";
import type { Problem, Task, TaskFilter, WatchedEvent } from "../types.js";
import type { StreamState } from "../watch/watch.js";

/** Something a tab wants to hear of. */
export interface Wanted {
  /** Tells apart what one tab wants. */
  key: string;
  filter: TaskFilter;
  /** It has all up to here, and needs no snapshot. */
  since?: string | undefined;
  /** It was not heard to be covered: what said so may be lost. */
  pending: boolean;
}

/** From any tab to the one that leads. */
export type ToLeader =
  /** All that the tab wants: what is not in it is not wanted any more. */
  | { type: "join"; from: string; wanted: Wanted[] }
  | { type: "leave"; from: string }
  /** Somebody does not want to wait for the next try. */
  | { type: "hurry"; from: string };

/** What comes from the tab that leads. `sent` counts them, so that a lost one is noticed. */
export type FromLeader = { term: string; sent: number } & (
  /** A tab leads from now on; everybody joins it. */
  | { type: "lead" }
  /** The answer to a `join`. */
  | { type: "welcome"; to: string; state: WireState }
  /** What comes after `position` will be heard; `tasks`: all that match, if the leader knows them. */
  | { type: "covered"; to: string; key: string; position: string; tasks?: Task[] | undefined }
  | { type: "refused"; to: string; key: string; error: WireError }
  | { type: "events"; events: WatchedEvent[]; position: string }
  /** The server refused the position, or is another one: everything begins anew. */
  | { type: "reset"; event: WatchedEvent }
  | { type: "state"; state: WireState }
);

export type Message = ToLeader | FromLeader;

type WithoutTerm<T> = T extends unknown ? Omit<T, "term" | "sent"> : never;
/** A leader's message before it is signed. */
export type Said = WithoutTerm<FromLeader>;

export interface WireError {
  name: string;
  message: string;
  problem?: Problem | undefined;
  retryAfterSeconds?: number | undefined;
}

export type WireState =
  | Exclude<StreamState, { status: "reconnecting" }>
  | { status: "reconnecting"; error: WireError | undefined; failures: number; delay: number };

export function errorToWire(error: Error): WireError {
  if (!(error instanceof MilepostProblem)) return { name: error.name, message: error.message };
  const { name, message, problem, retryAfterSeconds } = error;
  return { name, message, problem, retryAfterSeconds };
}

export function errorFromWire(wire: WireError): Error {
  if (wire.problem !== undefined) return new MilepostProblem(wire.problem, wire.retryAfterSeconds);
  if (wire.name === "MilepostNetworkError") return new MilepostNetworkError(wire.message);
  if (wire.name === "MilepostProtocolError") return new MilepostProtocolError(wire.message);
  return new MilepostError(wire.message);
}

export function stateToWire(state: StreamState): WireState {
  if (state.status !== "reconnecting") return state;
  return { ...state, error: state.error && errorToWire(state.error) };
}

export function stateFromWire(state: WireState): StreamState {
  if (state.status !== "reconnecting") return state;
  return { ...state, error: state.error && errorFromWire(state.error) };
}
