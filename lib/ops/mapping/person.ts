/** Somebody as an example. */
import type { Head } from "../../provisioning/head.ts";
import { nameOf } from "../find-resource.ts";

export interface Person {
  readonly id: string;
  /** Absent when names are not to be told. */
  readonly name?: string;
}

export interface Examples {
  /** So many of each kind. */
  readonly examples: number;
  /** Values are told by their form alone, and people by their ids. */
  readonly masked?: boolean;
}

export function personOf(head: Head, { masked = false }: Examples): Person {
  const name = masked ? undefined : nameOf(head);
  return { id: head.id, ...(name === undefined ? {} : { name }) };
}
