/**
 * A hostile world: one scheduler over processes whose every call to a table, a lane or the clock is a point where any other
 * process may run, where it may be delayed for as long as the scheduler likes, and where it may die.
 *
 * Between two calls our code runs microtasks only, so one turn of the event loop brings it to its next call or its end.
 */
import { type Random, randomFrom } from "./random.ts";

export interface Faults {
  /** Chances, per call. */
  readonly crash: number;
  readonly lostAnswer: number;
  readonly throttle: number;
  readonly conflict: number;
  /** Per message. */
  readonly lostSend: number;
  readonly duplicate: number;
}

export interface Process {
  readonly name: string;
  readonly crashable: boolean;
  readonly slow: boolean;
  ended: boolean;
  crashed: boolean;
}

interface Call {
  readonly process: Process;
  /** The virtual time before which it cannot go on. */
  readonly notBefore: number;
  readonly resume: () => void;
}

export class World {
  readonly random: Random;
  readonly faults: Faults;
  /** No more faults: the world may come to rest. */
  calm = false;
  /** Virtual milliseconds since 1970. */
  time = 1_800_000_000_000;
  steps = 0;
  readonly trace: string[] = [];
  readonly processes = new Set<Process>();
  private calls: Call[] = [];

  constructor(seed: number, faults: Faults) {
    this.random = randomFrom(seed);
    this.faults = faults;
  }

  note(text: string): void {
    this.trace.push(`${String(this.time - 1_800_000_000_000).padStart(7)} ${text}`);
  }

  happens(fault: keyof Faults): boolean {
    return !this.calm && this.random.chance(this.faults[fault]);
  }

  /** Runs a process. `onEnd` tells whether it died. */
  spawn(
    name: string,
    run: (process: Process) => Promise<unknown>,
    onEnd?: (crashed: boolean) => void,
    crashable = true,
  ): void {
    const process: Process = {
      name,
      crashable,
      slow: crashable && this.random.chance(0.25),
      ended: false,
      crashed: false,
    };
    this.processes.add(process);
    const end = () => {
      process.ended = true;
      this.processes.delete(process);
      onEnd?.(false);
    };
    this.ends.set(process, onEnd);
    run(process).then(end, (error: unknown) => {
      this.errors.push(error);
      end();
    });
  }
  readonly errors: unknown[] = [];
  private readonly ends = new Map<Process, ((crashed: boolean) => void) | undefined>();

  /** A point where others may run; goes on at `notBefore` at the earliest. */
  turn(process: Process, notBefore = 0): Promise<void> {
    return new Promise((resume) => this.calls.push({ process, notBefore, resume }));
  }

  /** One step of one process, chosen at random. False when nobody can run. */
  async step(): Promise<boolean> {
    const ready = this.calls.filter((call) => call.notBefore <= this.time);
    if (ready.length === 0) {
      if (this.calls.length === 0) return false;
      this.time = Math.min(...this.calls.map((call) => call.notBefore));
      return true;
    }
    this.steps += 1;
    this.time += this.random.int(40);
    let call = this.random.pick(ready);
    // A few processes are slow, so that a stall between two calls spans many steps of others.
    if (call.process.slow && this.random.chance(0.8)) call = this.random.pick(ready);
    this.calls = this.calls.filter((other) => other !== call);
    if (call.process.crashable && this.happens("crash")) this.crash(call.process);
    else {
      call.resume();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  }

  private crash(process: Process): void {
    this.note(`${process.name} CRASHES`);
    process.crashed = true;
    process.ended = true;
    this.processes.delete(process);
    this.calls = this.calls.filter((call) => call.process !== process);
    this.ends.get(process)?.(true);
  }
}
