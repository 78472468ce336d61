/** What each server of this bench can be asked beside SCIM. None of it is measured. */

export interface Control {
  /** Puts in the people with these numbers, `to` left out, the quickest way that its own code has. Their ids, in that order. */
  readonly fill: (from: number, to: number) => Promise<readonly string[]>;
  /** A new group of the first `size` people. Its id. */
  readonly group: (size: number) => Promise<string>;
  /** How many members the group really has, by the server's own code. */
  readonly members: (groupId: string) => Promise<number>;
  /** Does what the requests left to be done later; absent where nothing is. */
  readonly settle?: () => Promise<Settled>;
  /** From now on each call of an SDK is kept; absent where there is none. */
  readonly record?: () => void;
  /** Ends that, and sends what was kept so many times more, and nothing else. */
  readonly bare?: (times: number) => Promise<Bare>;
}

export interface Settled {
  readonly applied: number;
  /** Of the worker function alone. Units: milliseconds. */
  readonly cpuMs: number;
}

export interface Bare {
  /** Of all calls once, by clients as the SDK gives them. Units: milliseconds. */
  readonly cpuMs: number;
  /** The same by the server's own clients. */
  readonly ownCpuMs: number;
  /** By kind, such as `GetItem`, in order. */
  readonly calls: readonly string[];
}
